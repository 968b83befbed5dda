"""What every frame source promises, whatever it reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from personae.adapters.sources.photo import PhotoSource
from personae.adapters.sources.video import VideoSource
from personae.core.errors import SourceError
from personae.core.frame import Frame
from personae.ports import FrameSource
from tests.media.films import Recipe, film
from tests.media.photos import cornered, photo

Make = Callable[[Path], Path]
Adapter = type[VideoSource] | type[PhotoSource]


def _film(name: str, **recipe: object) -> Make:
    return lambda folder: film(folder / name, Recipe(**recipe))  # type: ignore[arg-type]


GIF = {"codec": "gif", "pixels": "rgb8", "base": Fraction(1, 100), "times": range(0, 120, 12)}
AVI = {"codec": "mpeg4", "base": Fraction(1, 25), "times": range(50)}
CASES: dict[str, tuple[Adapter, Make]] = {
    "photo": (PhotoSource, lambda folder: photo(folder / "a.png", Image.fromarray(cornered()))),
    "mp4": (VideoSource, _film("a.mp4")),
    "late": (VideoSource, _film("late.mkv", times=range(5000, 7000, 40))),
    "uneven": (VideoSource, _film("uneven.mp4", times=(0, 7, 100, 101, 350))),
    "raw": (VideoSource, _film("a.h264", format="h264")),
    "avi": (VideoSource, _film("a.avi", **AVI)),
    "gif": (VideoSource, _film("a.gif", **GIF)),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("media")
    return {name: make(folder) for name, (_, make) in CASES.items()}


@pytest.fixture(params=CASES)
def source(request: pytest.FixtureRequest, made: dict[str, Path]) -> Iterator[FrameSource]:
    adapter = CASES[request.param][0]
    with adapter(made[request.param]) as opened:
        yield opened


def times(frames: Iterator[Frame]) -> list[Fraction]:
    return [frame.time.pts * frame.time.base for frame in frames]


def test_times_begin_at_zero_and_increase(source: FrameSource) -> None:
    seen = times(source.frames())
    assert seen[0] == 0
    assert all(a < b for a, b in pairwise(seen))
    assert (len(seen) == 1) == source.info.still


def test_frames_are_numbered_from_zero(source: FrameSource) -> None:
    numbers = [frame.index for frame in source.frames()]
    assert numbers == list(range(len(numbers)))


def test_units_are_those_of_the_info(source: FrameSource) -> None:
    assert {frame.time.base for frame in source.frames()} == {source.info.base}


def test_a_second_iteration_gives_the_same(source: FrameSource) -> None:
    first = [(frame.time.pts, frame.picture.rgb().tobytes()) for frame in source.frames()]
    assert first == [(frame.time.pts, frame.picture.rgb().tobytes()) for frame in source.frames()]


def test_iterations_do_not_disturb_each_other(source: FrameSource) -> None:
    alone = times(source.frames())
    one, two = source.frames(), source.frames()
    pairs = [(a.time.pts, b.time.pts) for a, b in zip(one, two, strict=True)]
    assert pairs == [(a, a) for a, _ in pairs]
    assert len(pairs) == len(alone)


def test_pictures_have_the_size_that_is_announced(source: FrameSource) -> None:
    width, height = source.info.width, source.info.height
    for frame in source.frames():
        picture = frame.picture
        assert (picture.width, picture.height) == (width, height)
        rgb, luma = picture.rgb(), picture.luma()
        assert rgb.shape == (height, width, 3)
        assert rgb.dtype == np.uint8
        assert max(luma.shape) == 80
        assert luma.ndim == 2
        for size in ((width, height), (31, 17), (2 * width, 3 * height)):
            assert picture.rgb_at(*size).shape == (size[1], size[0], 3)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.5, 0.99, 2.0])
def test_a_start_gives_the_tail_from_the_last_frame_before_it(
    source: FrameSource, share: float
) -> None:
    whole = times(source.frames())
    start = float(whole[-1]) * share
    before = [time for time in whole if time <= Fraction(start)]
    assert times(source.frames(start)) == whole[len(before) - 1 :]


def test_a_closed_source_fails_and_does_not_end(source: FrameSource) -> None:
    under_way = source.frames()
    next(under_way)
    with source:
        pass
    with pytest.raises(SourceError):
        list(source.frames())
    if not source.info.still:
        with pytest.raises(SourceError):
            list(under_way)


@pytest.mark.parametrize("adapter", [VideoSource, PhotoSource])
@pytest.mark.parametrize(
    ("content", "code"),
    [(None, "P201"), (b"", "P202"), (b"no picture at all, only words\n" * 99, "P208")],
)
def test_what_cannot_be_read_has_a_code(
    tmp_path: Path, adapter: Adapter, content: bytes | None, code: str
) -> None:
    path = tmp_path / "x.mp4"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SourceError) as caught:
        adapter(path)
    assert caught.value.code == code
