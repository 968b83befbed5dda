"""The lock files hold what the package asks for, by hash, and name no place to get it from."""

from __future__ import annotations

import re
import tomllib

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.shared import REPOSITORY

PIN = re.compile(
    r"^([A-Za-z0-9._-]+)==(\S+) \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.M
)
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))


def pins(name: str) -> dict[str, str]:
    """What a lock file pins: canonical name and version; every entry has hashes."""
    text = (REPOSITORY / name).read_text(encoding="utf-8")
    found = {str(canonicalize_name(package)): version for package, version, _ in PIN.findall(text)}
    entries = [line for line in text.splitlines() if re.match(r"[A-Za-z0-9-]", line)]
    assert len(found) == len(entries), f"{name} holds something that is not pinned by hash"
    return found


def assert_satisfied(asked: list[str], by: dict[str, str]) -> None:
    assert asked
    for text in asked:
        wanted = Requirement(text)
        pinned = by.get(canonicalize_name(wanted.name))
        assert pinned, f"{wanted.name} is not locked: run `make lock`"
        assert pinned in wanted.specifier, f"{wanted} is locked at {pinned}: run `make lock`"


def test_the_runtime_lock_holds_every_dependency_and_the_build_backend() -> None:
    asked = PROJECT["project"]["dependencies"] + PROJECT["build-system"]["requires"]
    assert_satisfied(asked, pins("requirements.lock"))


def test_the_dev_lock_adds_the_tools_and_changes_nothing() -> None:
    runtime, dev = pins("requirements.lock"), pins("requirements-dev.lock")
    assert_satisfied(PROJECT["project"]["optional-dependencies"]["dev"], dev)
    assert runtime.items() <= dev.items()


def test_what_is_copyleft_as_shipped_is_not_installed_unasked() -> None:
    assert "pillow-heif" not in pins("requirements.lock")


def test_the_locks_name_no_place() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (REPOSITORY / name).read_text(encoding="utf-8")
        assert not re.search(r"https?:|file://|--(?:extra-)?index-url|--find-links|--trusted", text)
