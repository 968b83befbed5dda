"""`personae index https://…`: from a site on this machine into a library; what is told of it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.media.films import Recipe, film
from tests.media.site import Site, serving
from tests.system.command import answer, environment, run, start

PAGE = (
    "<html><head><title>A day in town</title></head><body><video src='/day.mp4'>"
    "<track kind='subtitles' srclang='en' src='/day.vtt'></video></body></html>"
)
FEED = (
    "<?xml version='1.0'?><rss version='2.0'><channel><title>All</title>"
    "<item><title>First</title><enclosure url='{0}/one.mp4' type='video/mp4'/>"
    "<pubDate>Tue, 02 Jan 2024 10:00:00 GMT</pubDate></item>"
    "<item><title>Gone</title><enclosure url='{0}/gone.mp4' type='video/mp4'/></item>"
    "<item><title>Second</title><enclosure url='{0}/two.mp4' type='video/mp4'/></item>"
    "</channel></rss>"
)


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """Three films that differ."""
    folder = tmp_path_factory.mktemp("films")
    steps = ((40, 20), (40, 25), (50, 20))
    recipes = [Recipe(times=tuple(range(0, step * count, step))) for step, count in steps]
    return [film(folder / f"{n}.mp4", r).read_bytes() for n, r in enumerate(recipes)]


@pytest.fixture
def site(films: list[bytes]) -> Iterator[Site]:
    with serving() as made:
        for name, content in zip(("day", "one", "two"), films, strict=True):
            made.film(f"/{name}.mp4", content)
        made.pages["/day.vtt"] = ("text/vtt", b"WEBVTT\n\n00:00.000 --> 00:01.000\nhello\n")
        made.page("/day.html", PAGE)
        made.pages["/feed.xml"] = ("application/rss+xml", FEED.format(made.address).encode())
        yield made


def test_pages_and_playlists_are_indexed_beside_files(
    site: Site, films: list[bytes], tmp_path: Path
) -> None:
    library = tmp_path / "library"
    words = (f"{site.address}/day.html", f"{site.address}/feed.xml", "own.mp4",
             "--library", library)  # fmt: skip
    recipe = Recipe(times=tuple(range(0, 600, 30)))
    film(tmp_path / "own.mp4", recipe)
    done = run("index", *words, "--json", cwd=tmp_path)
    assert done.stderr.count("terms of use") == 1
    summary = json.loads(done.stdout)
    assert len(summary["indexed"]) == 4
    assert [(f["path"], f["code"]) for f in summary["failed"]] == [
        (f"{site.address}/gone.mp4", "P222")
    ]
    listed = answer("media", "--library", library, cwd=tmp_path)["media"]
    origins = {m["origin"]["title"]: m for m in listed if m["origin"]}
    assert len(listed) == 4 and len(origins) == 3
    day = next(m for title, m in origins.items() if title.startswith("A day in town"))
    assert day["origin"]["url"] == f"{site.address}/day.html"
    [subtitles] = day["origin"]["subtitles"]
    assert "hello" in (Path(day["path"]).parent / subtitles["file"]).read_text()
    assert Path(day["path"]).is_relative_to(library / "downloads")
    assert origins["First"]["captured_at"] == 1_704_189_600_000, "the day it was published"
    shown = run("media", "--library", library, cwd=tmp_path).stdout
    assert "A day in town" in shown and f"{site.address}/day.html" in shown

    before = len(site.asked)
    again = run("index", *words, "--json", cwd=tmp_path)
    assert "terms of use" not in again.stderr, "said once for each library"
    second = json.loads(again.stdout)
    assert second["indexed"] == [] and len(second["skipped"]) == 4
    assert {a.path for a in site.asked[before:]} == {"/feed.xml", "/gone.mp4"}


def test_an_address_is_one_of_several_things_that_may_fail(site: Site, tmp_path: Path) -> None:
    where = ("--library", tmp_path / "library")
    done = answer("index", f"{site.address}/gone.html", "ftp://x/y", *where,
                  cwd=tmp_path, status=3)  # fmt: skip
    assert [f["code"] for f in done["failed"]] == ["P222", "P221"]
    run("index", f"{site.address}/feed.xml", "--playlist-items", "two", *where,
        cwd=tmp_path, status=2)  # fmt: skip
    one = answer("index", f"{site.address}/feed.xml", "--playlist-items", "3", *where, cwd=tmp_path)
    assert len(one["indexed"]) == 1 and not one["failed"]


@pytest.mark.parametrize(("blow", "status"), [(signal.SIGKILL, -9), (signal.SIGINT, 130)])
def test_an_interrupted_download_goes_on(
    blow: signal.Signals, status: int, site: Site, films: list[bytes], tmp_path: Path
) -> None:
    content = films[0] + b"\0" * 2_000_000
    address = site.film("/long.mp4", content)
    site.slow["/long.mp4"] = 200_000
    library = tmp_path / "library"
    process = start("index", address, "--library", library, cwd=tmp_path)
    ends = time.monotonic() + 120
    here = 0
    while here < 300_000 and time.monotonic() < ends and process.poll() is None:
        here = sum(p.stat().st_size for p in library.glob("downloads/*.part"))
        time.sleep(0.05)
    os.killpg(process.pid, blow)
    process.communicate(timeout=60)
    assert 300_000 <= here < len(content)
    assert process.returncode == status
    del site.slow["/long.mp4"]
    before = len(site.asked)
    done = answer("index", address, "--library", library, cwd=tmp_path)
    [indexed] = done["indexed"]
    assert Path(indexed["path"]).read_bytes() == content
    first, second = [a.range for a in site.asked[before:]]
    assert first is None and second is not None
    assert int(second.removeprefix("bytes=").removesuffix("-")) >= 250_000


def test_without_the_extra_it_says_what_to_install(site: Site, tmp_path: Path) -> None:
    (tmp_path / "absent").mkdir()
    (tmp_path / "absent/yt_dlp.py").write_text(
        "raise ModuleNotFoundError(\"No module named 'yt_dlp'\", name='yt_dlp')\n"
    )
    paths = os.pathsep.join([str(tmp_path / "absent"), environment()["PYTHONPATH"]])
    done = subprocess.run(
        [sys.executable, "-m", "personae.cli", "index", f"{site.address}/day.html", "--json",
         "--library", str(tmp_path / "library")],
        env=environment({"PYTHONPATH": paths}), capture_output=True, text=True, timeout=120,
        check=False, cwd=tmp_path,
    )  # fmt: skip
    [failed] = json.loads(done.stdout)["failed"]
    assert done.returncode == 3 and failed["code"] == "P108"
    assert 'pip install "personae[web-video]"' in failed["message"]
    assert site.asked == []


def test_doctor_says_whether_films_from_the_web_can_be_fetched(tmp_path: Path) -> None:
    checks = answer("doctor", "--library", tmp_path, cwd=tmp_path)["checks"]
    [said] = [c["message"] for c in checks if c["name"] == "films from the web"]
    assert said.startswith("yt-dlp 2") and "Unlicense" in said
