"""Looks at files of strangers in a process of its own: are they films or photos at all?"""

from __future__ import annotations

import json
import os
import resource
import select
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Lock

from personae.core.errors import (
    SourceCrashed,
    SourceError,
    SourceStalled,
    SourceUnreadable,
    error_codes,
)

MEMORY = 6 << 30
"""Bytes of address space that looking may take."""
IDLE_FILES = 500
"""Files after which the process is begun anew: decoders leak."""


class Looker:
    """Opens files in another process, which may crash or hang without harm.

    Args:
        patience: seconds that one file may take.
        max_pixels: of a photo.
    """

    def __init__(self, patience: float, max_pixels: int) -> None:
        self._patience, self._max_pixels = patience, max_pixels
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._seen = 0

    def look(self, path: Path) -> str:
        """``film`` or ``photo``.

        Raises:
            SourceError: it is neither, or its first picture cannot be read.
        """
        with self._lock:
            answer = self._asked(path)
        if "kind" in answer:
            return answer["kind"]
        found = error_codes().get(answer["code"], SourceUnreadable)
        raise found(answer["message"], answer["hint"])

    def close(self) -> None:
        """Ends the process."""
        with self._lock:
            self._end()

    def _asked(self, path: Path) -> dict[str, str]:
        process = self._started()
        assert process.stdin is not None and process.stdout is not None
        question = {"path": str(path), "max_pixels": self._max_pixels}
        try:
            process.stdin.write(json.dumps(question).encode() + b"\n")
            process.stdin.flush()
            ready, _, _ = select.select([process.stdout], [], [], self._patience)
            if not ready:
                self._end()
                raise SourceStalled(f"{path.name} could not be read in {self._patience:g} seconds")
            line = process.stdout.readline()
        except BrokenPipeError:
            line = b""
        if not line:
            self._end()
            raise SourceCrashed(f"{path.name} crashes the decoder")
        self._seen += 1
        if self._seen >= IDLE_FILES:
            self._end()
        answer: dict[str, str] = json.loads(line)
        return answer

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._seen = 0
            self._process = subprocess.Popen(
                [sys.executable, "-m", "personae.app.looking"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(BrokenPipeError):
                    stream.close()


def looked_at(path: Path, max_pixels: int) -> dict[str, str]:
    """What one file is, or the error as JSON; runs in the other process."""
    from personae.adapters.sources.kinds import SourceOptions, media_kind, open_source

    try:
        kind = media_kind(path)
        with open_source(path, SourceOptions(max_pixels=max_pixels)) as source:
            next(iter(source.frames()), None)
    except SourceError as error:
        return error.as_json()
    except MemoryError:
        return SourceUnreadable("reading it needs more memory than there is").as_json()
    return {"kind": kind}


def main() -> int:
    """Answers one line for each line of standard input."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    os.nice(5)
    # Decoders print; only answers go where they are read
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    for line in sys.stdin.buffer:
        asked = json.loads(line)
        answer = looked_at(Path(asked["path"]), asked["max_pixels"])
        # Where it lies is nobody's business
        name = Path(asked["path"]).name
        told = {key: text.replace(asked["path"], name) for key, text in answer.items()}
        out.write(json.dumps(told).encode() + b"\n")
        out.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
