"""What a proof of the acceptance run is: a promise, a figure, a bound, and whether it holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.shared import shared_dir


class NotRun(Exception):
    """A proof that cannot be made here; the message says what it needs."""


@dataclass(frozen=True, slots=True)
class Row:
    """One promise.

    Attributes:
        name: what is promised.
        figure: what was measured.
        bound: what was promised; empty where a figure only stands beside others.
        ok: whether it holds.
    """

    name: str
    figure: float | int | str
    bound: str
    ok: bool

    def as_json(self) -> dict[str, object]:
        """For ``--json``."""
        return asdict(self)


def at_least(name: str, figure: float, bound: float) -> Row:
    """A figure that must not be lower."""
    return Row(name, figure, f">= {bound:g}", figure >= bound)


def at_most(name: str, figure: float, bound: float) -> Row:
    """A figure that must not be higher."""
    return Row(name, figure, f"<= {bound:g}", figure <= bound)


def exactly(name: str, figure: int | str, bound: int | str) -> Row:
    """A figure that must be this one."""
    return Row(name, figure, f"= {bound}", figure == bound)


def beside(name: str, figure: float | int | str) -> Row:
    """A figure that is only told."""
    return Row(name, figure, "", True)


@dataclass(frozen=True, slots=True)
class Room:
    """Where a proof works: an empty folder that is its own, and the shared media."""

    folder: Path

    def shared(self, relative: str) -> Path:
        """A shared file or folder.

        Raises:
            NotRun: it is not on this machine.
        """
        folder = shared_dir()
        if folder is None or not (folder / relative).exists():
            raise NotRun(f"needs shared media ({relative})")
        return folder / relative


Proof = Callable[[Room], list[Row]]
