"""Where the shared test media lie, when this machine has them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
ENVIRONMENT = "PERSONAE_TEST_DATA"
ABSENT = (
    f"the shared test media are not on this machine: set {ENVIRONMENT} to their data folder, "
    "or put them in ../shared/data beside the repository"
)


def shared_dir() -> Path | None:
    """The folder that holds ``data/``, or None where there are no shared media.

    ``PERSONAE_TEST_DATA`` names the data folder itself (or the folder above it); without it the
    folder ``../shared`` beside the repository is looked at. A variable that points nowhere is an
    error, not an absence: whoever set it wants those tests to run.
    """
    named = os.environ.get(ENVIRONMENT, "")
    if not named:
        beside = REPOSITORY.parent / "shared"
        return beside if (beside / "data").is_dir() else None
    for folder in (Path(named), Path(named).parent):
        if (folder / "data").is_dir():
            return folder.resolve()
    raise FileNotFoundError(f"{ENVIRONMENT}={named} has no folder data in it or beside it")


def shared_file(relative: str) -> Path:
    """The shared file or folder ``relative`` (as in ``data/lfw``); skips the test without it."""
    folder = shared_dir()
    if folder is None or not (folder / relative).exists():
        pytest.skip(ABSENT if folder is None else f"the shared media have no {relative}")
    return folder / relative
