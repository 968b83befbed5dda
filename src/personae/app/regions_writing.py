"""Named faces of the library's photos written as MWG regions: beside, into copies, into files."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from personae.adapters.photometa import mwg, xmp
from personae.adapters.photometa.containers import container_of, embed, same_picture
from personae.adapters.photometa.sidecar import (
    SUFFIX,
    content_of,
    replace_file,
    sidecar_of,
    sidecars_of,
    tails,
)
from personae.adapters.stores.library import SqliteStore
from personae.adapters.stores.rewritten import rewritten
from personae.app.indexing import Failure
from personae.app.photo_facts import Facts, facts_of
from personae.core.errors import (
    MetadataUnwritable,
    NothingIndexed,
    PersonaeError,
    UsageError,
)
from personae.core.face_regions import FaceRegion
from personae.core.orientation import to_stored
from personae.core.records import Media, Sighting

Watch = Callable[[int, int], None]
"""Told how many photos are done, of how many."""


@dataclass(frozen=True, slots=True)
class WriteOptions:
    """Where regions go.

    Attributes:
        collection: only photos of this collection.
        embed: into files (JPEG, PNG) rather than into sidecars.
        in_place: with ``embed``: into the originals.
        folder: where sidecars or, with ``embed``, copies go; None is beside the photo.
        dry_run: only tell what would be done.
    """

    collection: str | None = None
    embed: bool = False
    in_place: bool = False
    folder: Path | None = None
    dry_run: bool = False

    def checked(self) -> WriteOptions:
        """Itself, if what is asked fits together; UsageError otherwise."""
        if self.in_place and not self.embed:
            raise UsageError("--in-place goes with --embed", "Sidecars leave originals alone.")
        if self.in_place and self.folder is not None:
            raise UsageError("--in-place and --into exclude each other", "Choose one.")
        if self.embed and not self.in_place and self.folder is None:
            raise UsageError(
                "--embed needs to know where",
                "Give --into FOLDER for copies, or --in-place to change the originals.",
            )
        return self


@dataclass(frozen=True, slots=True)
class Written:
    """A file that holds regions now."""

    media: int
    path: str
    file: str
    names: list[str]


@dataclass(frozen=True, slots=True)
class Differing:
    """A face that another program calls something else; its region was left as it is."""

    path: str
    name: str
    theirs: str


@dataclass(slots=True)
class WriteSummary:
    """What was written."""

    written: list[Written] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    conflicts: list[Differing] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    dry_run: bool = False

    def as_json(self) -> dict[str, object]:
        """As ``--json`` prints it."""
        return asdict(self)


class Writer:
    """Writes one library's named faces."""

    def __init__(self, store: SqliteStore, options: WriteOptions) -> None:
        self._store = store
        self._options = options.checked()
        everything = [m for m in store.media.shown() if m.kind == "photo"]
        chosen = options.collection
        self._photos = [m for m in everything if chosen is None or m.collection == chosen]
        if not self._photos:
            raise NothingIndexed("the library holds no such photos")
        self._tails = tails([Path(m.path) for m in everything])
        self._originals = {Path(m.path).resolve() for m in everything}
        self._names = {p.id: p.name for p in store.people.all() if p.kind == "named" and p.name}
        self._summary = WriteSummary(dry_run=options.dry_run)

    def write(self, watch: Watch) -> WriteSummary:
        """All photos, one after the other; one that fails stops no other."""
        faces: dict[int, list[Sighting]] = {m.id: [] for m in self._photos}
        for sighting in self._store.sightings.all(media_ids=list(faces)):
            if sighting.kind == "face" and sighting.person in self._names:
                faces[sighting.media].append(sighting)
        for done, media in enumerate(self._photos, 1):
            try:
                self._one(media, faces[media.id])
            except PersonaeError as error:
                failure = Failure(media.path, error.code, error.message, error.hint)
                self._summary.failed.append(failure)
            watch(done, len(self._photos))
        return self._summary

    def _one(self, media: Media, sightings: Sequence[Sighting]) -> None:
        photo = Path(media.path)
        target = self._target(photo)
        there = content_of(target) if target.exists() else None
        if not sightings and (there is None or not mwg.written_by_us(there)):
            return
        if not self._options.in_place and target.resolve() in self._originals:
            raise MetadataUnwritable(
                f"{target} is a photo of the library itself", "Choose another folder."
            )
        facts = facts_of(photo, media)
        regions = self._regions(media, sightings, facts.orientation)
        if self._options.embed:
            made = self._embedded(media, facts, there, regions)
        else:
            made = self._sidecar(photo, facts, there, regions)
        if made is None or made == there:
            self._summary.unchanged.append(str(target))
            return
        if not self._options.dry_run:
            replace_file(target, made)
            if self._options.in_place:
                digest = hashlib.sha256(made).hexdigest()
                rewritten(self._store.engine, media.id, photo, digest)
        names = [region.name or "" for region in regions]
        self._summary.written.append(Written(media.id, media.path, str(target), names))

    def _target(self, photo: Path) -> Path:
        options = self._options
        if options.in_place:
            return photo
        if options.folder is not None:
            copy = options.folder / self._tails[photo]
            return copy if options.embed else sidecar_of(copy)
        there = sidecars_of(photo)
        named_by_stem = photo.with_suffix(SUFFIX)
        if there[:1] == [named_by_stem] and not _shared(named_by_stem, photo):
            return named_by_stem
        return there[0] if there and there[0] != named_by_stem else sidecar_of(photo)

    def _regions(
        self, media: Media, sightings: Sequence[Sighting], orientation: int
    ) -> list[FaceRegion]:
        """The named faces in shares of the stored picture, from the left."""
        found = []
        for sighting in sightings:
            path = self._store.sightings.path(sighting.id)
            if path is None or sighting.person is None:
                continue
            size = np.array([media.width, media.height] * 2, np.float64)
            shares = np.clip(path.boxes[:1] / size, 0.0, 1.0)
            x1, y1, x2, y2 = (float(v) for v in to_stored(shares, orientation)[0])
            if x2 > x1 and y2 > y1:
                found.append(FaceRegion((x1, y1, x2, y2), self._names[sighting.person], True))
        return sorted(found, key=lambda region: region.box)

    def _sidecar(
        self, photo: Path, facts: Facts, there: bytes | None, regions: Sequence[FaceRegion]
    ) -> bytes | None:
        packet = xmp.empty() if there is None else _parsed(there, self._target(photo))
        if packet.property(mwg.REGIONS) is None and facts.packets:
            # Programs that read both let the sidecar's list stand for the photo's
            own = _parsed(facts.packets[0], photo)
            embedded = own.property(mwg.REGIONS)
            if embedded is not None:
                packet.put(deepcopy(embedded))
                packet.prefixes = {**own.prefixes, **packet.prefixes}
        return self._merged(packet, regions, facts, photo)

    def _embedded(
        self, media: Media, facts: Facts, there: bytes | None, regions: Sequence[FaceRegion]
    ) -> bytes | None:
        photo = Path(media.path)
        if container_of(facts.data) is None:
            raise MetadataUnwritable(f"{photo}: regions can be embedded in JPEG and PNG only")
        if self._options.in_place and hashlib.sha256(facts.data).hexdigest() != media.sha256:
            raise MetadataUnwritable(f"{photo} was changed since it was indexed", "Index it again.")
        if there is not None and not same_picture(there, facts.data):
            raise MetadataUnwritable(
                f"{self._target(photo)} is there already and is not a copy of {photo}",
                "Choose another folder with --into.",
            )
        data = facts.data if there is None else there
        container = container_of(data)
        packets = [] if container is None else container.packets(data)
        for extended in packets[1:]:
            if _parsed(extended, photo).property(mwg.REGIONS) is not None:
                raise MetadataUnwritable(f"{photo} keeps regions in its extended XMP")
        packet = _parsed(packets[0], photo) if packets else xmp.empty()
        merged = self._merged(packet, regions, facts, photo)
        if merged is None:
            return data if there is None else None
        return embed(data, merged, str(photo))

    def _merged(
        self, packet: xmp.Xmp, regions: Sequence[FaceRegion], facts: Facts, photo: Path
    ) -> bytes | None:
        """The packet with our regions; None where that changes nothing."""
        before = packet.to_bytes()
        try:
            differing = mwg.merge_regions(packet, regions, facts.size)
        except MetadataUnwritable as error:
            raise MetadataUnwritable(f"{photo}: {error.message}", error.hint) from error
        found = [Differing(str(photo), ours, theirs) for ours, theirs in differing]
        self._summary.conflicts += found
        after = packet.to_bytes()
        return None if after == before else after


def _shared(sidecar: Path, photo: Path) -> bool:
    """Whether ``NAME.xmp`` may be another file's: of NAME.CR2 beside NAME.JPG."""
    beside = sidecar.parent.iterdir()
    return any(p.stem == photo.stem and p not in (sidecar, photo) for p in beside)


def _parsed(data: bytes, where: Path) -> xmp.Xmp:
    try:
        return xmp.parse(data)
    except PersonaeError as error:
        raise type(error)(f"{where}: {error.message}", error.hint) from error
