"""Presentation attacks: how many pass as living faces, and how many living faces do not.

Rates as ISO/IEC 30107-3 names them; that does not make this a test to it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from personae.core.live import Liveness
from personae.flows.evaluation.confidence import Range, wilson


@dataclass(frozen=True, slots=True)
class Presentation:
    """One face held before a camera.

    Attributes:
        kind: of attack, or of a living face's recording.
        attack: whether it was an attack.
        frames: looked at.
        said: what was made of it.
    """

    kind: str
    attack: bool
    frames: int
    said: Liveness


@dataclass(frozen=True, slots=True)
class SpoofRate:
    """What was made of the presentations of one kind.

    Attributes:
        attack: whether they were attacks.
        presentations: how many.
        frames: how many they had together.
        said: how many were called what.
    """

    attack: bool
    presentations: int
    frames: int
    said: Mapping[Liveness, int]

    @property
    def errors(self) -> int:
        """Attacks called live; living faces not called live."""
        live = self.said.get("live", 0)
        return live if self.attack else self.presentations - live

    @property
    def rate(self) -> float:
        """APCER of attacks, BPCER of living faces."""
        return self.errors / self.presentations if self.presentations else 0.0

    @property
    def between(self) -> Range:
        """95 % interval of the rate (Wilson)."""
        return wilson(self.errors, self.presentations)

    def as_json(self) -> dict[str, object]:
        """Counts, the rate under its own name and its interval."""
        return {
            "presentations": self.presentations,
            "frames": self.frames,
            "apcer" if self.attack else "bpcer": self.rate,
            "interval": list(self.between),
            "live": self.said.get("live", 0),
            "not_shown_yet": self.said.get("not shown yet", 0),
            "spoof_suspected": self.said.get("spoof suspected", 0),
        }


def spoof_rates(shown: Iterable[Presentation]) -> dict[str, SpoofRate]:
    """The rates of each kind, in the order in which kinds come first."""
    kinds: dict[str, list[Presentation]] = {}
    for one in shown:
        kinds.setdefault(one.kind, []).append(one)
    return {
        kind: SpoofRate(
            all_of[0].attack,
            len(all_of),
            sum(one.frames for one in all_of),
            Counter(one.said for one in all_of),
        )
        for kind, all_of in kinds.items()
    }
