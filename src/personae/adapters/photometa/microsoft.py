"""Face regions of Windows Photo Gallery (MP:RegionInfo), read only.

Microsoft, People Tagging Overview: a rectangle is "x, y, w, h" from the upper left corner, in
shares of the stored picture.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element

from personae.adapters.photometa import rdf
from personae.adapters.photometa.numbers import number, shares
from personae.adapters.photometa.xmp import Xmp, q
from personae.core.face_regions import FaceRegion

INFO = q("http://ns.microsoft.com/photo/1.2/", "RegionInfo")
REGIONS = q("http://ns.microsoft.com/photo/1.2/t/RegionInfo#", "Regions")
REGION = "http://ns.microsoft.com/photo/1.2/t/Region#"
IGNORED = "ffffffffffffffff"
"""Stands in place of a name where somebody asked for a face to be left alone."""


def read_regions(xmp: Xmp) -> list[FaceRegion]:
    """The faces, in shares of the stored picture; named or not."""
    info = xmp.property(INFO)
    listed = None if info is None else rdf.child(info, REGIONS)
    found = (_face(node) for node in ([] if listed is None else rdf.items(listed)))
    return [face for face in found if face is not None]


def _face(node: Element) -> FaceRegion | None:
    name = rdf.text(node, q(REGION, "PersonDisplayName")) or None
    sides = [number(part) for part in (rdf.text(node, q(REGION, "Rectangle")) or "").split(",")]
    left, top, width, height = sides if len(sides) == 4 else (None,) * 4
    if name == IGNORED or left is None or top is None or width is None or height is None:
        return None
    box = shares(left, top, width, height)
    return None if box is None else FaceRegion(box, name)
