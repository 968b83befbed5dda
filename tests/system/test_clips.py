"""Appearances cut out, joined and laid out, from the command line."""

from __future__ import annotations

import json
import os
import shutil
import signal
import time
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from personae.adapters.demo import probes
from tests.system.command import answer, run, start
from tests.system.conftest import Site


@pytest.fixture(scope="module")
def indexed(made: Site, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A library of two copies of the film, and one photo."""
    folder = tmp_path_factory.mktemp("clips")
    films = folder / "films"
    films.mkdir()
    shutil.copy(made.film, films / "one.mp4")
    # The same pictures with another content: a second film of the same people
    with av.open(str(made.film)) as source, av.open(str(films / "two.mkv"), "w") as out:
        copies = {s.index: out.add_stream_from_template(s) for s in source.streams}
        for packet in source.demux():
            if packet.size:
                packet.stream = copies[packet.stream.index]
                out.mux(packet)
    shutil.copy(made.stills / "two-people.jpg", films)
    shutil.copytree(films, folder / "kept")
    answer("index", films, "--library", folder / "library", cwd=folder)
    return replace(made, folder=folder, film=films / "one.mp4")


@pytest.fixture
def own(indexed: Site) -> Site:
    """The same with every film where it was."""
    shutil.copytree(indexed.folder / "kept", indexed.film.parent, dirs_exist_ok=True)
    return indexed


def somebody(site: Site) -> str:
    name = next(iter(site.truth))
    found = answer("search", probes()[name], "--library", site.library, cwd=site.folder)
    return str(found["matches"][0]["person"])


def test_all_in_one_film_then_a_film_is_gone(own: Site) -> None:
    where, who = ("--library", own.library), somebody(own)
    told = answer("appearances", who, *where, cwd=own.folder)["intervals"]
    shown = [(i["path"], i["start"], i["end"]) for i in told if i["end"] > i["start"]]
    done = answer("clip", who, "-o", own.folder / "all.mp4", *where, cwd=own.folder)
    pieces = [(p["path"], p["start"], p["end"]) for p in done["pieces"]]
    assert pieces == sorted(shown) and len({path for path, _, _ in pieces}) == 2
    assert done["failed"] == []
    with av.open(str(own.folder / "all.mp4")) as container:
        frames = sum(1 for _ in container.decode(video=0))
    assert frames == round(done["seconds"] * 25)
    for piece in done["pieces"]:
        length = piece["at"][1] - piece["at"][0]
        assert abs(length - (piece["end"] - piece["start"])) <= 1 / 25 + 1e-6

    own.film.unlink()
    rest = answer("clip", who, "-o", own.folder / "rest.mp4", *where, cwd=own.folder)
    assert [f["code"] for f in rest["failed"]] == ["P201"]
    assert [(p["path"], p["start"]) for p in rest["pieces"]] == [
        (path, begins) for path, begins, _ in pieces if path.endswith("two.mkv")
    ]
    single = answer("clip", who, "-o", own.folder / "clips", *where, cwd=own.folder)
    assert len(single["clips"]) == len(rest["pieces"]) and all(single["copied"])
    assert [f["code"] for f in single["failed"]] == ["P201"]
    warned = run("clip", who, "-o", own.folder / "again.mkv", *where, cwd=own.folder)
    assert "P201" in warned.stderr and "one.mp4" in warned.stderr

    (own.film.parent / "two.mkv").unlink()
    for target in ("none.mp4", "none"):
        lost = run(
            "clip", who, "-o", own.folder / target, *where, "--json", cwd=own.folder, status=3
        )
        assert json.loads(lost.stderr)["error"]["code"] == "P201"
    assert not (own.folder / "none.mp4").exists()


def test_a_sheet_shows_every_appearance_and_crops_of_films_that_are_gone(own: Site) -> None:
    where, who = ("--library", own.library), somebody(own)
    count = len(answer("appearances", who, *where, cwd=own.folder)["intervals"])
    done = answer("contact-sheet", who, "-o", own.folder / "a.png", *where, cwd=own.folder)
    assert (done["shown"], done["of"], done["failed"]) == (count, count, [])
    few = answer(
        "contact-sheet", who, "-o", own.folder / "b.jpg", "--limit", "2", "--columns", "1",
        *where, cwd=own.folder,
    )  # fmt: skip
    assert (few["shown"], few["of"]) == (2, count)
    with Image.open(own.folder / "a.png") as whole, Image.open(own.folder / "b.jpg") as part:
        assert (whole.format, part.format) == ("PNG", "JPEG")
        assert part.width < whole.width
        pixels = np.asarray(whole.convert("RGB"))
    marks = (np.abs(pixels.astype(int) - (255, 200, 0)).max(axis=2) < 2).sum()
    assert marks > 50 * count, "a yellow frame around each face"
    own.film.unlink()
    gone = answer("contact-sheet", who, "-o", own.folder / "c.png", *where, cwd=own.folder)
    assert gone["shown"] == count and [f["code"] for f in gone["failed"]] == ["P201"]


def test_what_cannot_be_asked(own: Site) -> None:
    where, who = ("--library", own.library, "--json"), somebody(own)

    def code(*words: str | Path) -> str:
        done = run(*words, *where, cwd=own.folder, status=2)
        return str(json.loads(done.stderr)["error"]["code"])

    assert code("clip", who, "-o", "no-clips", "--cards") == "P106"
    assert code("clip", who, "-o", "x.mp4", "--reencode") == "P106"
    assert code("clip", who, "-o", "x.mp4", "--fps", "fast") == "P106"
    assert code("clip", who, "-o", "no/such/folder/all.mp4") == "P100"
    assert code("contact-sheet", who, "-o", "sheet.txt") == "P100"
    assert code("clip", "nobody", "-o", "x.mp4") == "P103"
    assert not [name for name in ("no-clips", "x.mp4", "sheet.txt") if (own.folder / name).exists()]


def test_ctrl_c_leaves_nothing(own: Site) -> None:
    out = own.folder / "out"
    out.mkdir()
    process = start(
        "clip", somebody(own), "-o", out / "all.mp4", "--height", "2160", "--cards", "--fps", "120",
        "--library", own.library, cwd=own.folder,
    )  # fmt: skip
    with process:
        time.sleep(4)
        assert process.poll() is None, "it was over before it could be stopped"
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(timeout=30) == 130
    assert list(out.iterdir()) == []
