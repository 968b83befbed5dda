"""Frame times read from packets are those that decoding gives, in every container."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import pytest

from personae.adapters.sources.frame_times import frame_times
from personae.adapters.sources.video import VideoSource
from personae.core.errors import SourceMissing
from personae.core.numbering import Numbering
from tests.media.films import Recipe, film, with_longer_sound

NTSC = Fraction(1001, 30000)
UNEVEN = tuple(sum([40, 33, 40, 20, 100][: n % 5]) + 233 * (n // 5) for n in range(40))


@pytest.mark.parametrize(
    ("name", "recipe"),
    [
        ("b.mp4", Recipe(times=range(60), base=NTSC, options={"bf": "3"})),
        ("b.mkv", Recipe(times=range(60), base=NTSC, options={"bf": "3"})),
        ("b.ts", Recipe(times=range(60), base=NTSC, options={"bf": "3"})),
        ("open.ts", Recipe(times=range(60), base=NTSC, options={"x264-params": "open-gop=1"})),
        ("a.avi", Recipe(codec="mpeg4", times=range(50), base=Fraction(1, 25))),
        ("uneven.mp4", Recipe(times=UNEVEN)),
        ("uneven.mkv", Recipe(times=UNEVEN)),
        ("late.mkv", Recipe(times=tuple(t + 700 for t in UNEVEN))),
        ("raw.h264", Recipe(times=range(30), base=Fraction(1, 25), format="h264")),
        ("small.gif", Recipe(codec="gif", pixels="rgb8", times=tuple(range(0, 200, 10)),
                             base=Fraction(1, 100))),
    ],
)  # fmt: skip
def test_times_are_those_of_decoding(tmp_path: Path, name: str, recipe: Recipe) -> None:
    made = film(tmp_path / name, recipe)
    found = frame_times(made)
    with VideoSource(made) as source:
        decoded = [frame.time.pts for frame in source.frames()]
        assert found.base == source.info.base
    assert len(decoded) > 15
    assert found.times is not None
    assert found.times.tolist() == decoded
    assert not found.sound


@pytest.mark.parametrize("name", ["n.mp4", "n.mkv", "n.ts"])
def test_the_rate_of_ntsc_film_is_exact_in_every_container(tmp_path: Path, name: str) -> None:
    found = frame_times(film(tmp_path / name, Recipe(times=range(90), base=NTSC)))
    made = Numbering.of(found.base, found.rate, found.times)
    assert made.constant and made.rate == 1 / NTSC and made.drop


def test_sound_and_timecode_are_told(tmp_path: Path) -> None:
    assert frame_times(with_longer_sound(tmp_path / "s.mp4", 1, 1)).sound
    plain = film(tmp_path / "p.mp4", Recipe(times=range(30), base=NTSC))
    assert frame_times(plain).timecode is None
    coded = tmp_path / "coded.mov"
    with av.open(str(plain)) as source, av.open(str(coded), "w") as target:
        target.metadata["timecode"] = "01:02:03;04"
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.size:
                packet.stream = stream
                target.mux(packet)
    assert frame_times(coded).timecode == "01:02:03;04"


def test_a_film_that_is_gone_is_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(SourceMissing):
        frame_times(tmp_path / "gone.mp4")
