"""Named faces go into photos' metadata: beside them, into copies, into the files themselves."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from personae.adapters.photometa import mwg, xmp
from personae.adapters.photometa.containers import container_of
from personae.app.regions_writing import WriteOptions
from personae.core.errors import NothingIndexed, UsageError
from personae.core.face_regions import FaceRegion
from personae.core.orientation import ORIENTATIONS
from tests.app.photo_library import LEFT, RIGHT, Album
from tests.media.photos import stored_for
from tests.media.regions import exiftool_json, member, packet, regions


@pytest.fixture
def album(tmp_path: Path) -> Iterator[Album]:
    made = Album(tmp_path)
    yield made
    made.store.close()


def sidecar(photo: Path) -> list[FaceRegion]:
    return mwg.read_regions(xmp.parse(photo.with_name(photo.name + ".xmp").read_bytes()))


def inside(photo: Path) -> list[FaceRegion]:
    data = photo.read_bytes()
    container = container_of(data)
    assert container is not None
    return [face for p in container.packets(data) for face in mwg.read_regions(xmp.parse(p))]


def snapshot(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def stored_pixels(photo: Path) -> NDArray[np.uint8]:
    """Grey, before any orientation is applied; Pillow itself turns TIFFs, so there it is undone."""
    with Image.open(photo) as image:
        orientation = image.getexif().get(0x112, 1)
        shown = image.convert("L")
    return np.asarray(stored_for(orientation, shown) if photo.suffix == ".tif" else shown)


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif"])
def test_regions_lie_on_the_stored_picture(album: Album, orientation: int, suffix: str) -> None:
    """The area we write is where the white face is in the pixels that the file stores."""
    photo = album.photo(f"a{suffix}", [LEFT], orientation)
    album.person(*album.faces(photo), name="Ann")
    before = photo.read_bytes()
    assert len(album.regions.write().written) == 1
    assert photo.read_bytes() == before
    (face,) = sidecar(photo)
    assert face.name == "Ann"
    stored = stored_pixels(photo) > 200
    height, width = stored.shape
    rows, columns = np.flatnonzero(stored.any(axis=1)), np.flatnonzero(stored.any(axis=0))
    true = [columns[0], rows[0], columns[-1] + 1, rows[-1] + 1]
    assert face.box == pytest.approx(np.array(true) / [width, height, width, height], abs=0.01)
    size = mwg.size_of(xmp.parse(photo.with_name(photo.name + ".xmp").read_bytes()))
    assert size == mwg.Size(width, height)


def test_only_named_people_are_written_and_hidden_ones_are_not(album: Album) -> None:
    photo = album.photo("a.jpg", [LEFT, RIGHT])
    other = album.photo("b.jpg", [LEFT])
    one, two = album.faces(photo)
    album.person(one, name="Ann")
    album.person(two)
    album.person(*album.faces(other), name="Bo")
    album.verbs.hide("Bo")
    done = album.regions.write()
    assert [w.path for w in done.written] == [str(photo)]
    assert [f.name for f in sidecar(photo)] == ["Ann"]


def test_a_second_time_nothing_is_touched_and_a_new_name_is_taken_over(album: Album) -> None:
    photo = album.photo("a.jpg", [LEFT])
    album.person(*album.faces(photo), name="Ann")
    album.regions.write()
    beside = photo.with_name("a.jpg.xmp")
    os.utime(beside, (1, 1))
    again = album.regions.write()
    assert (again.written, again.unchanged) == ([], [str(beside)])
    assert beside.stat().st_mtime == 1
    album.verbs.name("Ann", "Anna")
    album.regions.write()
    assert [f.name for f in sidecar(photo)] == ["Anna"]
    album.verbs.hide("Anna")
    assert len(album.regions.write().written) == 1
    assert sidecar(photo) == []


def test_a_dry_run_writes_nothing(album: Album, tmp_path: Path) -> None:
    photo = album.photo("a.jpg", [LEFT])
    album.person(*album.faces(photo), name="Ann")
    before = snapshot(album.folder)
    for options in (
        WriteOptions(dry_run=True),
        WriteOptions(dry_run=True, embed=True, in_place=True),
        WriteOptions(dry_run=True, embed=True, folder=tmp_path / "out"),
    ):
        assert len(album.regions.write(options).written) == 1
    assert snapshot(album.folder) == before
    assert not (tmp_path / "out").exists()


def test_a_sidecar_that_is_there_is_merged(album: Album) -> None:
    photo = album.photo("a.jpg", [LEFT, RIGHT])
    one, two = album.faces(photo)
    album.person(one, name="Ann")
    album.person(two, name="Bo")
    theirs = regions(member((0.6, 0.4, 0.7, 0.6), "Robert"), member((0, 0, 0.1, 0.1), "Cy"))
    photo.with_name("a.jpg.xmp").write_bytes(packet(theirs))
    done = album.regions.write()
    assert [(c.name, c.theirs) for c in done.conflicts] == [("Bo", "Robert")]
    assert sorted(str(f.name) for f in sidecar(photo)) == ["Ann", "Cy", "Robert"]
    assert b'xmp:Rating="4"' in photo.with_name("a.jpg.xmp").read_bytes()


def test_adobes_sidecar_is_merged_unless_it_may_be_another_files(album: Album) -> None:
    photo = album.photo("a.jpg", [LEFT])
    album.person(*album.faces(photo), name="Ann")
    adobe = album.folder / "a.xmp"
    adobe.write_bytes(packet())
    raw = album.folder / "a.CR2"
    raw.write_bytes(b"raw")
    assert [Path(w.file).name for w in album.regions.write(WriteOptions(dry_run=True)).written] == [
        "a.jpg.xmp"
    ]
    raw.unlink()
    assert [Path(w.file).name for w in album.regions.write().written] == ["a.xmp"]


def test_regions_in_the_photo_are_not_shadowed_by_a_new_sidecar(album: Album) -> None:
    photo = album.photo("a.jpg", [LEFT])
    album.person(*album.faces(photo), name="Ann")
    album.regions.write(WriteOptions(embed=True, in_place=True))
    data = photo.read_bytes()
    theirs = packet(regions(member((0, 0, 0.1, 0.1), "Cy")))
    container = container_of(data)
    assert container is not None
    photo.write_bytes(container.embedded(data, theirs))
    album.regions.write()
    assert sorted(str(f.name) for f in sidecar(photo)) == ["Ann", "Cy"]


@pytest.mark.parametrize("suffix", [".jpg", ".png"])
def test_copies_hold_the_regions_and_the_same_pixels(
    album: Album, tmp_path: Path, suffix: str
) -> None:
    photo = album.photo(f"a{suffix}", [LEFT], 6)
    album.person(*album.faces(photo), name="Ann")
    before = snapshot(album.folder)
    out = tmp_path / "out"
    options = WriteOptions(embed=True, folder=out)
    assert len(album.regions.write(options).written) == 1
    assert snapshot(album.folder) == before
    copy = out / photo.name
    assert [f.name for f in inside(copy)] == ["Ann"]
    with Image.open(photo) as one, Image.open(copy) as other:
        assert one.tobytes() == other.tobytes()
        assert other.getexif()[0x112] == 6
    assert album.regions.write(options).unchanged == [str(copy)]


def test_photos_of_one_name_are_kept_apart(album: Album, tmp_path: Path) -> None:
    for name in ("one/x.jpg", "two/x.jpg", "two/y.jpg"):
        photo = album.photo(name)
        album.person(*album.faces(photo), name=name.replace("/", " "))
    out = tmp_path / "out"
    album.regions.write(WriteOptions(embed=True, folder=out))
    found = {str(p.relative_to(out)) for p in out.rglob("*") if p.is_file()}
    assert found == {"one/x.jpg", "two/x.jpg", "y.jpg"}


def test_a_file_that_is_no_copy_and_an_original_are_not_overwritten(
    album: Album, tmp_path: Path
) -> None:
    photo = album.photo("sub/a.jpg")
    album.person(*album.faces(photo), name="Ann")
    out = tmp_path / "out"
    out.mkdir()
    Image.new("RGB", (400, 300)).save(out / "a.jpg")
    before = snapshot(tmp_path)
    for folder in (out, photo.parent):
        done = album.regions.write(WriteOptions(embed=True, folder=folder))
        assert [f.code for f in done.failed] == ["P211"]
    after = snapshot(tmp_path)
    assert {p: d for p, d in after.items() if "library" not in p.parts} == {
        p: d for p, d in before.items() if "library" not in p.parts
    }


def test_in_place_only_the_metadata_changes_and_the_library_knows_the_file(album: Album) -> None:
    photo = album.photo("a.jpg", [LEFT, RIGHT], 6)
    one, two = album.faces(photo)
    ann, bo = album.person(one, name="Ann"), album.person(two)
    album.verbs.not_same(f"#{ann}", f"#{bo}")
    album.store.people.assign([one.id], ann, "hand")
    photo.chmod(0o640)
    with Image.open(photo) as image:
        pixels = image.tobytes()
    done = album.regions.write(WriteOptions(embed=True, in_place=True))
    assert [w.names for w in done.written] == [["Ann"]]
    assert [f.name for f in inside(photo)] == ["Ann"]
    with Image.open(photo) as image:
        assert image.tobytes() == pixels
    assert photo.stat().st_mode & 0o777 == 0o640
    assert album.store.media.done_at(photo, "one"), "the next index must not see a new file"
    constraints = [(c.same, c.a, c.b) for c in album.store.people.constraints()]
    assert constraints == [(False, one.id, two.id)]
    album.verbs.undo()
    album.verbs.undo()
    assert album.named() == {}


def test_a_file_that_changed_is_not_changed_further(album: Album) -> None:
    photo = album.photo("a.jpg")
    album.person(*album.faces(photo), name="Ann")
    photo.write_bytes(photo.read_bytes() + b"more")
    before = photo.read_bytes()
    done = album.regions.write(WriteOptions(embed=True, in_place=True))
    assert [f.code for f in done.failed] == ["P211"]
    assert photo.read_bytes() == before


def test_one_that_fails_stops_no_other(album: Album) -> None:
    names = ["gone.jpg", "hostile.jpg", "other-size.jpg", "tiff.tif", "well.jpg"]
    photos = [album.photo(name) for name in names]
    for photo in photos:
        album.person(*album.faces(photo), name=photo.stem)
    photos[0].unlink()
    photos[1].with_name("hostile.jpg.xmp").write_bytes(b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    Image.new("RGB", (40, 40)).save(photos[2])
    done = album.regions.write()
    codes = {Path(f.path).name: f.code for f in done.failed}
    assert codes == {"gone.jpg": "P201", "hostile.jpg": "P210", "other-size.jpg": "P210"}
    assert [Path(w.path).name for w in done.written] == ["tiff.tif", "well.jpg"]
    embedded = album.regions.write(WriteOptions(embed=True, in_place=True))
    told = next(f for f in embedded.failed if f.path.endswith(".tif"))
    assert told.code == "P211" and "sidecar" in told.hint


def test_a_folder_that_cannot_be_written_to_is_told(album: Album, tmp_path: Path) -> None:
    photo = album.photo("a.jpg")
    album.person(*album.faces(photo), name="Ann")
    (tmp_path / "file").write_text("")
    done = album.regions.write(WriteOptions(folder=tmp_path / "file" / "below"))
    assert [f.code for f in done.failed] == ["P211"]


def test_only_a_collection(album: Album) -> None:
    for name, collection in (("a.jpg", "one"), ("b.jpg", "two")):
        photo = album.photo(name, collection=collection)
        album.person(*album.faces(photo), name=name)
    done = album.regions.write(WriteOptions(collection="two"))
    assert [Path(w.path).name for w in done.written] == ["b.jpg"]
    with pytest.raises(NothingIndexed):
        album.regions.write(WriteOptions(collection="three"))


@pytest.mark.parametrize(
    "options",
    [
        WriteOptions(embed=True),
        WriteOptions(in_place=True),
        WriteOptions(embed=True, in_place=True, folder=Path("x")),
    ],
)
def test_options_that_do_not_fit_together_are_refused(album: Album, options: WriteOptions) -> None:
    album.photo("a.jpg")
    with pytest.raises(UsageError):
        album.regions.write(options)


@pytest.mark.parametrize("suffix", [".jpg", ".png"])
@pytest.mark.parametrize("embed", [False, True])
def test_exiftool_reads_what_we_write(album: Album, suffix: str, embed: bool) -> None:
    """Of an upright picture that is stored lying on its side (EXIF orientation 6)."""
    photo = album.photo(f"a{suffix}", [LEFT, RIGHT], 6)
    one, two = album.faces(photo)
    album.person(one, name="Ann Ünï")
    album.person(two, name="相馬 光")
    album.regions.write(WriteOptions(embed=embed, in_place=embed))
    said = exiftool_json(photo if embed else photo.with_name(photo.name + ".xmp"))
    # x1 y1 x2 y2 of the upright 400 x 300 turn by 90 degrees to the left: x' = y, y' = 400 - x
    found = dict(zip(said["RegionName"], zip(*(said[f"RegionArea{side}"] for side in "XYWH"),
                                            strict=True), strict=True))  # fmt: skip
    assert found["Ann Ünï"] == pytest.approx((0.5, 0.75, 0.2, 0.1), abs=1e-5)
    assert found["相馬 光"] == pytest.approx((0.5, 0.35, 0.2, 0.1), abs=1e-5)
    assert set(said["RegionType"]) == {"Face"}
    assert set(said["RegionAreaUnit"]) == {"normalized"}
    applied = [said[f"RegionAppliedToDimensions{side}"] for side in ("W", "H", "Unit")]
    assert applied == [300, 400, "pixel"]
    if embed:
        assert (said["ImageWidth"], said["ImageHeight"], said["Orientation"]) == (300, 400, 6)
        assert "Warning" not in said
