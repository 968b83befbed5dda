"""A film that is written while things happen; what was written can be played at any moment."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av

from personae.core.arrays import RgbImage

BASE = Fraction(1, 1000)
PICTURE = {"preset": "veryfast", "crf": "23", "bf": "0", "tune": "zerolatency"}
FRAGMENT_MS = 2000
"""A kill loses so much at most."""


class LiveFilm:
    """An MP4 in fragments, H.264, each picture shown until the next one.

    Args:
        path: of the file, which is overwritten.
        width: even.
        height: even.

    Raises:
        OSError: it cannot be written.
    """

    def __init__(self, path: Path, width: int, height: int) -> None:
        options = {
            "movflags": "frag_keyframe+empty_moov+default_base_moof",
            "video_track_timescale": str(BASE.denominator),
            "flush_packets": "1",
        }
        self._out = av.open(f"file:{path}", "w", format="mp4", options=options)
        self._stream = self._out.add_stream("libx264", rate=25, options=PICTURE)
        self._stream.width, self._stream.height = width, height
        self._stream.pix_fmt = "yuv420p"
        self._stream.codec_context.time_base = self._stream.time_base = BASE
        self._stream.codec_context.thread_count = 1
        self._began: int | None = None
        self._last = -1
        self._key = 0

    def add(self, rgb: RgbImage, at: int) -> None:
        """The picture of a moment, milliseconds since 1970; (height, width, 3) uint8 RGB."""
        began = self._began if self._began is not None else at
        self._began = began
        # Two cameras may be looked at in one millisecond
        pts = max(at - began, self._last + 1)
        self._last = pts
        shown = av.VideoFrame.from_ndarray(rgb, format="rgb24")
        # One thread: by itself swscale starts one for each core and frame
        frame = shown.reformat(format="yuv420p", threads=1)
        frame.pts, frame.time_base = pts, BASE
        if pts - self._key >= FRAGMENT_MS:
            self._key = pts
            frame.pict_type = av.video.frame.PictureType.I
        self._out.mux(self._stream.encode(frame))

    def close(self) -> None:
        """Writes what the encoder holds back."""
        self._out.mux(self._stream.encode(None))
        self._out.close()
