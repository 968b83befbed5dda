"""Face regions of the Metadata Working Group: read, and merged with those that are there.

MWG, Guidelines for Handling Image Metadata 2.0 (2010), 5.9. An area's x and y are its centre; all
four numbers are shares of the picture as it is stored, before the EXIF orientation turns it, and
AppliedToDimensions are width and height of that stored picture. digiKam and ExifTool do the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement

from personae.adapters.photometa import rdf
from personae.adapters.photometa.numbers import number, shares, told
from personae.adapters.photometa.xmp import Xmp, q
from personae.core.errors import MetadataUnwritable
from personae.core.face_regions import FaceRegion, boxes_of, same_faces

MWG = "http://www.metadataworkinggroup.com/schemas/regions/"
AREA = "http://ns.adobe.com/xmp/sType/Area#"
DIMENSIONS = "http://ns.adobe.com/xap/1.0/sType/Dimensions#"
OURS = "urn:personae:xmp:1.0:"
REGIONS, LIST, TYPE = q(MWG, "Regions"), q(MWG, "RegionList"), q(MWG, "Type")
NAME, EXTENSIONS, APPLIED = q(MWG, "Name"), q(MWG, "Extensions"), q(MWG, "AppliedToDimensions")
MARK = q(OURS, "Wrote")
WHOLE, ONLY_NAME = "region", "name"
"""Values of our mark: we wrote the region, or only the name in somebody else's."""
SAME_SHAPE = 0.01
"""Two aspect ratios that differ by less are of one picture, scaled."""


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height in pixels of the stored picture."""

    width: float
    height: float

    def scaled(self, other: Size) -> bool:
        """Whether the other is the same picture, perhaps enlarged or reduced."""
        ratio = self.width * other.height / (self.height * other.width)
        return abs(ratio - 1) <= SAME_SHAPE


def size_of(xmp: Xmp) -> Size | None:
    """The size that the regions were made for."""
    regions = xmp.property(REGIONS)
    node = None if regions is None else rdf.child(regions, APPLIED)
    if node is None:
        return None
    width, height = (number(rdf.text(node, q(DIMENSIONS, side))) for side in "wh")
    return Size(width, height) if width and height and width > 0 and height > 0 else None


def read_regions(xmp: Xmp) -> list[FaceRegion]:
    """The faces among the regions, in shares of the stored picture; named or not."""
    size = size_of(xmp)
    found = (_face(node, size) for node in _members(xmp))
    return [face for face in found if face is not None]


def merge_regions(xmp: Xmp, faces: Sequence[FaceRegion], size: Size) -> list[tuple[str, str]]:
    """Puts our regions in place of those that we put there before; others' stay.

    Where somebody else's region is round the same face, ours is left out: one without a name is
    given it, one with another name is told.

    Returns:
        (our name, theirs) of the faces that another program calls something else.

    Raises:
        MetadataUnwritable: others' regions are there that were made for another picture.
    """
    _take_back(xmp)
    theirs = [(n, f) for n in _members(xmp) if (f := _face(n, size_of(xmp))) is not None]
    made_for = size_of(xmp)
    if _members(xmp) and made_for is not None and not made_for.scaled(size):
        raise MetadataUnwritable(
            f"the regions in it were made for {made_for.width:g} x {made_for.height:g} pixels, "
            f"the picture is stored with {size.width:g} x {size.height:g}",
            "Remove them, or bring them up to date in the program that wrote them.",
        )
    conflicts = []
    new = set(range(len(faces)))
    for mine, other in same_faces(boxes_of(list(faces)), boxes_of([f for _, f in theirs])):
        new.discard(mine)
        node, face = theirs[other]
        name = faces[mine].name or ""
        if face.name is None:
            rdf.set_text(node, NAME, name)
            _mark(node, ONLY_NAME)
        elif face.name != name:
            conflicts.append((name, face.name))
    _append(xmp, [faces[n] for n in sorted(new)], size)
    return conflicts


def written_by_us(data: bytes) -> bool:
    """Whether a packet or a file may hold regions or names that we wrote."""
    return OURS.encode() in data


def _face(node: Element, size: Size | None) -> FaceRegion | None:
    if (rdf.text(node, TYPE) or "").lower() != "face":
        return None
    area = rdf.child(node, q(MWG, "Area"))
    if area is None:
        return None
    x, y, w, h = (number(rdf.text(area, q(AREA, side))) for side in "xywh")
    if x is None or y is None or w is None or h is None:
        return None
    across, down = 1.0, 1.0
    if rdf.text(area, q(AREA, "unit")) == "pixel":
        if size is None:
            return None
        across, down = size.width, size.height
    box = shares((x - w / 2) / across, (y - h / 2) / down, w / across, h / down)
    name = rdf.text(node, NAME) or None
    return None if box is None else FaceRegion(box, name, _marked(node) is not None)


def _members(xmp: Xmp) -> list[Element]:
    regions = xmp.property(REGIONS)
    listed = None if regions is None else rdf.child(regions, LIST)
    return [] if listed is None else rdf.items(listed)


def _append(xmp: Xmp, faces: Sequence[FaceRegion], size: Size) -> None:
    members = _members(xmp)
    if not faces and not members:
        _clear(xmp)
        return
    regions = xmp.property(REGIONS)
    if regions is None:
        regions = Element(REGIONS, {rdf.PARSE_TYPE: "Resource"})
        xmp.put(regions)
    if not members or size_of(xmp) is None:
        _put_size(regions, size)
    listed = rdf.child(regions, LIST)
    if listed is None:
        listed = SubElement(rdf.holder(regions), LIST)
    bag = rdf.array(listed)
    bag = SubElement(listed, rdf.BAG) if bag is None else bag
    for face in faces:
        _append_one(bag, face)


def _append_one(bag: Element, face: FaceRegion) -> None:
    x1, y1, x2, y2 = face.box
    node = rdf.structure(bag, rdf.LI)
    area = rdf.structure(node, q(MWG, "Area"))
    for side, value in zip("xywh", ((x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1), strict=True):
        SubElement(area, q(AREA, side)).text = told(value)
    SubElement(area, q(AREA, "unit")).text = "normalized"
    SubElement(node, NAME).text = face.name
    SubElement(node, TYPE).text = "Face"
    _mark(node, WHOLE)


def _put_size(regions: Element, size: Size) -> None:
    place = rdf.holder(regions)
    for old in place.findall(APPLIED):
        place.remove(old)
    # First, as the guidelines show it; and so that the same again is the same to the byte
    node = Element(APPLIED, {rdf.PARSE_TYPE: "Resource"})
    place.insert(0, node)
    for side, value in (("w", told(size.width)), ("h", told(size.height)), ("unit", "pixel")):
        SubElement(node, q(DIMENSIONS, side)).text = value


def _clear(xmp: Xmp) -> None:
    """Takes an empty list away, and all of it where nothing else is told."""
    regions = xmp.property(REGIONS)
    if regions is None:
        return
    place = rdf.holder(regions)
    for node in [*place.findall(LIST), *place.findall(APPLIED)]:
        place.remove(node)
    if rdf.is_empty(regions):
        xmp.remove(REGIONS)


def _take_back(xmp: Xmp) -> None:
    """Without what we wrote before."""
    regions = xmp.property(REGIONS)
    listed = None if regions is None else rdf.child(regions, LIST)
    bag = None if listed is None else rdf.array(listed)
    if bag is None:
        return
    for node in rdf.items(listed) if listed is not None else []:
        mark = _marked(node)
        if mark == WHOLE:
            bag.remove(node)
        elif mark == ONLY_NAME:
            rdf.set_text(node, NAME, None)
            _unmark(node)


def _marked(node: Element) -> str | None:
    extensions = rdf.child(node, EXTENSIONS)
    return None if extensions is None else rdf.text(extensions, MARK)


def _mark(node: Element, value: str) -> None:
    extensions = rdf.child(node, EXTENSIONS)
    if extensions is None:
        extensions = rdf.structure(rdf.holder(node), EXTENSIONS)
    rdf.set_text(extensions, MARK, value)


def _unmark(node: Element) -> None:
    extensions = rdf.child(node, EXTENSIONS)
    if extensions is None:
        return
    rdf.set_text(extensions, MARK, None)
    if rdf.is_empty(extensions):
        rdf.holder(node).remove(extensions)
