"""Real faces in real photos: written by the command, read by ExifTool and by a new library."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from personae.adapters.demo import PORTRAITS
from tests.media.photos import exif, stored_for
from tests.media.regions import exiftool_json
from tests.system.command import answer, run


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One portrait three times: stored upright and on either side, tagged as phones do."""
    folder = tmp_path_factory.mktemp("photos")
    portrait = next(p.path for p in PORTRAITS.values() if p.path.stem == "collins")
    with Image.open(portrait) as image:
        upright = image.convert("RGB").crop((0, 0, image.width, image.height - 40))
    for orientation in (1, 6, 8):
        stored = stored_for(orientation, upright)
        stored.save(folder / f"{orientation}.jpg", exif=exif(orientation).tobytes(), quality=95)
    return folder


def area(said: dict[str, object]) -> tuple[float, ...]:
    """x y w h as ExifTool reads them; of one region it gives a value, of several a list."""
    values = (said[f"RegionArea{side}"] for side in "XYWH")
    return tuple(float(str(v[0] if isinstance(v, list) else v)) for v in values)


def test_names_leave_one_library_and_reach_another(photos: Path, tmp_path: Path) -> None:
    first, second = ("--library", tmp_path / "one"), ("--library", tmp_path / "two")
    done = answer("index", photos, *first, cwd=tmp_path)
    assert len(done["indexed"]) == 3
    (person,) = answer("people", "list", *first, cwd=tmp_path)["people"]
    run("people", "name", str(person["id"]), "Eileen Collins", *first, cwd=tmp_path)
    written = answer("regions", "write", "--embed", "--into", "out", *first, cwd=tmp_path)
    assert (len(written["written"]), written["failed"], written["conflicts"]) == (3, [], [])

    for photo in photos.iterdir():
        with Image.open(photo) as one, Image.open(tmp_path / "out" / photo.name) as other:
            assert one.tobytes() == other.tobytes()

    copies = answer("index", "out", *second, cwd=tmp_path)
    assert len(copies["indexed"]) == 3
    read = answer("regions", "read", *second, cwd=tmp_path)
    assert (read["regions"], len(read["named"]), read["unmatched"]) == (3, 1, [])
    (known,) = answer("people", "list", *second, cwd=tmp_path)["people"]
    assert (known["name"], known["sightings"]) == ("Eileen Collins", 3)

    upright, left, right = (area(exiftool_json(tmp_path / "out" / f"{n}.jpg")) for n in (1, 6, 8))
    x, y, w, h = upright
    assert left == pytest.approx((y, 1 - x, h, w), abs=0.02)
    assert right == pytest.approx((1 - y, x, h, w), abs=0.02)


def test_mistakes_are_told_with_their_code(photos: Path, tmp_path: Path) -> None:
    where = ("--library", tmp_path / "library")
    answer("index", photos / "1.jpg", *where, cwd=tmp_path)
    for words, code in (
        (("regions", "write", "--embed"), "P100"),
        (("regions", "write", "--collection", "none"), "P107"),
        (("regions", "read", tmp_path / "absent.jpg"), "P107"),
    ):
        done = run(*words, *where, "--json", cwd=tmp_path, status=2)
        assert f'"code": "{code}"' in done.stderr
