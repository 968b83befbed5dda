"""Regions are read in every spelling, and merged without harm to what others wrote."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from personae.adapters.photometa import microsoft, mwg, xmp
from personae.core.errors import MetadataUnwritable
from personae.core.face_regions import FaceRegion
from tests.media.regions import LIGHTROOM, MICROSOFT, member, packet, regions

SIZE = mwg.Size(400, 300)
LEFT, RIGHT = (0.2, 0.4, 0.3, 0.6), (0.6, 0.4, 0.7, 0.6)


def read(data: bytes) -> list[FaceRegion]:
    return mwg.read_regions(xmp.parse(data))


def merged(data: bytes, *faces: FaceRegion) -> tuple[bytes, list[tuple[str, str]]]:
    made = xmp.parse(data) if data else xmp.empty()
    conflicts = mwg.merge_regions(made, faces, SIZE)
    return made.to_bytes(), conflicts


def ours(box: tuple[float, float, float, float], name: str) -> FaceRegion:
    return FaceRegion(box, name, ours=True)


@pytest.mark.parametrize("inner", [regions(member(LEFT)), LIGHTROOM], ids=["elements", "lightroom"])
def test_every_spelling_says_the_same(inner: str) -> None:
    (face,) = read(packet(inner))
    assert face.name == "Ann" and not face.ours
    assert face.box == pytest.approx(LEFT)
    assert mwg.size_of(xmp.parse(packet(inner))) == SIZE


def test_microsofts_rectangles_start_at_the_corner() -> None:
    (face,) = microsoft.read_regions(xmp.parse(packet(MICROSOFT)))
    assert face == FaceRegion(face.box, "Ann")
    assert face.box == pytest.approx(LEFT)


@pytest.mark.parametrize(
    "broken",
    [
        member((0.2, 0.4, float("nan"), 0.6)),
        member((0.2, 0.4, 1e300, 0.6)),
        member((2.0, 2.0, 3.0, 3.0)),
        member((0.3, 0.4, 0.2, 0.6)),
        member(LEFT, kind="Pet"),
        member(LEFT).replace("stArea:w", "stArea:d"),
        "<rdf:li/>",
        "<rdf:li>text</rdf:li>",
    ],
)
def test_regions_that_are_no_face_are_passed_over(broken: str) -> None:
    assert [f.name for f in read(packet(regions(broken, member(RIGHT, "Bo"))))] == ["Bo"]


def test_pixels_are_shares_of_the_size_that_is_told() -> None:
    pixels = member((80, 120, 120, 180)).replace("normalized", "pixel")
    (face,) = read(packet(regions(pixels)))
    assert face.box == pytest.approx(LEFT)


@given(
    st.lists(
        st.tuples(*[st.floats(0, 0.9)] * 2, *[st.floats(0.01, 0.1)] * 2, st.text(min_size=1)),
        max_size=4,
    )
)
def test_what_is_written_is_read_again(
    made: list[tuple[float, float, float, float, str]],
) -> None:
    letters = str.maketrans("", "", "".join(map(chr, [*range(32), 0xFFFE, 0xFFFF])))
    faces = [
        ours((x, y, x + w, y + h), name.strip())
        for x, y, w, h, raw in made
        if (name := "".join(c for c in raw.translate(letters) if not "\ud800" <= c <= "\udfff"))
        .strip()
    ]  # fmt: skip
    again = read(merged(b"", *faces)[0])
    assert [f.name for f in again] == [f.name for f in faces]
    for one, other in zip(again, faces, strict=True):
        assert one.ours and one.box == pytest.approx(other.box, abs=2e-6)


def test_others_regions_and_properties_stay_and_ours_are_replaced() -> None:
    before = packet(regions(member(LEFT, "Bo"), member((0, 0, 0.1, 0.1), "Rex", "Pet")))
    first, _ = merged(before, ours(RIGHT, "Ann"))
    assert sorted(str(f.name) for f in read(first)) == ["Ann", "Bo"]
    second, _ = merged(first, ours(RIGHT, "Anna"))
    assert sorted(str(f.name) for f in read(second)) == ["Anna", "Bo"]
    third, _ = merged(second)
    for data in (first, second, third):
        assert b"Rex" in data and b'xmp:Rating="4"' in data
    assert [f.name for f in read(third)] == ["Bo"]
    assert not mwg.written_by_us(third)


def test_the_same_again_changes_nothing() -> None:
    once, _ = merged(packet(regions(member(LEFT, None))), ours(LEFT, "Ann"), ours(RIGHT, "Bo"))
    assert merged(once, ours(LEFT, "Ann"), ours(RIGHT, "Bo"))[0] == once


def test_without_faces_nothing_of_ours_is_left() -> None:
    with_face, _ = merged(b"", ours(LEFT, "Ann"))
    assert merged(with_face)[0] == xmp.empty().to_bytes()


@pytest.mark.parametrize("spelling", ["elements", "lightroom"])
def test_another_programs_name_is_left_and_told(spelling: str) -> None:
    inner = LIGHTROOM if spelling == "lightroom" else regions(member(LEFT))
    made, conflicts = merged(packet(inner), ours(LEFT, "Bo"))
    assert conflicts == [("Bo", "Ann")]
    assert [f.name for f in read(made)] == ["Ann"]
    same, none = merged(packet(inner), ours(LEFT, "Ann"))
    assert not none and len(read(same)) == 1


@pytest.mark.parametrize("spelling", ["elements", "lightroom"])
def test_a_face_without_a_name_gets_one_and_loses_it_again(spelling: str) -> None:
    nameless = LIGHTROOM.replace(' mwg-rs:Name="Ann"', "")
    before = packet(nameless if spelling == "lightroom" else regions(member(LEFT, None)))
    made, _ = merged(before, ours((0.19, 0.35, 0.31, 0.6), "Ann"))
    (face,) = read(made)
    assert (face.name, face.ours) == ("Ann", True)
    assert face.box == pytest.approx(LEFT), "the rectangle stays the other program's"
    again, _ = merged(made, ours(LEFT, "Anna"))
    assert [f.name for f in read(again)] == ["Anna"]
    gone, _ = merged(again)
    assert [(f.name, f.ours) for f in read(gone)] == [(None, False)]


def test_regions_of_another_picture_are_not_mixed_with_ours() -> None:
    with pytest.raises(MetadataUnwritable, match="300 x 400"):
        merged(packet(regions(member(LEFT), size=(300, 400))), ours(RIGHT, "Bo"))
    scaled, _ = merged(packet(regions(member(LEFT), size=(4000, 3000))), ours(RIGHT, "Bo"))
    assert len(read(scaled)) == 2
