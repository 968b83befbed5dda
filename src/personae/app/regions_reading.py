"""Names out of photos' metadata: found, matched to the library's faces, taken over."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from personae.adapters.photometa import microsoft, mwg, xmp
from personae.adapters.photometa.containers import same_picture
from personae.adapters.photometa.sidecar import content_of, sidecars_of, tails
from personae.adapters.stores.library import SqliteStore
from personae.app.indexing import Failure
from personae.app.photo_facts import Facts, facts_of
from personae.core.arrays import Doubles
from personae.core.errors import MetadataUnreadable, NothingIndexed, PersonaeError
from personae.core.face_regions import FaceRegion, boxes_of, same_faces
from personae.core.orientation import TRANSPOSED, to_upright
from personae.core.records import Media, Sighting
from personae.flows.people import Verbs
from personae.flows.region_names import Claim, Conflict, Planner, follow

Watch = Callable[[int, int], None]
"""Told how many photos are done, of how many."""


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody who got a name, or more faces; ``person`` is None in a dry run where they are new.

    Attributes:
        sightings: faces whose metadata says so.
    """

    person: int | None
    name: str
    sightings: list[int]


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A named region round no face of the library."""

    path: str
    name: str


@dataclass(slots=True)
class ReadSummary:
    """What was read.

    Attributes:
        photos: how many were looked at.
        regions: how many named regions they have, each counted once a place it is told in.
        agreed: faces that were called so before.
    """

    photos: int = 0
    regions: int = 0
    agreed: int = 0
    named: list[Named] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    unmatched: list[Unmatched] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    dry_run: bool = False

    def as_json(self) -> dict[str, object]:
        """As ``--json`` prints it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where to look for one photo's metadata: itself, or a copy of it that may lack the picture."""

    media: Media
    at: Path

    @property
    def is_copy(self) -> bool:
        return self.at != Path(self.media.path)


class Reader:
    """Reads the metadata of one library's photos."""

    def __init__(self, store: SqliteStore, verbs: Verbs) -> None:
        self._store = store
        self._verbs = verbs
        self._photos = [m for m in store.media.shown() if m.kind == "photo"]
        if not self._photos:
            raise NothingIndexed("the library holds no photos")
        self._summary = ReadSummary()

    def read(self, paths: Sequence[Path], dry_run: bool, watch: Watch) -> ReadSummary:
        """The photos at these paths, or all; what was not taken over is told.

        Raises:
            NothingIndexed: no photo of the library lies at these paths.
        """
        self._summary = ReadSummary(dry_run=dry_run)
        places = self._places(paths)
        everything = self._store.sightings.all()
        faces: dict[int, list[Sighting]] = {}
        for sighting in everything:
            if sighting.kind == "face":
                faces.setdefault(sighting.media, []).append(sighting)
        claims: list[Claim] = []
        for done, place in enumerate(places, 1):
            claims += self._claims(place, faces.get(place.media.id, []))
            watch(done, len(places))
        self._summary.photos = len(places)
        self._settle(claims, everything)
        return self._summary

    def _settle(self, claims: Sequence[Claim], everything: Sequence[Sighting]) -> None:
        people = self._store.people
        photos = {m.id for m in self._photos}
        plan = Planner(everything, people.all(), people.constraints(), photos).plan(claims)
        if self._summary.dry_run:
            named = [
                Named(n.person or (n.autos[0] if n.autos else None), n.name, list(n.confirmed))
                for n in plan.namings
            ]
        else:
            done = follow(plan, self._verbs, people)
            named = [Named(person, n.name, list(n.confirmed)) for person, n in done]
        self._summary.named = named
        self._summary.agreed = plan.agreed
        self._summary.conflicts = plan.conflicts

    def _places(self, paths: Sequence[Path]) -> list[_Place]:
        if not paths:
            return [_Place(media, Path(media.path)) for media in self._photos]
        found: dict[_Place, None] = {}
        for path in paths:
            try:
                for place in self._below(path) if path.is_dir() else [self._photo(path)]:
                    found[place] = None
            except PersonaeError as error:
                self._fail(path, error)
        if not found:
            raise NothingIndexed(
                "none of the library's photos is there", "Index them first, then read their names."
            )
        return list(found)

    def _below(self, folder: Path) -> list[_Place]:
        """The library's photos below a folder, and what `regions write --into` put there."""
        whole = folder.absolute()
        ends = tails([Path(m.path) for m in self._photos])
        found = []
        for media in self._photos:
            own = Path(media.path)
            copy = whole / ends[own]
            if own.is_relative_to(whole):
                found.append(_Place(media, own))
            elif copy.is_file() or sidecars_of(copy):
                found.append(_Place(media, copy))
        return found

    def _photo(self, path: Path) -> _Place:
        whole = path.absolute()
        media = next((m for m in self._photos if m.path == str(whole)), None)
        media = media or self._store.media.by_sha(hashlib.sha256(content_of(path)).hexdigest())
        if media is None or media.kind != "photo":
            raise NothingIndexed(f"{path} is no photo of the library")
        return _Place(media, whole)

    def _claims(self, place: _Place, faces: Sequence[Sighting]) -> list[Claim]:
        """What is said of one photo's faces."""
        try:
            facts = facts_of(Path(place.media.path), place.media)
        except PersonaeError as error:
            self._fail(place.at, error)
            return []
        claims: list[Claim] = []
        for where, packet in self._packets(place, facts):
            try:
                claims += self._said(where, xmp.parse(packet), facts, place.media, faces)
            except PersonaeError as error:
                self._fail(where, error)
        return claims

    def _packets(self, place: _Place, facts: Facts) -> list[tuple[Path, bytes]]:
        found: list[tuple[Path, bytes]] = []
        try:
            if not place.is_copy:
                found += [(place.at, packet) for packet in facts.packets]
            elif place.at.is_file():
                if not same_picture(content_of(place.at), facts.data):
                    raise MetadataUnreadable(f"{place.at} is no copy of {place.media.path}")
                found += [(place.at, p) for p in facts_of(place.at, place.media).packets]
            found += [(sidecar, content_of(sidecar)) for sidecar in sidecars_of(place.at)]
        except PersonaeError as error:
            self._fail(place.at, error)
        return found

    def _said(
        self, where: Path, packet: xmp.Xmp, facts: Facts, media: Media, faces: Sequence[Sighting]
    ) -> list[Claim]:
        """The claims of one packet, for the regions that lie round a face of the library."""
        known = self._boxes(media, faces)
        claims: list[Claim] = []
        for regions, turned in (
            (mwg.read_regions(packet), _turned(mwg.size_of(packet), facts)),
            (microsoft.read_regions(packet), facts.orientation),
        ):
            named = [region for region in regions if region.name]
            upright = to_upright(boxes_of(regions), turned)
            owner = {regions[r]: faces[f] for r, f in same_faces(upright, known)}
            self._summary.regions += len(named)
            for region in named:
                if region in owner:
                    claims.append(_claim(owner[region], region, where))
                else:
                    self._summary.unmatched.append(Unmatched(str(where), region.name or ""))
        return claims

    def _boxes(self, media: Media, faces: Sequence[Sighting]) -> Doubles:
        """(N, 4) the library's faces in shares of the upright picture."""
        size = np.array([media.width, media.height] * 2, np.float64)
        found = np.zeros((len(faces), 4), np.float64)
        for row, face in enumerate(faces):
            path = self._store.sightings.path(face.id)
            if path is not None:
                found[row] = path.boxes[0] / size
        return found

    def _fail(self, path: Path, error: PersonaeError) -> None:
        self._summary.failed.append(Failure(str(path), error.code, error.message, error.hint))


def _claim(face: Sighting, region: FaceRegion, where: Path) -> Claim:
    return Claim(face.id, region.name or "", str(where), region.ours)


def _turned(made_for: mwg.Size | None, facts: Facts) -> int:
    """By which orientation the regions must be turned to lie on the upright picture.

    Some programs write them for the upright picture; the size they name gives them away.
    """
    if made_for is None or made_for.scaled(facts.size):
        return facts.orientation
    upright = mwg.Size(facts.size.height, facts.size.width)
    if facts.orientation in TRANSPOSED and made_for.scaled(upright):
        return 1
    raise MetadataUnreadable(
        f"its regions were made for {made_for.width:g} x {made_for.height:g} pixels, the picture "
        f"is stored with {facts.size.width:g} x {facts.size.height:g}",
        "Bring them up to date in the program that wrote them.",
    )
