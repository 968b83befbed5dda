"""Addresses before files: terms said once, one process at a time, progress like any job's."""

from __future__ import annotations

import fcntl
import logging
from collections.abc import Sequence
from pathlib import Path

import pytest

from personae.adapters.web_media.options import WebSettings
from personae.app.web_media import bring, terms
from personae.core.errors import UnknownOption
from personae.core.records import Job
from tests.media.site import serving

QUICK = WebSettings(retries=0, timeout_s=5)


def test_the_terms_are_said_once_for_each_library(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert "terms of use" in terms(tmp_path / "one") and terms(tmp_path / "one") == ""
    assert "terms of use" in (tmp_path / "one/downloads/TERMS.txt").read_text()
    with caplog.at_level(logging.WARNING), serving() as site:
        for _ in range(2):
            bring(tmp_path / "two", [f"{site.address}/gone"], QUICK, lambda jobs, total: None)
    assert caplog.text.count("terms of use") == 1


def test_nothing_is_made_without_an_address(tmp_path: Path) -> None:
    brought = bring(tmp_path / "library", [], QUICK, lambda jobs, total: None)
    assert not brought.files and not (tmp_path / "library").exists()


def test_progress_is_told_of_every_address(tmp_path: Path) -> None:
    told: list[tuple[list[str], int]] = []

    def watch(jobs: Sequence[Job], total: int) -> None:
        told.append(([job.state for job in jobs], total))

    with serving() as site:
        addresses = [site.film("/one.mp4", b"\0" * 100_000), f"{site.address}/gone"]
        brought = bring(tmp_path, addresses, QUICK, watch)
    assert [path.stat().st_size for path in brought.files] == [100_000]
    assert [error.code for _, error in brought.failed] == ["P222"]
    assert told[0] == (["running", "waiting"], 2) and told[-1] == (["done", "failed"], 2)


def test_two_processes_do_not_fetch_into_one_library(tmp_path: Path) -> None:
    (tmp_path / "downloads").mkdir()
    with serving() as site, (tmp_path / "downloads/.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        address = site.film("/one.mp4", b"\0" * 1000)
        busy = bring(tmp_path, [address], QUICK, lambda jobs, total: None)
        assert [error.code for _, error in busy.failed] == ["P403"] and site.asked == []
        fcntl.flock(lock, fcntl.LOCK_UN)
        assert bring(tmp_path, [address], QUICK, lambda jobs, total: None).files


@pytest.mark.parametrize("items", ["two", "1,,2", "1;2", "1:2:0", "a:b"])
def test_a_choice_of_films_that_is_none_is_refused(items: str, tmp_path: Path) -> None:
    with pytest.raises(UnknownOption):
        bring(tmp_path, ["http://127.0.0.1:1"], WebSettings(playlist_items=items), lambda *_: None)
