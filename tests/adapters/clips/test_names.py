"""Names of clips are safe whatever people and films are called."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from personae.adapters.clips import clip_name

HOSTILE = [
    "../../etc/passwd", "..", "", ".hidden", "-rf", "CON", "con.aux", "nul ", "a\0b", "a\nb\tc",
    "a/b\\c:d*e?f\"g<h>i|j", "x" * 500, "é" * 300, "\u202eexe.tpircs", "\ud800", "COM¹.x", " . ",
    "名前" * 100, "~root", "\x7f\x80",
]  # fmt: skip


def is_safe(name: str) -> bool:
    return (
        name.endswith(".mp4")
        and len(name.encode("utf-8")) <= 255
        and not set(name) & set('/\\:*?"<>|')
        and all(not unicodedata.category(char).startswith("C") for char in name)
        and name[0] not in ".-~ "
        and name.split(".")[0].strip().upper() not in {"CON", "AUX", "NUL", "COM1", "COM¹"}
        and Path(name).name == name
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_are_made_safe_and_can_be_files(text: str, tmp_path: Path) -> None:
    for name in (clip_name(text, Path("film.mp4"), 1.5), clip_name("Ann", Path(text or "x"), 1.5)):
        assert is_safe(name), name
        (tmp_path / name).touch()
    assert len(list(tmp_path.iterdir())) == 2


@given(st.text(alphabet=st.characters()), st.text(), st.floats())
def test_any_name_is_made_safe(label: str, film: str, start: float) -> None:
    assert is_safe(clip_name(label, Path(film), start))


def test_a_plain_name_says_who_what_and_when() -> None:
    name = clip_name("Ann Müller", Path("films/holiday 1.mov"), 3723.4801)
    assert name.startswith("Ann Müller - holiday 1 - 01h02m03.480s - ")


def test_what_cleaning_makes_alike_stays_apart() -> None:
    names = {
        clip_name(label, Path(film), 0.0)
        for label in ("a/b", "a:b", "a_b")
        for film in ("x/clip.mp4", "y/clip.mp4", "y/clip.mkv")
    }
    assert len(names) == 9
    assert clip_name("a/b", Path("x"), 1.0) == clip_name("a/b", Path("x"), 1.0)
