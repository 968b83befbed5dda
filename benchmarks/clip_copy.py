"""What cutting a clip costs by copying, against encoding it anew, on one cut of one film.

    python benchmarks/clip_copy.py [--json] [--film FILM] [--from S] [--to S]

Without a film, one minute at 1280 x 720 with sound is made (moving noise over a gradient, H.264
with B-frames, a key frame every ten seconds). Both ways take turns; the quickest of each counts.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from personae.adapters.clips import Excerpt, cut_excerpt

PROMISED = 10.0
SECONDS, RATE, WIDTH, HEIGHT = 60, 25, 1280, 720
SOUND_RATE = 48_000
TURNS = 3


def made(path: Path) -> Path:
    """A film that is neither still nor pure noise, so that encoding it costs what films cost."""
    rng = np.random.default_rng(1)
    grain = rng.integers(0, 48, (HEIGHT * 2, WIDTH * 2), np.uint8)
    slope = np.linspace(20, 180, WIDTH, dtype=np.uint8)[None, :].repeat(HEIGHT, axis=0)
    options = {"preset": "veryfast", "g": "250", "bf": "3", "crf": "23"}
    with av.open(str(path), "w") as out:
        picture = out.add_stream("libx264", rate=RATE, options=options)
        picture.width, picture.height, picture.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        sound = out.add_stream("aac", rate=SOUND_RATE, layout="stereo")
        for number in range(SECONDS * RATE):
            y, x = number * 3 % HEIGHT, number * 5 % WIDTH
            luma = np.roll(slope, number * 2, axis=1) + grain[y : y + HEIGHT, x : x + WIDTH]
            planes = np.vstack([luma, np.full((HEIGHT // 2, WIDTH), 128, np.uint8)])
            frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            out.mux(picture.encode(frame))
            out.mux(sound.encode(_tone(number)))
        out.mux(picture.encode())
        out.mux(sound.encode())
    return path


def _tone(number: int) -> av.AudioFrame:
    count = SOUND_RATE // RATE
    times = (np.arange(count) + number * count) / SOUND_RATE
    wave = (0.2 * np.sin(2 * np.pi * 440 * times)).astype(np.float32)
    frame = av.AudioFrame.from_ndarray(np.stack([wave, wave]), format="fltp", layout="stereo")
    frame.sample_rate, frame.pts = SOUND_RATE, number * count
    return frame


def timed(
    film: Path, span: tuple[float, float], target: Path, reencode: bool
) -> tuple[float, Excerpt]:
    """Seconds that one way of cutting takes, and what it wrote."""
    began = time.perf_counter()
    done = cut_excerpt(film, *span, target, reencode=reencode)
    return time.perf_counter() - began, done


def measured(film: Path, span: tuple[float, float], folder: Path) -> dict[str, float | int | bool]:
    """Both ways in turns."""
    copying, encoding = [], []
    for _ in range(TURNS):
        took, copied = timed(film, span, folder / "copied.mp4", reencode=False)
        copying.append(took)
        took, encoded = timed(film, span, folder / "encoded.mp4", reencode=True)
        encoding.append(took)
    return {
        "seconds": copied.end - copied.start,
        "frames": copied.frames,
        "same_frames": copied.frames == encoded.frames and copied.start == encoded.start,
        "copied": copied.copied,
        "copy_s": min(copying),
        "encode_s": min(encoding),
        "times_faster": min(encoding) / min(copying),
        "promised": PROMISED,
    }


def main() -> int:
    """Measures and says what was found; 1 where the promise is not kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="machine-readable")
    parser.add_argument("--film", type=Path)
    parser.add_argument("--from", dest="start", type=float, default=7.2)
    parser.add_argument("--to", dest="end", type=float, default=37.2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="personae-clip-") as name:
        folder = Path(name)
        film = options.film or made(folder / "film.mp4")
        found = measured(film, (options.start, options.end), folder)
    if options.json:
        sys.stdout.write(json.dumps(found, indent=1) + "\n")
    else:
        sys.stdout.write(
            f"{found['frames']} frames, {found['seconds']:.2f} s: "
            f"copied in {found['copy_s']:.3f} s, "
            f"encoded in {found['encode_s']:.2f} s: {found['times_faster']:.0f} times faster "
            f"(promised: {PROMISED:.0f}); same frames: {found['same_frames']}\n"
        )
    return 0 if found["copied"] and found["times_faster"] >= PROMISED else 1


if __name__ == "__main__":
    sys.exit(main())
