"""The open tracks of one tracker, as columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from personae.adapters.trackers.kalman import Motion
from personae.core.arrays import Doubles, Flags, Ids


@dataclass(frozen=True, slots=True)
class OpenTracks:
    """N tracks.

    Attributes:
        ids: (N,) never used twice.
        motion: where they are and how they move.
        hits: (N,) detections so far.
        seen: (N,) seconds of the last detection.
        sure: (N,) confirmed.
    """

    ids: Ids
    motion: Motion
    hits: Ids
    seen: Doubles
    sure: Flags

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, rows: Flags | Ids) -> OpenTracks:
        """The chosen rows."""
        return OpenTracks(
            self.ids[rows],
            self.motion.take(rows),
            self.hits[rows],
            self.seen[rows],
            self.sure[rows],
        )

    def joined(self, other: OpenTracks) -> OpenTracks:
        """These rows, then the other's."""
        return OpenTracks(
            np.concatenate([self.ids, other.ids]),
            self.motion.joined(other.motion),
            np.concatenate([self.hits, other.hits]),
            np.concatenate([self.seen, other.seen]),
            np.concatenate([self.sure, other.sure]),
        )
