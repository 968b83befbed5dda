"""Decode-only: the least that reading a film can cost. One thread, no colours. Prints frames."""

from __future__ import annotations

import sys

import av


def main(film: str) -> None:
    """Decodes every frame and keeps none."""
    with av.open(film) as container:
        stream = container.streams.video[0]
        stream.codec_context.thread_type = "NONE"
        stream.codec_context.thread_count = 1
        frames = sum(1 for _ in container.decode(stream))
    sys.stdout.write(f"{frames}\n")


if __name__ == "__main__":
    main(sys.argv[1])
