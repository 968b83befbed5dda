"""Files that are broken in ways a program meets: empty, cut, flipped, without pictures, huge."""

from __future__ import annotations

import random
import struct
import wave
import zlib
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

BOMB_SIDE = 60_000


def generated(folder: Path, film: Path) -> list[Path]:
    """Odd files made from a sound film; those whose name begins with ``sound`` must be indexed."""
    folder.mkdir()
    content = film.read_bytes()
    chance = random.Random(3)
    (folder / "empty.mp4").write_bytes(b"")
    (folder / "random.mp4").write_bytes(chance.randbytes(200_000))
    (folder / "random.jpg").write_bytes(chance.randbytes(50_000))
    (folder / "text.png").write_text("this is no picture\n" * 50, encoding="utf-8")
    # The index of an MP4 lies at its end: half a file cannot be read
    (folder / "half.mp4").write_bytes(content[: len(content) // 2])
    (folder / "sound \"quoted\"\nand 'broken' name.mp4").write_bytes(content + b"\0")
    (folder / "sound but flipped.mp4").write_bytes(_flipped(content, chance))
    _audio_only(folder / "audio.mp4")
    _tone(folder / "tone.wav")
    _no_frames(folder / "no frames.mp4")
    _bomb(folder / "bomb.png")
    return sorted(folder.iterdir())


def _flipped(content: bytes, chance: random.Random) -> bytes:
    """A bit in every 20,000 bytes of the pictures turned over; the index is left alone."""
    start = content.index(b"mdat") + 1000
    end = content.rindex(b"moov") if content.rindex(b"moov") > start else len(content)
    flipped = bytearray(content)
    for at in range(start, end, 20_000):
        flipped[at + chance.randrange(min(20_000, end - at))] ^= 1 << chance.randrange(8)
    return bytes(flipped)


def _audio_only(path: Path) -> None:
    with av.open(str(path), "w") as out:
        stream = out.add_stream("aac", rate=16_000)
        for start in range(0, 16_000, 1024):
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
            frame.sample_rate, frame.pts, frame.time_base = 16_000, start, Fraction(1, 16_000)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))


def _tone(path: Path) -> None:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(bytes(16_000))


def _no_frames(path: Path) -> None:
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        out.mux(stream.encode(None))


def _bomb(path: Path) -> None:
    """A sound PNG of 3.6 thousand million white or black pixels, some hundred kilobytes long."""
    packed = zlib.compressobj(1)
    row = bytes(1 + -(-BOMB_SIDE // 8))
    data = b"".join(packed.compress(row * 100) for _ in range(BOMB_SIDE // 100)) + packed.flush()
    head = struct.pack(">IIBBBBB", BOMB_SIDE, BOMB_SIDE, 1, 0, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", data), (b"IEND", b"")]
    with path.open("wb") as out:
        out.write(b"\x89PNG\r\n\x1a\n")
        for kind, body in chunks:
            out.write(struct.pack(">I", len(body)) + kind + body)
            out.write(struct.pack(">I", zlib.crc32(kind + body)))
