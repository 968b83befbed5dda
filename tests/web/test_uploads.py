"""Uploads: what is taken is indexed; what is not leaves a clear answer, no file, the server up."""

from __future__ import annotations

import json
import struct
import zipfile
import zlib
from collections.abc import Iterator
from http.client import HTTPConnection
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from PIL import Image

from tests.shared import shared_file
from tests.web.conftest import DemoLibrary
from tests.web.serving import Served, serving

API = "/api/v1"
BOUNDARY = "personae-boundary"
HOSTILE = (
    "../../../../tmp/evil.jpg",
    "..\\..\\evil.jpg",
    "/etc/cron.d/evil",
    "C:\\windows\\evil.jpg",
    ".htaccess",
    "..",
    "",
    "a\x00b.jpg",
    "a\r\nX-Evil: 1.jpg",
    "con.jpg",
    "-rf.jpg",
    "~root.jpg",
    "%2e%2e%2fevil.jpg",
    "\u202egpj.exe",
    "ä" * 300 + ".jpg",
    "x." + "y" * 400,
    "<script>alert(1)</script>.jpg",
    'quote".jpg',
    "🙂.jpg",
)


@pytest.fixture(scope="module")
def taking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server whose library is empty at first, for all tests of one file."""
    with serving(tmp_path_factory.mktemp("taking") / "library") as one:
        yield one


@pytest.fixture
def client(taking: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=taking.url + API, timeout=120) as one:
        yield one


def part(name: str, content: bytes, field: str = "file") -> bytes:
    """One part of a form, its file name as it is: no client would send some of them."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"; filename="'.encode()
    return head + name.encode() + b'"\r\n\r\n' + content + b"\r\n"


def send(client: httpx.Client, body: bytes) -> httpx.Response:
    kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    return client.post("/media", content=body + f"--{BOUNDARY}--\r\n".encode(), headers=kind)


def over(client: httpx.Client, job: str) -> dict[str, object]:
    with client.stream("GET", f"/jobs/{job}/events") as events:
        told = [json.loads(line[6:]) for line in events.iter_lines() if line.startswith("data: ")]
    return dict(told[-1])


def files_around(one: Served) -> set[Path]:
    """Everything beside the library: nothing may be added to it."""
    outside = one.library.parent.parent
    return {p for p in outside.rglob("*") if not p.is_relative_to(one.library)}


def left(one: Served) -> list[Path]:
    """Uploaded files that lie in the library."""
    return [path for path in (one.library / "uploads").rglob("*") if path.is_file()]


def refused(answered: httpx.Response) -> dict[str, object]:
    """The problem of an answer that must be one."""
    assert 400 <= answered.status_code < 500, (answered.status_code, answered.text[:500])
    assert answered.headers["content-type"] == "application/problem+json"
    told = dict(answered.json())
    assert told["code"] and told["hint"] and told["request_id"]
    return told


def up(client: httpx.Client) -> None:
    assert client.get("/ready").status_code == 200


def photo(colour: int) -> bytes:
    made = BytesIO()
    Image.new("RGB", (64, 48), (colour, 10, 10)).save(made, "JPEG")
    return made.getvalue()


def test_films_and_photos_are_taken_and_indexed(
    client: httpx.Client, taking: Served, demo_library: DemoLibrary
) -> None:
    still = next(iter(sorted(demo_library.stills.iterdir())))
    body = {"collection": "Demo"}
    files = [
        ("file", ("film of mine.mp4", demo_library.film.read_bytes(), "video/mp4")),
        ("file", ("x.txt", still.read_bytes(), "text/plain")),
        ("file", ("no.jpg", b"no picture at all", "image/jpeg")),
    ]
    answered = client.post("/media", data=body, files=files)
    assert answered.status_code == 202, answered.text
    jobs, wrong = answered.json()["jobs"], answered.json()["refused"]
    assert [one["title"] for one in jobs] == ["film of mine.mp4", "x.txt"]
    assert [(one["name"], one["code"][:2]) for one in wrong] == [("no.jpg", "P2")]
    told = [over(client, one["id"]) for one in jobs]
    assert [one["state"] for one in told] == ["done", "done"]
    media = {one["id"]: one for one in client.get("/media").json()["items"]}
    assert [media[one["media"][0]]["name"] for one in told] == ["film of mine.mp4", "x.txt"]
    assert all(one["collection"] == "Demo" and one["uploaded"] for one in media.values())
    assert client.get("/people").json()["total"] >= 3
    assert len(left(taking)) == 2


def test_the_same_content_is_kept_once(
    client: httpx.Client, taking: Served, demo_library: DemoLibrary
) -> None:
    before = client.get("/media").json()["total"]
    for _ in range(2):
        files = {"file": ("again.mp4", demo_library.film.read_bytes())}
        [job] = client.post("/media", files=files).json()["jobs"]
        assert over(client, job["id"])["state"] == "done"
    assert client.get("/media").json()["total"] == max(before, 1)
    names = [path.name for path in left(taking)]
    assert len([name for name in names if name.endswith(".mp4")]) == 1


def test_what_was_uploaded_is_deleted_with_its_medium(client: httpx.Client, taking: Served) -> None:
    [job] = client.post("/media", files={"file": ("gone.jpg", photo(1))}).json()["jobs"]
    [number] = over(client, job["id"])["media"]  # type: ignore[misc]
    assert any(path.name == "gone.jpg" for path in left(taking))
    assert client.delete(f"/media/{number}").status_code == 204
    assert not any(path.name == "gone.jpg" for path in left(taking))


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_made_harmless(client: httpx.Client, taking: Served, name: str) -> None:
    before, here = files_around(taking), len(left(taking))
    answered = send(client, part(name, photo(HOSTILE.index(name) + 20)))
    assert files_around(taking) == before
    if answered.status_code != 202:
        refused(answered)
        assert len(left(taking)) == here
        return
    [job] = answered.json()["jobs"]
    assert over(client, job["id"])["state"] == "done"
    title = job["title"]
    assert title and len(title.encode()) <= 130
    assert not set(title) & set('/\\<>:"|?*\0\r\n') and not title.startswith((".", "-", "~"))
    up(client)


def test_wrong_types_are_refused(client: httpx.Client, taking: Served) -> None:
    here = left(taking)
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("bomb", b"\0" * 300_000_000)
    for content in (
        archive.getvalue(),
        b"",
        b"GIF89a",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"#!/bin/sh\nrm -rf /\n",
        b"%PDF-1.7\n",
        b"#EXTM3U\nhttp://127.0.0.1/x.ts\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
    ):
        for name, kind in (("x.mp4", "video/mp4"), ("x.jpg", "image/jpeg"), ("x", "text/html")):
            refused(client.post("/media", files={"file": (name, content, kind)}))
    assert left(taking) == here
    up(client)


def test_a_bomb_of_pixels_is_refused(client: httpx.Client, taking: Served) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    data = zlib.compress(b"\0" * 50_000_000, 9)
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    here = left(taking)
    told = refused(client.post("/media", files={"file": ("bomb.png", png)}))
    assert told["code"] == "P204"
    assert left(taking) == here


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b"{}"),
        ("multipart/form-data", b""),
        ("multipart/form-data; boundary=x", b""),
        ("multipart/form-data; boundary=x", b"nothing of a form"),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\n\r\n--x--\r\n"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="file"'),
        ("multipart/form-data; boundary=x", b"--x\r\nA: " + b"b" * 100_000 + b"\r\n\r\n\r\n--x--"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="evil"\r\n\r\n1\r\n--x--\r\n',
        ),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="file"; filename="cut.jpg"\r\n\r\n'
            b"\xff\xd8",
        ),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="collection"\r\n\r\n\xff\r\n--x--\r\n',
        ),
        ("application/octet-stream", b"\0" * 1000),
        ("", b"\xff\xd8\xff"),
    ],
)
def test_broken_forms_are_refused(
    client: httpx.Client, taking: Served, kind: str, body: bytes
) -> None:
    here = left(taking)
    refused(client.post("/media", content=body, headers={"Content-Type": kind}))
    assert left(taking) == here
    up(client)


def test_too_large_a_file_is_refused_while_it_comes_in(tmp_path: Path) -> None:
    """3 GB, sent in pieces without saying how much it will be; the disk never sees them."""
    sparse = tmp_path / "huge.mp4"
    with sparse.open("wb") as file:
        file.truncate(3_000_000_000)
    sent = 0

    def body() -> Iterator[bytes]:
        nonlocal sent
        yield part("huge.mp4", b"").removesuffix(b"\r\n")
        with sparse.open("rb") as file:
            while block := file.read(1 << 20):
                sent += len(block)
                yield block

    with serving(tmp_path / "library", max_upload_bytes=20_000_000) as one:
        kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        with httpx.Client(base_url=one.url + API, timeout=60) as client:
            try:
                told = client.post("/media", content=body(), headers=kind)
                assert (told.status_code, refused(told)["code"]) == (413, "P704")
            except httpx.WriteError:
                # The server hung up before all was sent, which is what it shall do
                assert sent < 100_000_000
        with httpx.Client(base_url=one.url + API, timeout=60) as client:
            up(client)
        assert sent < 100_000_000
        assert left(one) == []
        # Who says so beforehand is refused before anything is sent
        honest = HTTPConnection(one.url.removeprefix("http://"), timeout=60)
        honest.putrequest("POST", f"{API}/media")
        for name, value in {**kind, "Content-Length": "3000000000"}.items():
            honest.putheader(name, value)
        honest.endheaders()
        answered = honest.getresponse()
        assert (answered.status, json.loads(answered.read())["code"]) == (413, "P704")
        honest.close()


def test_every_malformed_file_has_an_answer(client: httpx.Client, taking: Served) -> None:
    """Either it is refused with a code, or taken, and then its job ends."""
    folder = shared_file("data/malformed")
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    assert len(files) > 20
    before = files_around(taking)
    taken = []
    for path in files:
        answered = client.post("/media", files={"file": (path.name, path.read_bytes())})
        if answered.status_code == 202:
            taken += answered.json()["jobs"]
        else:
            refused(answered)
    ends = {over(client, job["id"])["state"] for job in taken}
    assert ends <= {"done", "failed"}
    assert len(taken) < len(files)
    assert files_around(taking) == before
    up(client)


def test_paths_outside_the_open_folders_are_refused(
    tmp_path: Path, demo_library: DemoLibrary
) -> None:
    open_folder = tmp_path / "open"
    open_folder.mkdir()
    (open_folder / "way out").symlink_to(demo_library.film)
    inside = open_folder / "film.mp4"
    inside.write_bytes(demo_library.film.read_bytes())
    with (
        serving(tmp_path / "library", media_folders=[str(open_folder)]) as one,
        httpx.Client(base_url=one.url + API, timeout=60) as client,
    ):
        for path in (
            demo_library.film,
            "/etc/passwd",
            open_folder / "way out",
            open_folder / ".." / "library" / "library.db",
            "relative.mp4",
        ):
            told = refused(client.post("/media/by-path", json={"path": str(path)}))
            assert told["code"] == "P803", path
            assert str(demo_library.film.parent) not in str(told["detail"])
        assert refused(client.post("/media/by-path", json={"path": "\0"}))["code"] == "P703"
        missing = client.post("/media/by-path", json={"path": str(open_folder / "no.mp4")})
        assert refused(missing)["code"] == "P701"
        [job] = client.post("/media/by-path", json={"path": str(inside)}).json()["jobs"]
        assert over(client, job["id"])["state"] == "done"
        [number] = [one["id"] for one in client.get("/media").json()["items"]]
        client.delete(f"/media/{number}").raise_for_status()
        assert inside.is_file()
