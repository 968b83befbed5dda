"""Do boxes keep their person? HOTA, CLEAR and identity metrics of a sequence, or of several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from personae.core.errors import UsageError
from personae.flows.evaluation.clear import Clear, score_clear, sum_clear
from personae.flows.evaluation.hota import Hota, score_hota, sum_hota
from personae.flows.evaluation.identity import Identity, score_identity, sum_identity
from personae.flows.evaluation.moments import Boxed, bring_together
from personae.flows.evaluation.mot_files import MotRows, scored_only


@dataclass(frozen=True, slots=True)
class Tracking:
    """The three families of tracking metrics.

    Args:
        hota: detection and association, over nineteen overlaps.
        clear: MOTA and its counts.
        identity: IDF1 and its counts.
        frames: frames in which either side has a box.
        tracks: predicted tracks.
    """

    hota: Hota
    clear: Clear
    identity: Identity
    frames: int
    tracks: int

    def as_json(self) -> dict[str, object]:
        """The contract of ``evaluate tracking --json``; rates are 0..1, MOTA may be negative."""
        counts: dict[str, object] = {"frames": self.frames, "tracks": self.tracks}
        return self.hota.as_json() | self.identity.as_json() | self.clear.as_json() | counts


def score_tracks(truth: Boxed, tracks: Boxed) -> Tracking:
    """Every metric of one sequence, each true box to be found.

    Raises:
        UsageError: a track has two boxes in one frame.
    """
    moments = bring_together(truth, tracks)
    return Tracking(
        score_hota(moments),
        score_clear(moments),
        score_identity(moments),
        len(moments.frames),
        len(moments.track_lengths),
    )


def score_mot(truth: MotRows, tracks: MotRows) -> Tracking:
    """Every metric of one sequence under MOTChallenge's rules of what has to be found.

    Raises:
        UsageError: a track has two boxes in one frame.
    """
    return score_tracks(*scored_only(truth, tracks.boxed))


def sum_tracking(parts: Sequence[Tracking]) -> Tracking:
    """Several sequences taken as one, as benchmarks print them.

    Raises:
        UsageError: there are no sequences.
    """
    if not parts:
        raise UsageError("no sequences were given to sum up")
    return Tracking(
        sum_hota([part.hota for part in parts]),
        sum_clear([part.clear for part in parts]),
        sum_identity([part.identity for part in parts]),
        sum(part.frames for part in parts),
        sum(part.tracks for part in parts),
    )
