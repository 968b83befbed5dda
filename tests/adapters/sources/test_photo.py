"""Photos come out upright and in 8-bit RGB whatever they are stored as, or fail with a code."""

from __future__ import annotations

import io
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from personae.adapters.sources.photo import PhotoSource
from personae.core.arrays import RgbImage
from personae.core.errors import SourceError, SourceTooLarge, SourceTruncated, SourceUnsupported
from tests.media.photos import (
    CORNERS,
    cornered,
    corners_of,
    exif,
    photo,
    png16_grey,
    png_of_size,
    stored_for,
)


def rgb_of(path: Path) -> RgbImage:
    with PhotoSource(path) as source:
        (frame,) = source.frames()
        assert (frame.time.pts, frame.index) == (0, 0)
        assert source.info.still
        return frame.picture.rgb()


def image() -> Image.Image:
    return Image.fromarray(cornered())


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("ending", ["jpg", "png", "tif", "webp"])
def test_every_orientation_comes_out_upright(tmp_path: Path, orientation: int, ending: str) -> None:
    path = tmp_path / f"a.{ending}"
    photo(path, stored_for(orientation, image()), exif=exif(orientation), quality=95)
    rgb = rgb_of(path)
    assert rgb.shape == (32, 48, 3)
    assert corners_of(rgb) == CORNERS


@pytest.mark.parametrize(
    ("ending", "mode"),
    [
        ("jpg", "RGB"), ("jpg", "CMYK"), ("png", "RGB"), ("png", "P"), ("png", "RGBA"),
        ("bmp", "RGB"), ("webp", "RGB"), ("webp", "RGBA"), ("tif", "RGB"), ("tif", "CMYK"),
        ("tif", "P"), ("avif", "RGB"), ("gif", "P"), ("ppm", "RGB"),
    ],
)  # fmt: skip
def test_every_kind_and_mode_keeps_its_colours(tmp_path: Path, ending: str, mode: str) -> None:
    path = photo(tmp_path / f"a.{ending}", image().convert(mode), quality=95)
    assert corners_of(rgb_of(path)) == CORNERS


@pytest.mark.parametrize("mode", ["L", "1", "LA"])
def test_what_has_no_colour_is_grey(tmp_path: Path, mode: str) -> None:
    rgb = rgb_of(photo(tmp_path / "a.png", image().convert(mode)))
    assert rgb.shape == (32, 48, 3)
    assert (rgb[..., 0] == rgb[..., 2]).all()
    assert int(rgb.max()) - int(rgb.min()) > 100


@pytest.mark.parametrize("mode", ["RGBA", "LA", "PA"])
def test_what_is_transparent_is_white(tmp_path: Path, mode: str) -> None:
    clear = Image.new("RGBA", (20, 10), (0, 0, 0, 0))
    clear.paste((0, 0, 0, 255), (0, 0, 10, 10))
    ending = "tif" if mode == "PA" else "png"
    made = clear.convert("P") if mode == "PA" else clear.convert(mode)
    rgb = rgb_of(photo(tmp_path / f"a.{'png' if mode == 'PA' else ending}", made))
    assert rgb[5, 15].tolist() == [255, 255, 255]
    assert rgb[5, 5].tolist() == [0, 0, 0]


def test_16_bits_are_scaled_and_not_cut_off(tmp_path: Path) -> None:
    ramp = np.tile(np.linspace(0, 65535, 64).astype(np.uint16), (8, 1))
    rgb = rgb_of(png16_grey(tmp_path / "a.png", ramp))
    assert np.abs(rgb[0, :, 0].astype(int) - ramp[0] / 257).max() <= 1


@pytest.mark.parametrize("highest", [1.0, 255.0, 65535.0])
def test_floats_are_brought_to_8_bits(tmp_path: Path, highest: float) -> None:
    ramp = np.tile(np.linspace(0, highest, 64).astype(np.float32), (8, 1))
    ramp[1, 3] = np.nan
    rgb = rgb_of(photo(tmp_path / "a.tif", Image.fromarray(ramp)))
    assert np.abs(rgb[0, :, 1].astype(int) - np.linspace(0, 255, 64)).max() <= 1


def test_of_several_pages_the_first_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    photo(path, image(), save_all=True, append_images=[Image.new("RGB", (9, 9))])
    assert corners_of(rgb_of(path)) == CORNERS


def test_colours_and_small_pictures_agree(tmp_path: Path) -> None:
    with PhotoSource(photo(tmp_path / "a.png", image())) as source:
        (frame,) = source.frames()
        assert corners_of(frame.picture.rgb_at(24, 16)) == CORNERS
        assert frame.picture.luma().shape == (53, 80)


@pytest.mark.parametrize(
    ("taken", "zone", "utc"),
    [
        ("2021:07:09 12:30:15", "+02:00", datetime(2021, 7, 9, 10, 30, 15, tzinfo=UTC)),
        ("2021:07:09 12:30:15", "", datetime(2021, 7, 9, 12, 30, 15, tzinfo=UTC)),
        ("2021:07:09 12:30:15", "-03:30", datetime(2021, 7, 9, 16, 0, 15, tzinfo=UTC)),
        ("    :  :     :  :  ", "", None),
        ("", "", None),
    ],
)
def test_the_time_it_was_taken(tmp_path: Path, taken: str, zone: str, utc: datetime | None) -> None:
    path = photo(tmp_path / "a.jpg", image(), exif=exif(1, taken, zone))
    with PhotoSource(path) as source:
        wanted = None if utc is None else int(utc.timestamp() * 1000)
        assert source.captured_at == wanted


def test_broken_exif_spoils_no_picture(tmp_path: Path) -> None:
    path = photo(tmp_path / "a.jpg", image(), exif=b"Exif\0\0II*\0\xff\xff\xff\x00junk", quality=95)
    assert corners_of(rgb_of(path)) == CORNERS
    with PhotoSource(path) as source:
        assert source.captured_at is None


def code_of(path: Path) -> str:
    with pytest.raises(SourceError) as caught:
        PhotoSource(path)
    return caught.value.code


def test_a_bomb_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    with pytest.raises(SourceTooLarge, match="60000 x 60000"):
        PhotoSource(png_of_size(tmp_path / "a.png", 60_000, 60_000))


def test_the_limit_is_ours_and_not_the_libraries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What Pillow alone would refuse is opened; what we refuse is refused."""
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    path = photo(tmp_path / "b.png", image())
    with pytest.raises(Image.DecompressionBombError):
        Image.open(path)
    with pytest.raises(SourceTooLarge):
        PhotoSource(path, max_pixels=48 * 32 - 1)
    PhotoSource(path, max_pixels=48 * 32)


@pytest.mark.parametrize("ending", ["jpg", "png", "webp", "tif", "bmp", "ppm", "avif"])
def test_a_photo_cut_in_the_middle_fails(tmp_path: Path, ending: str) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (64, 64, 3), np.uint8)
    path = photo(tmp_path / f"a.{ending}", Image.fromarray(noise))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert code_of(path) in {"P203", "P206"}


def test_a_cut_jpeg_is_called_cut(tmp_path: Path) -> None:
    path = photo(tmp_path / "a.jpg", image())
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(SourceTruncated):
        PhotoSource(path)


@pytest.mark.parametrize("kind", ["SGI", "PCX", "TGA", "ICO", "JPEG2000", "EPS", "DDS", "ICNS"])
def test_exotic_formats_are_refused(tmp_path: Path, kind: str) -> None:
    buffer = io.BytesIO()
    image().save(buffer, kind)
    path = tmp_path / "a.jpg"
    path.write_bytes(buffer.getvalue())
    with pytest.raises(SourceUnsupported):
        PhotoSource(path)


def test_heic_is_read_where_its_reader_is_installed(tmp_path: Path) -> None:
    heif = pytest.importorskip("pillow_heif", reason="the extra `heif` is not installed")
    heif.register_heif_opener()
    path = photo(tmp_path / "a.heic", image(), exif=exif(6, "2021:07:09 12:30:15"), quality=95)
    with PhotoSource(path) as source:
        (frame,) = source.frames()
        # The tag does not count in HEIC: the container's own turn does, and there is none.
        assert corners_of(frame.picture.rgb()) == CORNERS
        assert source.captured_at is not None


def test_heic_without_its_reader_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    path = tmp_path / "a.heic"
    path.write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100))
    with pytest.raises(SourceUnsupported) as caught:
        PhotoSource(path)
    assert "personae[heif]" in caught.value.hint


def test_a_profile_does_not_stand_in_the_way(tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    path = photo(tmp_path / "a.jpg", image(), icc_profile=profile, quality=95)
    assert corners_of(rgb_of(path)) == CORNERS
