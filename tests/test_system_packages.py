"""What tests need of the system is fetched where that is possible, named where it is not."""

from __future__ import annotations

import pytest

from tools import system_packages


def test_what_is_missing_is_named_and_nothing_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    everything = {
        what: (lambda: False, packages) for what, (_, packages) in system_packages.NEEDED.items()
    }
    monkeypatch.setattr(system_packages, "NEEDED", everything)
    monkeypatch.setenv("PATH", "")
    assert system_packages.main() == 0
    said = capsys.readouterr().out
    for what, (_, packages) in everything.items():
        assert what in said
        assert all(package in said for package in packages)


def test_nothing_is_said_where_all_is_there(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    there = {what: (lambda: True, ("never",)) for what in system_packages.NEEDED}
    monkeypatch.setattr(system_packages, "NEEDED", there)
    assert system_packages.main() == 0
    assert capsys.readouterr().out == ""
