"""Uploads: files out of a multipart body, written as they come in, under names of our own."""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from anyio import to_thread
from python_multipart.exceptions import FormParserError, MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect, Request

from personae.web.refusals import BodyTooLarge, Malformed, WrongType

FIELDS = {"collection": 200}
"""Words that may come beside the files, and how many bytes each may have."""
MOST_FILES = 200
LONGEST_NAME = 120
"""Bytes of a file's name that are kept."""
HEADERS = 8_000
"""Bytes of the headers of one part."""
INCOMING = "incoming"
"""Below the folder of uploads: what is not whole yet."""
PART = ".part"


@dataclass(frozen=True, slots=True)
class Received:
    """One file that came in whole.

    Attributes:
        path: where it lies.
        name: as its owner calls it, made harmless.
        size: bytes.
    """

    path: Path
    name: str
    size: int


@dataclass(slots=True)
class Form:
    """What came in.

    Attributes:
        files: in order.
        words: the other fields.
    """

    files: list[Received] = field(default_factory=list)
    words: dict[str, str] = field(default_factory=dict)

    def discard(self) -> None:
        """Removes the files."""
        for one in self.files:
            one.path.unlink(missing_ok=True)


async def receive(request: Request, folder: Path, limit: int, field_name: str) -> Form:
    """Writes the files of a request below ``folder``; what is not taken whole leaves nothing.

    Args:
        request: its body is read here, once, and never held whole.
        folder: of the uploads.
        limit: bytes of one file.
        field_name: of the parts that are files.

    Raises:
        WrongType: the body is no multipart form.
        Malformed: it is broken, ends early, or holds no file.
        BodyTooLarge: a file is larger than the limit.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not boundary:
        raise WrongType(
            "an upload is multipart/form-data", f"Send the file as the field {field_name!r}."
        )
    incoming = folder / INCOMING
    incoming.mkdir(parents=True, exist_ok=True)
    parts = _Parts(incoming, limit, field_name)
    whole = False
    try:
        parser = MultipartParser(boundary, parts.callbacks())
        async for block in _blocks(request):
            await to_thread.run_sync(parser.write, block)
        parser.finalize()
        whole = parts.ended
    except (FormParserError, MultipartParseError) as error:
        raise Malformed(f"the form is broken: {error}") from error
    except ClientDisconnect as error:
        raise Malformed("the connection ended before the upload did") from error
    finally:
        if not whole:
            parts.abandon()
    if not parts.form.files:
        parts.abandon()
        raise Malformed(f"the form holds no file in a field {field_name!r}")
    return parts.form


async def _blocks(request: Request) -> AsyncIterator[bytes]:
    async for block in request.stream():
        if block:
            yield block


class _Parts:
    """Takes the parser's calls, one part after the other."""

    def __init__(self, folder: Path, limit: int, field_name: str) -> None:
        self.form = Form()
        self.ended = False
        self._folder, self._limit, self._field = folder, limit, field_name
        self._headers: dict[str, bytes] = {}
        self._key, self._value = bytearray(), bytearray()
        self._read = 0
        self._file: BinaryIO | None = None
        self._size = 0
        self._word = bytearray()

    def callbacks(self) -> Any:  # noqa: ANN401 - the parser's own kind of dictionary
        """What the parser calls."""
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, a, b: self._header(self._key, data[a:b]),
            "on_header_value": lambda data, a, b: self._header(self._value, data[a:b]),
            "on_header_end": self._header_end,
            "on_headers_finished": self._open,
            "on_part_data": lambda data, a, b: self._data(data[a:b]),
            "on_part_end": self._end,
            "on_end": self._finish,
        }

    def abandon(self) -> None:
        """Leaves nothing behind."""
        if self._file is not None:
            self._file.close()
            with suppress(OSError):
                os.unlink(self._file.name)
            self._file = None
        self.form.discard()

    def _begin(self) -> None:
        self._headers, self._read = {}, 0
        self._size, self._word = 0, bytearray()

    def _header(self, into: bytearray, data: bytes) -> None:
        self._read += len(data)
        if self._read > HEADERS:
            raise Malformed("the headers of a part are too long")
        into += data

    def _header_end(self) -> None:
        self._headers[self._key.decode("latin-1").lower()] = bytes(self._value)
        self._key, self._value = bytearray(), bytearray()

    def _open(self) -> None:
        _, options = parse_options_header(self._headers.get("content-disposition", b""))
        name = options.get(b"name", b"").decode("utf-8", "replace")
        self._name = name
        if name == self._field and b"filename" in options:
            if len(self.form.files) >= MOST_FILES:
                raise Malformed(f"at most {MOST_FILES} files are taken at once")
            self._shown = harmless(options[b"filename"].decode("utf-8", "replace"))
            path = self._folder / f"{secrets.token_hex(12)}{PART}"
            self._file = path.open("xb")
        elif name not in FIELDS:
            raise Malformed(f"the form has an unknown field {name[:40]!r}")

    def _data(self, data: bytes) -> None:
        if self._file is None:
            self._word += data
            if len(self._word) > FIELDS[self._name]:
                raise Malformed(f"the field {self._name!r} is too long")
            return
        self._size += len(data)
        if self._size > self._limit:
            raise BodyTooLarge(f"no file larger than {self._limit / 1e6:.0f} MB is taken here")
        self._file.write(data)

    def _end(self) -> None:
        if self._file is not None:
            self._file.close()
            self.form.files.append(Received(Path(self._file.name), self._shown, self._size))
            self._file = None
            return
        try:
            self.form.words[self._name] = self._word.decode("utf-8")
        except UnicodeDecodeError as error:
            raise Malformed(f"the field {self._name!r} is not UTF-8") from error

    def _finish(self) -> None:
        self.ended = True


def harmless(name: str) -> str:
    """A file's name without folders, control characters and what systems take for special."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(c if c.isprintable() and c not in '<>:"|?*' else "_" for c in last)
    kept = kept.strip(" .").lstrip("-~")
    stem, dot, suffix = kept.rpartition(".")
    if not dot or len(suffix.encode()) > 12:
        stem, suffix = kept, ""
    room = LONGEST_NAME - len(suffix.encode()) - 1
    stem = stem.encode()[:room].decode("utf-8", "ignore").strip(" .")
    return f"{stem or 'upload'}.{suffix}" if suffix else stem or "upload"


def settle(received: Received, folder: Path) -> Path:
    """Moves a file that was looked at to its place: a folder of its own, under its own name."""
    place = folder / secrets.token_hex(8)
    place.mkdir(parents=True)
    target = place / received.name
    received.path.replace(target)
    return target


def sweep(folder: Path) -> None:
    """Removes what an earlier server had not received whole."""
    for left in (folder / INCOMING).glob(f"*{PART}"):
        left.unlink(missing_ok=True)
