"""``evaluate spoof``: living faces and printed photos played as a camera, judged as by a watch."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from personae.adapters.sources.kinds import SourceOptions, open_source
from personae.app.largest_face import LargestFace
from personae.app.living import LOOKS_FPS, score_of, settings_for, spoof_network
from personae.app.settings import Settings
from personae.core.errors import SourceMissing
from personae.flows.evaluation.spoof import Presentation, SpoofRate, spoof_rates
from personae.flows.liveness import LivingFace

KINDS = {
    "01": "up-down-rotate",
    "02": "up-down-twist",
    "03": "left-right-rotate",
    "04": "left-right-twist",
    "08": "still",
}
"""Movements of the photo by the third part of NUAA's file names, as its readme calls them."""
PLAYED_FPS = 4.0
"""Frames a second of folders of single photos: no more can be said of when they were taken."""
RECORDED_FPS = 20.0
"""Frames a second of NUAA's recordings, for folders that hold every frame of one."""
_NAME = re.compile(r"(?P<person>\d+)_(?P<glasses>\d+)_(?P<kind>\d+)_(?P<session>\d+)_(?P<no>\d+)$")

Progress = Callable[[int, int], None]
"""Called with the presentations that are done and those in all."""


@dataclass(frozen=True, slots=True)
class SpoofReport:
    """What came of it, by kind; attacks and living faces."""

    rates: dict[str, SpoofRate]

    def as_json(self) -> dict[str, object]:
        """``{"attacks": {kind: …}, "bona_fide": {kind: …}}``."""
        return {
            "attacks": {k: one.as_json() for k, one in self.rates.items() if one.attack},
            "bona_fide": {k: one.as_json() for k, one in self.rates.items() if not one.attack},
        }


@dataclass(frozen=True, slots=True)
class _Play:
    """Photos that are played one after another."""

    kind: str
    attack: bool
    photos: Sequence[Path]
    fps: float


def spoof(
    folder: Path, settings: Settings, progress: Progress = lambda done, total: None
) -> SpoofReport:
    """Plays a folder laid out like NUAA: ``ClientRaw/PERSON``, ``ImposterRaw/PERSON``, recordings.

    Each person's photos of each kind of attack are one presentation, and all photos of a person
    one after another are another. Folders ``sequence_*`` are living faces, every frame of them.

    Args:
        folder: what to play.
        settings: the models' provider.
        progress: is told how many presentations are done.

    Raises:
        SourceMissing: there is nothing to play.
        SourceError: a photo cannot be read.
    """
    plays = list(_plays(folder))
    if not plays:
        raise SourceMissing(f"{folder} has neither ClientRaw nor ImposterRaw nor sequence_*")
    player = Player(settings)
    shown = []
    for done, play in enumerate(plays):
        progress(done, len(plays))
        said = player.play(play.photos, play.fps).state()[0]
        shown.append(Presentation(play.kind, play.attack, len(play.photos), said))
    return SpoofReport(spoof_rates(shown))


class Player:
    """Photos to what is known of the largest face on them.

    Args:
        settings: the models' provider.
    """

    def __init__(self, settings: Settings) -> None:
        self._options = SourceOptions(max_pixels=settings.max_pixels)
        self._largest = LargestFace(settings)
        card = settings.spoof_model
        self._network = None if card is None else spoof_network(card, settings.provider)
        self._judging = settings_for(self._network)

    def play(self, photos: Sequence[Path], fps: float) -> LivingFace:
        """Looks at photos as at a camera's frames, as often as a watch does."""
        face = LivingFace(self._judging)
        self._largest.begin()
        step = max(1, round(fps / LOOKS_FPS))
        for number, photo in list(enumerate(photos))[::step]:
            with open_source(photo, self._options) as source:
                picture = next(iter(source.frames())).picture
                seen = self._largest.read(picture)
            if seen is not None:
                read, box = seen
                score = score_of(self._network, picture.rgb(), box)
                face.see(number / fps, read.look, score)
        return face


def _plays(folder: Path) -> Iterator[_Play]:
    people = sorted(p for p in (folder / "ImposterRaw").glob("*") if p.is_dir())
    by_kind = [play for person in people for play in _of_kinds(person)]
    yield from sorted(by_kind, key=lambda play: play.kind)
    for person in people:
        yield _Play("printed photo, all kinds in turn", True, _photos(person), PLAYED_FPS)
    for person in sorted(p for p in (folder / "ClientRaw").glob("*") if p.is_dir()):
        yield _Play("living face, single photos in turn", False, _photos(person), PLAYED_FPS)
    for recording in sorted(p for p in folder.glob("sequence_*") if p.is_dir()):
        yield _Play("living face, recording", False, _photos(recording), RECORDED_FPS)


def _of_kinds(person: Path) -> Iterator[_Play]:
    for code, photos in groupby(_photos(person), key=lambda photo: _place(photo)[0]):
        name = KINDS.get(code, "movement not named")
        yield _Play(f"printed photo, {name} ({code})", True, list(photos), PLAYED_FPS)


def _photos(folder: Path) -> list[Path]:
    """By kind, session and number."""
    return sorted(folder.glob("*.jpg"), key=_place)


def _place(photo: Path) -> tuple[str, str, int, str]:
    parts = _NAME.search(photo.stem)
    if parts is None:
        return "", "", 0, photo.name
    return parts["kind"], parts["session"], int(parts["no"]), photo.name
