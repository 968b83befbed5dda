"""What is too large is stopped while it comes in, whatever it says of itself."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from personae.web.limits import WORDS
from tests.web.access import Guarded, guarded, with_users

MOST = 3_000_000
"""Bytes of an upload that this server takes."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    folder = tmp_path_factory.mktemp("guarded") / "library"
    with_users(folder)
    with guarded(folder, "--max-upload", "0.003") as one:
        yield one


def chunks(size: int) -> Iterator[bytes]:
    """A form with one file, in pieces; nobody says beforehand how long it is."""
    yield (
        b"--edge\r\nContent-Disposition: form-data; name=file; filename=film.mp4\r\n"
        b"Content-Type: video/mp4\r\n\r\n"
    )
    for _ in range(size // 10_000):
        yield bytes(10_000)
    yield b"\r\n--edge--\r\n"


FORM = "multipart/form-data; boundary=edge"


def send(served: Guarded, who: str, path: str, kind: str, content: object) -> httpx.Response:
    """Posts something in the name of somebody."""
    headers = {"authorization": f"Bearer {served.token(who)}", "content-type": kind}
    return httpx.post(
        served.url + path, headers=headers, content=content, timeout=60, trust_env=False
    )  # type: ignore[arg-type]


def test_what_says_that_it_is_too_large_is_not_even_read(served: Guarded) -> None:
    place = urlsplit(served.url)
    with socket.create_connection((str(place.hostname), place.port or 0), 30) as wire:
        wire.sendall(
            b"POST /api/v1/media HTTP/1.1\r\nHost: " + place.netloc.encode()
            + b"\r\nAuthorization: Bearer " + served.token("editor").encode()
            + b"\r\nContent-Type: " + FORM.encode()
            + b"\r\nContent-Length: 3000000000000\r\n\r\n"
        )  # fmt: skip
        answer = b"".join(iter(lambda: wire.recv(65536), b""))
    assert b" 413 " in answer.partition(b"\r\n")[0] and b'"code":"P704"' in answer


@pytest.mark.parametrize("said", ["-1", "1e9", "0x10", "९"])
def test_a_length_that_is_none_is_refused(served: Guarded, said: str) -> None:
    place = urlsplit(served.url)
    with socket.create_connection((str(place.hostname), place.port or 0), 30) as wire:
        wire.sendall(
            b"POST /api/v1/media HTTP/1.1\r\nHost: " + place.netloc.encode()
            + b"\r\nContent-Length: " + said.encode() + b"\r\n\r\n"
        )  # fmt: skip
        assert b" 400 " in wire.recv(65536).partition(b"\r\n")[0]


def test_what_does_not_say_how_large_it_is_is_counted(served: Guarded) -> None:
    answer = send(served, "editor", "/api/v1/media", FORM, chunks(MOST + 1_000_000))
    assert (answer.status_code, answer.json()["code"]) == (413, "P704")
    assert answer.headers["content-type"] == "application/problem+json"
    below = send(served, "editor", "/api/v1/media", FORM, chunks(MOST // 2))
    assert below.status_code != 413
    uploads = served.folder / "uploads"
    left = [path for path in uploads.rglob("*") if path.is_file()] if uploads.exists() else []
    assert sum(path.stat().st_size for path in left) <= MOST


def test_words_are_never_that_long(served: Guarded) -> None:
    long = b'{"name": "' + b"x" * WORDS + b'"}'
    for path in ("/api/v1/session", "/api/v1/people/1/name"):
        answer = send(served, "editor", path, "application/json", long)
        assert (answer.status_code, answer.json()["code"]) == (413, "P704")


def test_the_server_is_still_there(served: Guarded, tmp_path: Path) -> None:
    assert httpx.get(served.url + "/api/v1/ready", trust_env=False).json() == {"status": "ready"}
