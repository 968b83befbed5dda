"""What can be chosen about an analysis; its hash says whether two runs are alike."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

LATER: Mapping[str, object] = {"body_scale": 1.0, "body_fresh": 0.45}
"""Settings that came later, with the values that stood before: they leave fingerprints alone."""


@dataclass(frozen=True, slots=True)
class ObserveSettings:
    """How films and photos are looked at.

    Attributes:
        fps: frames a second that are analysed; every frame is decoded and checked for cuts.
        detect_width: films are searched at this width, whatever their own; faces are cut from the
            full frame. YuNet's landmarks are best on faces that are small in its input.
        min_face: faces lower than this many pixels of the full frame are counted, not kept.
        bodies: look for people as well as for faces.
        body_every: people are looked for on every n-th analysed frame.
        shots: best views kept of each track.
        segment_s: length of the piece after which work is kept and can be resumed.
        refine: find the first and last frame of an appearance between two analysed frames.
        anonymous: keep no embedding and no crop.
        face_score: least detector score of a face.
        body_score: least detector score of a body.
        body_scale: people are searched for at so many times ``detect_width``.
        body_fresh: score from which a body that nobody claims may begin a track.
    """

    fps: float = 5.0
    detect_width: int = 640
    min_face: int = 24
    bodies: bool = True
    body_every: int = 4
    shots: int = 4
    segment_s: float = 60.0
    refine: bool = True
    anonymous: bool = False
    face_score: float = 0.6
    body_score: float = 0.25
    body_scale: float = 1.0
    body_fresh: float = 0.45

    @property
    def body_width(self) -> int:
        """Width at which people are searched for."""
        return round(self.detect_width * self.body_scale)

    @property
    def for_crowds(self) -> bool:
        """Whether people are looked for as ``crowd`` does; then a count of them is calibrated."""
        return self == self.crowd()

    def crowd(self) -> ObserveSettings:
        """The same, but people are looked for more often, more closely and less strictly.

        For many and small people; the weights of ``flows/expected.py`` hold for these values only.
        """
        return replace(
            self,
            fps=5.0,
            detect_width=640,
            bodies=True,
            body_every=1,
            body_score=0.15,
            body_scale=1.5,
            body_fresh=0.3,
        )

    def fingerprint(self, models: tuple[str, ...]) -> str:
        """16 hex digits that change whenever the rows of a run could."""
        values = {k: v for k, v in asdict(self).items() if k not in LATER or v != LATER[k]}
        text = json.dumps([values, list(models)], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def with_changes(self, changes: Mapping[str, object]) -> ObserveSettings:
        """The same settings but for these."""
        return ObserveSettings(**{**asdict(self), **changes})
