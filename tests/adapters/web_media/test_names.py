"""Whatever a page says, its film's file lies in its folder under a name of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from personae.adapters.web_media.address import printable, split_addresses
from personae.adapters.web_media.names import ending_of, language_of, stem_of


@given(st.text(), st.text(), st.text())
def test_a_name_is_one_name_of_a_fair_length(title: str, identity: str, key: str) -> None:
    name = stem_of(title, identity, key)
    assert Path(name).name == name and name[0] not in ".-" and name.isprintable()
    assert len(name.encode()) <= 140
    assert stem_of(title, identity, key + "x") != name


@pytest.mark.parametrize(
    ("title", "begins"),
    [
        ("A day in town", "A day in town-"),
        ("../../etc/passwd", "etc passwd-"),
        ("-rf *; $HOME %(id)s \n\0", "rf HOME (id)s-"),
        ("Über Größe 日本", "Über Größe 日本-"),
        ("", "film-"),
    ],
)
def test_a_name_is_still_like_its_title(title: str, begins: str) -> None:
    assert stem_of(title, "id", "key").startswith(begins + "id-")


def test_endings_and_languages_are_fit_for_names() -> None:
    assert [ending_of(e) for e in ("MP4", "sh", None, "webm")] == ["mp4", "mp4", "mp4", "webm"]
    assert [language_of(told) for told in ("en", "../x", "zh-Hans", "")] == [
        "en", "x", "zh-Hans", "und",
    ]  # fmt: skip


def test_addresses_are_told_from_paths() -> None:
    named = ["https://a.example/x", Path("https://b.example"), "C:/x", "~/x", "HTTP://c", "a:b"]
    addresses, paths = split_addresses([*named, "https://a.example/x"])
    assert addresses == ["https://a.example/x", "HTTP://c"]
    assert paths == [Path("https:/b.example"), Path("C:/x"), Path.home() / "x", Path("a:b")]


def test_what_is_printed_of_an_address_is_no_secret() -> None:
    assert printable("https://ann:s3cret@a.example:8/x?y=1#z") == "https://a.example:8/x?y=1"
    assert "s3cret" not in printable("https://ann:s3cret@[::1/x")
