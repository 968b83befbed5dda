"""Names out of photos' metadata reach the right people, and never against what was said here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from personae.adapters.photometa.containers import embed
from personae.app.regions_writing import WriteOptions
from personae.core.arrays import Doubles
from personae.core.errors import NothingIndexed
from personae.core.orientation import ORIENTATIONS, to_stored
from tests.app.photo_library import HEIGHT, LEFT, RIGHT, WIDTH, Album, Box
from tests.media.regions import MICROSOFT, exiftool, member, packet, regions


@pytest.fixture
def album(tmp_path: Path) -> Iterator[Album]:
    made = Album(tmp_path)
    yield made
    made.store.close()


def shares(box: Box, grown: float = 1.0) -> Doubles:
    """(1, 4) of the upright picture, perhaps as a program draws it that takes the whole head."""
    x1, y1, x2, y2 = box
    centre = np.array([(x1 + x2) / 2, (y1 + y2) / 2])
    half = np.array([(x2 - x1) / 2, (y2 - y1) / 2]) * grown
    both = np.concatenate([centre - half, centre + half])
    return np.array([both / [WIDTH, HEIGHT, WIDTH, HEIGHT]])


def told(photo: Path, *names: tuple[Box, str], orientation: int = 1, grown: float = 1.0) -> Path:
    """A sidecar beside the photo that names these faces."""
    size = (HEIGHT, WIDTH) if orientation > 4 else (WIDTH, HEIGHT)
    boxes = [(to_stored(shares(box, grown), orientation)[0], name) for box, name in names]
    made = regions(*(member(tuple(map(float, b)), n) for b, n in boxes), size=size)  # type: ignore[arg-type]
    beside = photo.with_name(photo.name + ".xmp")
    beside.write_bytes(packet(made))
    return beside


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("grown", [0.8, 1.0, 1.8])
def test_the_right_face_gets_the_name(album: Album, orientation: int, grown: float) -> None:
    photo = album.photo("a.jpg", [LEFT, RIGHT], orientation)
    one, two = album.faces(photo)
    album.person(one)
    album.person(two)
    told(photo, (RIGHT, "Bo"), (LEFT, "Ann"), orientation=orientation, grown=grown)
    done = album.regions.read()
    assert album.named() == {"Ann": [one.id], "Bo": [two.id]}
    assert (done.regions, len(done.named), done.conflicts, done.unmatched) == (2, 2, [], [])


def test_regions_for_the_upright_picture_are_known_by_their_size(album: Album) -> None:
    photo = album.photo("a.jpg", [LEFT], 6)
    album.person(*album.faces(photo))
    told(photo, (LEFT, "Ann"))
    album.regions.read()
    assert set(album.named()) == {"Ann"}


def test_regions_for_another_size_are_told_not_followed(album: Album) -> None:
    photo = album.photo("a.jpg", [LEFT])
    album.person(*album.faces(photo))
    cropped = regions(member((0.2, 0.4, 0.3, 0.6)), size=(300, 300))
    photo.with_name("a.jpg.xmp").write_bytes(packet(cropped))
    done = album.regions.read()
    assert [f.code for f in done.failed] == ["P210"]
    assert album.named() == {}


def test_every_place_is_read_and_counts_once(album: Album) -> None:
    """Embedded, Adobe's sidecar, Microsoft's rectangles: one face, one name, no conflict."""
    photo = album.photo("a.jpg", [LEFT])
    album.person(*album.faces(photo))
    theirs = packet(regions(member((0.2, 0.4, 0.3, 0.6))))
    photo.write_bytes(embed(photo.read_bytes(), theirs, ""))
    photo.with_suffix(".xmp").write_bytes(packet(MICROSOFT))
    done = album.regions.read()
    assert (done.regions, len(done.named), done.conflicts, done.failed) == (2, 1, [], [])
    assert set(album.named()) == {"Ann"}


def test_one_person_is_made_of_all_that_are_called_so(album: Album) -> None:
    photos = [album.photo(name) for name in ("a.jpg", "b.jpg", "c.jpg", "d.jpg")]
    faces = [album.faces(photo)[0] for photo in photos]
    album.person(faces[0], faces[1])
    album.person(faces[2])
    for photo, name in zip(photos[1:], ("Ann", "ANN ", "Ann"), strict=True):
        told(photo, (LEFT, name))
    done = album.regions.read()
    assert album.named() == {"Ann": [f.id for f in faces]}
    assert len(done.named) == 1 and done.conflicts == []


def test_a_name_given_here_stays_and_the_other_is_told(album: Album) -> None:
    photo = album.photo("a.jpg", [LEFT, RIGHT])
    one, two = album.faces(photo)
    ann = album.person(one, name="Ann")
    album.person(two, name="Bo")
    told(photo, (LEFT, "Anna"), (RIGHT, "bo"))
    done = album.regions.read()
    assert album.named() == {"Ann": [one.id], "Bo": [two.id]}
    assert [(c.name, c.person, c.sighting) for c in done.conflicts] == [("Anna", ann, one.id)]
    assert done.agreed == 1 and done.named == []


def test_what_a_known_name_is_given_to_joins_its_person(album: Album) -> None:
    first, second = album.photo("a.jpg"), album.photo("b.jpg")
    ann = album.person(*album.faces(first), name="Ann")
    album.person(*album.faces(second))
    told(second, (LEFT, "ann"))
    done = album.regions.read()
    assert [(n.person, n.name) for n in done.named] == [(ann, "Ann")]
    assert album.named() == {"Ann": [album.faces(first)[0].id, album.faces(second)[0].id]}


def test_a_person_that_would_be_called_two_names_is_called_none(album: Album) -> None:
    first, second = album.photo("a.jpg"), album.photo("b.jpg")
    album.person(*album.faces(first), *album.faces(second))
    told(first, (LEFT, "Ann"))
    told(second, (LEFT, "Bo"))
    done = album.regions.read()
    assert album.named() == {} and done.named == []
    assert sorted(c.name for c in done.conflicts) == ["Ann", "Bo"]
    assert album.store.acts.all() == []


@pytest.mark.parametrize("why", ["one picture", "said", "hidden", "hidden name", "two places"])
def test_what_cannot_be_is_a_conflict(album: Album, why: str) -> None:
    photo, other = album.photo("a.jpg", [LEFT, RIGHT]), album.photo("b.jpg")
    one, two = album.faces(photo)
    first, _ = album.person(one), album.person(two)
    third = album.person(*album.faces(other))
    expected = "hidden"
    if why == "one picture":
        told(photo, (LEFT, "Ann"), (RIGHT, "Ann"))
        expected = "2 faces of one photo"
    elif why == "said":
        album.verbs.not_same(f"#{first}", f"#{third}")
        album.verbs.name(f"#{first}", "Ann")
        told(other, (LEFT, "Ann"))
        expected = "somebody else"
    elif why == "hidden":
        album.verbs.hide(f"#{third}")
        told(other, (LEFT, "Ann"))
    elif why == "hidden name":
        album.verbs.name(f"#{first}", "Ann")
        album.verbs.hide(f"#{first}")
        told(other, (LEFT, "Ann"))
    else:
        told(other, (LEFT, "Ann"))
        other.with_suffix(".xmp").write_bytes(packet(regions(member((0.2, 0.4, 0.3, 0.6), "Bo"))))
        expected = "'Ann' and 'Bo'"
    before = (album.named(), len(album.store.acts.all()))
    done = album.regions.read()
    assert (album.named(), len(album.store.acts.all())) == before
    assert done.named == [] and done.conflicts
    assert all(expected in c.why for c in done.conflicts), done.conflicts


def test_two_unnamed_people_seen_in_one_photo_do_not_become_one(album: Album) -> None:
    """A name joins people over several photos, but never two who stand side by side."""
    both, left, right = (
        album.photo("a.jpg", [LEFT, RIGHT]),
        album.photo("b.jpg"),
        album.photo("c.jpg"),
    )
    one, two = album.faces(both)
    album.person(one, *album.faces(left))
    album.person(two, *album.faces(right))
    told(left, (LEFT, "Ann"))
    told(right, (LEFT, "Ann"))
    done = album.regions.read()
    assert list(album.named()) == ["Ann"] and len(album.named()["Ann"]) == 2
    assert ["two faces of one picture" in c.why for c in done.conflicts] == [True]


@pytest.mark.parametrize("name", ["1", "#1", "Person 12", "x" * 300, "\u200b"])
def test_names_that_are_none_are_told(album: Album, name: str) -> None:
    photo, other = album.photo("a.jpg"), album.photo("b.jpg")
    album.person(*album.faces(photo))
    album.person(*album.faces(other))
    told(other, (LEFT, name))
    done = album.regions.read()
    assert album.named() == {} and len(done.conflicts) == 1


def test_faces_that_belong_to_nobody_get_somebody(album: Album) -> None:
    first, second = album.photo("a.jpg"), album.photo("b.jpg")
    for photo in (first, second):
        told(photo, (LEFT, "Ann"))
    album.regions.read()
    assert len(album.named()["Ann"]) == 2
    people = len(album.store.people.all())
    album.verbs.undo()
    album.verbs.undo()
    assert album.named() == {} and people == 1
    assert [f.person for p in (first, second) for f in album.faces(p)] == [None, None]


def test_all_of_it_can_be_undone_and_is_known_as_work_by_hand(album: Album) -> None:
    first, second = album.photo("a.jpg"), album.photo("b.jpg")
    a, b = album.person(*album.faces(first)), album.person(*album.faces(second))
    for photo in (first, second):
        told(photo, (LEFT, "Ann"))
    album.regions.read()
    assert {f.by for p in (first, second) for f in album.faces(p)} == {"hand"}
    assert [act.verb for act in album.store.acts.all()] == ["merge", "name"]
    album.verbs.undo()
    album.verbs.undo()
    assert album.named() == {}
    assert [album.faces(p)[0].person for p in (first, second)] == [a, b]
    assert {f.by for p in (first, second) for f in album.faces(p)} == {"cluster"}


def test_a_dry_run_names_nobody(album: Album) -> None:
    photo = album.photo("a.jpg")
    person = album.person(*album.faces(photo))
    told(photo, (LEFT, "Ann"))
    done = album.regions.read(dry_run=True)
    assert [(n.person, n.name) for n in done.named] == [(person, "Ann")]
    assert album.named() == {} and album.store.acts.all() == []


def test_regions_round_no_face_are_told(album: Album) -> None:
    photo = album.photo("a.jpg", [LEFT])
    album.person(*album.faces(photo))
    told(photo, (RIGHT, "Bo"))
    done = album.regions.read()
    assert [u.name for u in done.unmatched] == ["Bo"] and album.named() == {}


def test_what_we_wrote_under_a_former_name_is_no_conflict(album: Album) -> None:
    photo = album.photo("a.jpg")
    album.person(*album.faces(photo), name="Ann")
    album.regions.write()
    album.verbs.name("Ann", "Anna")
    done = album.regions.read()
    assert done.conflicts == [] and set(album.named()) == {"Anna"}


def test_a_library_that_forgot_reads_back_what_it_wrote(album: Album, tmp_path: Path) -> None:
    for number, orientation in enumerate(ORIENTATIONS):
        photo = album.photo(f"{orientation}.jpg", [LEFT, RIGHT], orientation)
        for face, side in zip(album.faces(photo), ("left", "right"), strict=True):
            album.person(face, name=f"{side} of {number}")
    known = album.named()
    out = tmp_path / "out"
    album.regions.write()
    album.regions.write(WriteOptions(embed=True, folder=out))
    for _ in range(2 * len(ORIENTATIONS)):
        album.verbs.undo()
    assert album.named() == {}
    for beside in album.folder.glob("*.xmp"):
        beside.rename(out / beside.name)
    done = album.regions.read([out])
    assert album.named() == known
    assert (done.failed, done.conflicts, done.unmatched) == ([], [], [])
    assert done.regions == 2 * len(known), "each is told by the copy and by the sidecar"


def test_only_the_photos_asked_for_are_read(album: Album, tmp_path: Path) -> None:
    for name in ("one/a.jpg", "two/b.jpg"):
        photo = album.photo(name)
        album.person(*album.faces(photo))
        told(photo, (LEFT, photo.stem))
    album.regions.read([album.folder / "one"])
    assert set(album.named()) == {"a"}
    album.regions.read([album.folder / "two" / "b.jpg"])
    assert set(album.named()) == {"a", "b"}
    (tmp_path / "strange.jpg").write_bytes(b"strange")
    for nothing in (tmp_path / "strange.jpg", tmp_path / "absent.jpg", tmp_path / "library"):
        with pytest.raises(NothingIndexed):
            album.regions.read([nothing])


def test_hostile_metadata_stops_no_other(album: Album) -> None:
    names = ["bomb.jpg", "cut.jpg", "gone.jpg", "well.jpg"]
    for name in names:
        photo = album.photo(name)
        album.person(*album.faces(photo))
        told(photo, (LEFT, photo.stem))
    (album.folder / "bomb.jpg.xmp").write_bytes(b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    (album.folder / "cut.jpg.xmp").write_bytes(packet()[:200])
    (album.folder / "gone.jpg").unlink()
    done = album.regions.read()
    codes = {Path(f.path).name: f.code for f in done.failed}
    assert codes == {"bomb.jpg.xmp": "P210", "cut.jpg.xmp": "P210", "gone.jpg": "P201"}
    assert set(album.named()) == {"well"}


@pytest.mark.parametrize("suffix", [".jpg", ".webp", ".png", ".tif"])
@pytest.mark.parametrize("embedded", [True, False])
def test_what_exiftool_writes_is_read(album: Album, suffix: str, embedded: bool) -> None:
    """Regions of a picture stored lying on its side, in the file itself and in a sidecar."""
    photo = album.photo(f"a{suffix}", [LEFT, RIGHT], 6)
    for face in album.faces(photo):
        album.person(face)
    if not embedded:
        exiftool("-o", photo.with_name(photo.name + ".xmp"), "-xmp-dc:title=x", photo)
    areas = ["{X=0.5,Y=0.75,W=0.2,H=0.1,Unit=normalized}", "{X=0.5,Y=0.35,W=0.2,H=0.1}"]
    listed = ",".join(
        f"{{Area={area},Name={name},Type=Face}}"
        for area, name in zip(areas, ("Ann", "Bo"), strict=True)
    )
    exiftool(
        "-overwrite_original",
        f"-RegionInfo={{AppliedToDimensions={{W=300,H=400,Unit=pixel}},RegionList=[{listed}]}}",
        photo if embedded else photo.with_name(photo.name + ".xmp"),
    )
    done = album.regions.read()
    assert done.failed == []
    left, right = album.faces(photo)
    assert album.named() == {"Ann": [left.id], "Bo": [right.id]}
