"""What can be tuned about following faces and bodies; all times in seconds, never in frames."""

from __future__ import annotations

from dataclasses import dataclass, field

from personae.adapters.trackers.kalman import Noise


@dataclass(frozen=True, slots=True)
class ByteTrackSettings:
    """How detections become tracks.

    Attributes:
        high: scores from here on take part in the first association.
        low: scores below are ignored altogether.
        fresh: a detection that no track claims opens one from this score on.
        sure: a track that opens with this score is confirmed at once.
        hits: detections that confirm a track.
        tentative_s: an unconfirmed track is rejected when unseen for longer.
        keep_s: a confirmed track is given up when unseen for longer.
        margin: boxes are grown by this share of their sides before they are compared.
        margin_per_s: and by this much more for every second a track was unseen.
        margin_most: but never by more.
        near: least grown overlap of the first association.
        near_low: least grown overlap of the second, with low scores.
        near_new: least grown overlap that continues an unconfirmed track.
        ratio: the most that the heights of a track and its next box may differ by.
        noise: of the Kalman filter.
    """

    high: float = 0.5
    low: float = 0.1
    fresh: float = 0.5
    sure: float = 0.8
    hits: int = 2
    tentative_s: float = 0.45
    keep_s: float = 1.5
    margin: float = 0.2
    margin_per_s: float = 0.5
    margin_most: float = 0.6
    near: float = 0.2
    near_low: float = 0.3
    near_new: float = 0.2
    ratio: float = 1.8
    noise: Noise = field(default_factory=Noise)

    @classmethod
    def faces(cls) -> ByteTrackSettings:
        """For YuNet at about 5 frames a second: sure boxes, quick heads, hard cuts."""
        return cls(high=0.6, low=0.3, fresh=0.6, sure=0.8, keep_s=1.0, ratio=1.6)

    @classmethod
    def bodies(cls) -> ByteTrackSettings:
        """For NanoDet at about 5 frames a second: unsure boxes, long occlusions."""
        return cls(high=0.4, low=0.1, fresh=0.45, sure=0.7, keep_s=2.0)
