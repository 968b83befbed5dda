"""Pictures of films are upright, square-pixelled, rightly coloured, and cheap until asked for."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from personae.adapters.sources.pictures import FilmPicture, Layout
from personae.adapters.sources.planes import to_rgb_matrix
from personae.adapters.sources.upright import Turn, square_size
from personae.adapters.sources.video import VideoSource
from personae.core.frame import Picture
from tests.media.films import Recipe, film, joined, number_of

ONE = 1 << 16
FULL = 1 << 30
MATRICES = {
    # name: display matrix, then the upright corner in which the stored upper left one is shown
    "none": ((ONE, 0, 0, 0, ONE, 0, 0, 0, FULL), (0, 0)),
    "90 clockwise": ((0, ONE, 0, -ONE, 0, 0, 0, 0, FULL), (0, -1)),
    "180": ((-ONE, 0, 0, 0, -ONE, 0, 0, 0, FULL), (-1, -1)),
    "90 anticlockwise": ((0, -ONE, 0, ONE, 0, 0, 0, 0, FULL), (-1, 0)),
    "mirrored": ((-ONE, 0, 0, 0, ONE, 0, 0, 0, FULL), (0, -1)),
    "upside down": ((ONE, 0, 0, 0, -ONE, 0, 0, 0, FULL), (-1, 0)),
    "transposed": ((0, ONE, 0, ONE, 0, 0, 0, 0, FULL), (0, 0)),
    "transversed": ((0, -ONE, 0, -ONE, 0, 0, 0, 0, FULL), (-1, -1)),
}


def first(path: Path) -> Picture:
    with VideoSource(path) as source:
        return next(source.frames()).picture


def red_corner(rgb: np.ndarray) -> tuple[int, int]:
    """Row and column, 0 or -1, of the corner that is red."""
    rows, columns = rgb.shape[0] // 8, rgb.shape[1] // 8
    redness = {
        (row, column): int(
            rgb[rows if row == 0 else -rows, columns if column == 0 else -columns, 0]
        )
        for row in (0, -1)
        for column in (0, -1)
    }
    found = [corner for corner, red in redness.items() if red > 150]
    assert len(found) == 1, redness
    return found[0]


@pytest.mark.parametrize("name", MATRICES)
def test_a_display_matrix_is_obeyed(tmp_path: Path, name: str) -> None:
    matrix, corner = MATRICES[name]
    picture = first(film(tmp_path / "a.mp4", Recipe(times=(0, 40), matrix=matrix)))
    upright = (64, 96) if matrix[0] == 0 else (96, 64)
    assert (picture.width, picture.height) == upright
    assert red_corner(picture.rgb()) == corner
    small = picture.rgb_at(upright[0] // 2, upright[1] // 2)
    assert red_corner(small) == corner
    luma = picture.luma()
    assert luma.shape == ((80, 53) if matrix[0] == 0 else (53, 80))
    bright = np.repeat(luma[:, :, None], 3, axis=2)
    assert np.abs(bright[:, :, 0].astype(int) - grey(picture, *luma.shape[::-1])).mean() < 25


def grey(picture: Picture, width: int, height: int) -> np.ndarray:
    return cv2.cvtColor(picture.rgb_at(width, height), cv2.COLOR_RGB2GRAY).astype(int)


def test_a_turn_by_an_odd_angle_is_the_nearest_quarter() -> None:
    near = (ONE, 3000, 0, -3000, ONE, 0, 0, 0, FULL)
    assert Turn.from_matrix(np.array(near, np.int32).tobytes()) == Turn()


@pytest.mark.parametrize(
    ("aspect", "size"),
    [
        (Fraction(4, 3), (128, 64)),
        (Fraction(3, 4), (96, 85)),
        (Fraction(1), (96, 64)),
        (None, (96, 64)),
    ],
)
def test_pixels_become_square(
    tmp_path: Path, aspect: Fraction | None, size: tuple[int, int]
) -> None:
    picture = first(film(tmp_path / "a.mp4", Recipe(times=(0, 40), aspect=aspect)))
    assert (picture.width, picture.height) == size
    assert picture.rgb().shape == (size[1], size[0], 3)
    assert red_corner(picture.rgb()) == (0, 0)


def test_a_nonsensical_pixel_shape_is_ignored() -> None:
    assert square_size(100, 50, Fraction(1000, 1)) == (100, 50)


FORMATS = {
    "8 bit": Recipe(times=(0, 40)),
    "10 bit": Recipe("ffv1", "yuv420p10le", times=(0, 40)),
    "10 bit H.264": Recipe(pixels="yuv420p10le", times=(0, 40)),
    "4:2:2": Recipe(pixels="yuv422p", times=(0, 40)),
    "4:4:4": Recipe(pixels="yuv444p", times=(0, 40)),
    "full range": Recipe("mjpeg", "yuvj420p", times=(0, 40)),
    "16 bit RGB": Recipe("ffv1", "gbrp16le", times=(0, 40)),
    "grey": Recipe("ffv1", "gray", times=(0, 40)),
    "transparent": Recipe("ffv1", "yuva420p", times=(0, 40)),
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_way_to_store_pixels_gives_the_same_picture(tmp_path: Path, name: str) -> None:
    with VideoSource(film(tmp_path / "a.mkv", FORMATS[name])) as source:
        pictures = [frame.picture for frame in source.frames()]
    assert [number_of(picture.rgb()) for picture in pictures] == [0, 1]
    corner = pictures[0].rgb()[8, 12].astype(int)
    wanted = (76, 76, 76) if name == "grey" else (255, 0, 0)
    assert np.abs(corner - wanted).max() < 40, corner
    assert np.abs(pictures[0].rgb_at(48, 32)[4, 6].astype(int) - wanted).max() < 40
    assert pictures[0].luma().shape == (53, 80)


def painted(pixels: str, colorspace: int, full: bool) -> av.VideoFrame:
    """A 128 x 64 frame of smooth colours in the given matrix and range, made by swscale."""
    across, down = np.meshgrid(np.linspace(20, 235, 128), np.linspace(20, 235, 64))
    rgb = np.stack([across, down, 255 - across], axis=2).astype(np.uint8)
    frame = av.VideoFrame.from_ndarray(rgb, format="rgb24").reformat(
        format=pixels,
        dst_colorspace=colorspace,
        dst_color_range=2 if full else 1,
    )
    frame.colorspace, frame.color_range = colorspace, 2 if full else 1
    return frame


@pytest.mark.parametrize("pixels", ["yuv420p", "yuv444p", "yuv420p10le", "nv12"])
@pytest.mark.parametrize("colorspace", [1, 5])
@pytest.mark.parametrize("full", [False, True])
def test_a_small_picture_has_the_colours_of_the_whole_one(
    pixels: str, colorspace: int, full: bool
) -> None:
    frame = painted(pixels, colorspace, full)
    picture = FilmPicture(frame, Layout.of(frame, Turn(), None))
    whole = cv2.resize(picture.rgb(), (64, 32), interpolation=cv2.INTER_AREA).astype(int)
    assert np.abs(picture.rgb_at(64, 32) - whole).mean() < 2.5


def test_the_matrix_is_that_of_the_standard() -> None:
    """White, black and pure red of BT.709 limited range (ITU-R BT.709-6, table 3)."""
    samples = np.array([[235, 128, 128, 1], [16, 128, 128, 1], [63, 102, 240, 1]], float)
    rgb = samples @ to_rgb_matrix(1, False).T
    assert np.abs(rgb - [[255, 255, 255], [0, 0, 0], [255, 1, -1]]).max() < 2


def test_a_film_that_changes_its_size_keeps_one(tmp_path: Path) -> None:
    """Half the size fills the picture; another shape is centred, never stretched."""
    plain = {"times": range(0, 1600, 40), "options": {"bf": "0"}}
    parts = [
        film(tmp_path / f"{n}.ts", Recipe(size=size, **plain))  # type: ignore[arg-type]
        for n, size in enumerate([(96, 64), (192, 128), (64, 96)])
    ]
    with VideoSource(joined(tmp_path / "all.ts", *parts)) as source:
        assert (source.info.width, source.info.height) == (96, 64)
        pictures = [frame.picture for frame in source.frames()]
    assert len(pictures) >= 117
    assert {picture.rgb().shape for picture in pictures} == {(64, 96, 3)}
    assert {picture.rgb_at(48, 32).shape for picture in pictures} == {(32, 48, 3)}
    last = pictures[-8].rgb()  # number 32: white on the right side only
    assert last[:, :20].max() == 0, "a portrait picture leaves the sides black"
    assert red_corner(last[:, 27:69]) == (0, 0)


def test_colours_are_made_once(tmp_path: Path) -> None:
    picture = first(film(tmp_path / "a.mp4", Recipe(times=(0, 40))))
    assert picture.rgb() is picture.rgb()


def test_leaving_out_frames_leaves_the_others_their_times(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mp4", Recipe(options={"bf": "2", "x264-params": "b-pyramid=0"}))
    with VideoSource(path) as source:
        whole = [frame.time.pts for frame in source.frames()]
    with VideoSource(path, skip_nonref=True) as source:
        some = [frame.time.pts for frame in source.frames()]
    assert len(some) < len(whole)
    assert set(some) < set(whole)


def test_quick_decoding_keeps_every_time(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mp4", Recipe(options={"bf": "2", "x264-params": "b-pyramid=0"}))
    with VideoSource(path) as source:
        whole = [frame.time.pts for frame in source.frames()]
    with VideoSource(path, quick=True) as source:
        quick = [frame.time.pts for frame in source.frames()]
    assert quick == whole and len(whole) > 2
