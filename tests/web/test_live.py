"""The REST side of cameras: status, events, history, pictures that move, and letting go of them."""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import pytest

from personae.web.routes.live import SEATS
from tests.web.access import guarded
from tests.web.cameras import NAMES, FakeWatch, four_cameras, person, stream
from tests.web.serving import Served, serving


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("watched") / "library") as one:
        yield one


@contextmanager
def client(served: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{served.url}/api/v1", timeout=30, trust_env=False) as one:
        yield one


Event = tuple[str, str, dict[str, Any]]


def events(answer: httpx.Response) -> Iterator[Event]:
    """Server-sent events as they come: name, number, data."""
    told: dict[str, str] = {}
    for line in answer.iter_lines():
        if line:
            key, _, value = line.partition(": ")
            told[key] = value
        elif "event" in told:
            yield told["event"], told["id"], json.loads(told["data"])
            told = {}


def first(found: Iterator[Event], name: str) -> Event:
    return next(one for one in found if one[0] == name)


def active(served: Served) -> float:
    """Requests that are being answered, this one left out."""
    text = httpx.get(f"{served.url}/metrics", trust_env=False).text
    found = re.search(r"^personae_http_requests_active (\S+)", text, re.MULTILINE)
    assert found
    return float(found[1]) - 1


def freed(served: Served) -> None:
    until = time.monotonic() + 10
    while active(served) > 0:
        assert time.monotonic() < until, "the server still answers a client that went"
        time.sleep(0.1)


def parts(answer: httpx.Response) -> Iterator[tuple[dict[str, str], bytes]]:
    """The pictures of a moving one, whole."""
    held = b""
    for data in answer.iter_bytes():
        held += data
        while True:
            head, gap, rest = held.partition(b"\r\n\r\n")
            if not gap:
                break
            lines = [line for line in head.decode().split("\r\n") if line and line[:2] != "--"]
            told = dict(line.lower().split(": ", 1) for line in lines)
            size = int(told["content-length"])
            if len(rest) < size + 2:
                break
            yield told, rest[:size]
            held = rest[size + 2 :]


def test_without_a_watch_nothing_runs(empty_server: Served) -> None:
    with client(empty_server) as ask:
        assert ask.get("/live").json() == {
            "timestamp": 0, "started": 0, "running": False, "streams": [],
        }  # fmt: skip
        assert ask.get("/live/history").json() == {"items": [], "next": None}
        assert ask.get("/live/door/picture").json()["code"] == "P701"
        assert ask.get("/live/door/stream").status_code == 404
        (empty_server.library / "status.json").write_text("{half")
        assert ask.get("/live").json()["streams"] == []


def test_the_status_is_that_of_the_file_until_it_is_old(watched: Served) -> None:
    with client(watched) as ask:
        watch = FakeWatch(watched.library, [stream("front door", [person(1)])])
        watch.write()
        told = ask.get("/live").json()
        assert told == json.loads((watched.library / "status.json").read_text())
        assert told["streams"] == json.loads(json.dumps([asdict(watch.streams[0])]))
        old = json.loads((watched.library / "status.json").read_text())
        old["timestamp"] -= 31_000
        (watched.library / "status.json").write_text(json.dumps(old))
        told = ask.get("/live").json()
        assert told["running"] is False and told["streams"] == old["streams"]


def test_each_change_is_told_and_alerts_are_told_once(watched: Served) -> None:
    with client(watched) as ask, four_cameras(watched.library) as watch:
        with ask.stream("GET", "/live/events") as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            heard = events(answer)
            _, _, told = first(heard, "status")
            assert [one["name"] for one in told["streams"]] == list(NAMES)
            watch.history.add(5, "camera dark", {"camera": "hall", "reason": "no frame"})
            _, _, happened = first(heard, "history")
            assert happened["words"] == "The camera went dark: no frame"
            assert (happened["camera"], happened["at"]) == ("hall", 5)
            watch.alert("a1", "Ana")
            _, number, alert = first(heard, "alert")
            assert (alert["id"], alert["words"]) == ("a1", "Ana at front door (97 %)")
            assert alert["browser"] is True
            watch.write([stream("hall", state="dark", reason="no frame")])
            until = time.monotonic() + 10
            while [one["state"] for one in told["streams"]] != ["dark"]:
                assert time.monotonic() < until
                _, _, told = first(heard, "status")
        time.sleep(0.01)
        watch.alert("a2", "Ben", ["log"])
        # Whoever comes back hears what was told in between, and nothing twice
        with ask.stream("GET", "/live/events", headers={"last-event-id": number}) as answer:
            _, _, alert = first(events(answer), "alert")
            assert (alert["id"], alert["browser"]) == ("a2", False)
    freed(watched)


def test_a_stream_of_events_ends_when_it_was_said(watched: Served) -> None:
    with client(watched) as ask, ask.stream("GET", "/live/events?limit_s=1") as answer:
        begun = time.monotonic()
        assert {name for name, _, _ in events(answer)} == {"status"}
        assert time.monotonic() - begun < 5
    with client(watched) as ask:
        assert ask.get("/live/events?limit_s=0").status_code == 422
        odd = {"last-event-id": "nonsense"}
        with ask.stream("GET", "/live/events?limit_s=0.3", headers=odd) as answer:
            assert answer.status_code == 200


def test_the_history_comes_in_pages_newest_first(empty_server: Served) -> None:
    watch = FakeWatch(empty_server.library, [stream("hall")])
    told = {"camera": "hall", "track": 1, "type": "known", "person": 3, "name": "Ana"}
    for number in range(10):
        watch.history.add(number, "person", {**told, "confidence": 0.978, "live": "live"})
    watch.history.add(65_009, "left", {"camera": "hall", "track": 1})
    with client(empty_server) as ask:
        page = ask.get("/live/history?limit=4").json()
        assert page["items"][0] == {
            "at": 65_009, "event": "left", "camera": "hall", "words": "Ana left after 1 min",
            "person": None, "name": None, "type": None,
        }  # fmt: skip
        assert page["items"][1]["words"] == "Ana was recognised (97 %), seen to be alive"
        found = list(page["items"])
        while page["next"]:
            watch.history.add(70_000, "camera back", {"camera": "hall"})
            page = ask.get("/live/history", params={"limit": 4, "cursor": page["next"]}).json()
            found += page["items"]
        assert [one["at"] for one in found] == [65_009, *range(9, -1, -1)]
        for cursor in ("x", "WzEsMl0", "WyJhIl0"):
            assert ask.get("/live/history", params={"cursor": cursor}).status_code == 422


def test_a_picture_is_the_newest_and_only_of_a_camera(watched: Served) -> None:
    with client(watched) as ask:
        watch = FakeWatch(watched.library, [stream("front door"), stream("..")])
        watch.write()
        watch.picture("front door", 1)
        answer = ask.get("/live/front door/picture")
        assert answer.headers["content-type"] == "image/jpeg"
        assert answer.headers["cache-control"] == "no-store"
        one = watched.library / "live" / "front door.jpg"
        assert answer.content == one.read_bytes()
        watch.picture("front door", 2)
        assert ask.get("/live/front door/picture").content == one.read_bytes() != answer.content
        (watched.library / "secret.jpg").write_bytes(b"hidden bytes")
        (watched.library / "live" / "other.jpg").write_bytes(b"other")
        for name in (
            "other",
            "..",
            "../secret",
            "..%2Fsecret",
            "%2e%2e%2fsecret",
            "front door.jpg",
        ):
            for what in ("picture", "stream"):
                refused = ask.get(f"/live/{name}/{what}")
                assert refused.status_code == 404 and b"hidden" not in refused.content, name


def test_a_camera_moves_until_its_client_goes(watched: Served) -> None:
    with client(watched) as ask, four_cameras(watched.library):
        with ask.stream("GET", f"/live/{quote(NAMES[0])}/stream") as answer:
            assert answer.headers["content-type"] == "multipart/x-mixed-replace; boundary=personae"
            assert answer.headers["cache-control"] == "no-store"
            moving = parts(answer)
            found = [next(moving)[1] for _ in range(3)]
            assert active(watched) == 1
        assert len(set(found)) == 3
        assert all(one.startswith(b"\xff\xd8") and one.endswith(b"\xff\xd9") for one in found)
        freed(watched)


def test_a_wall_moves_all_cameras_in_one_answer(watched: Served) -> None:
    with client(watched) as ask, four_cameras(watched.library) as watch:
        with ask.stream("GET", "/live/stream") as answer:
            seen: dict[str, set[bytes]] = {quote(name).lower(): set() for name in NAMES}
            for told, picture in parts(answer):
                seen[told["x-camera"]].add(picture)
                assert abs(int(told["x-at"]) - time.time() * 1000) < 5000
                if all(len(one) >= 3 for one in seen.values()):
                    break
        freed(watched)
        # A camera that comes later is there too
        with ask.stream("GET", "/live/stream") as answer:
            watch.write([*watch.streams, stream("attic")])
            assert any(told["x-camera"] == "attic" for told, _ in parts(answer))
    freed(watched)


def test_who_takes_pictures_slowly_gets_new_ones_and_holds_nobody_up(watched: Served) -> None:
    place = urlsplit(watched.url)
    with client(watched) as ask, four_cameras(watched.library), ExitStack() as slow:
        for _ in range(8):
            link = slow.enter_context(socket.create_connection((place.hostname, place.port)))
            link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            link.sendall(b"GET /api/v1/live/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        time.sleep(2)
        begun = time.monotonic()
        assert ask.get("/live").json()["running"] is True
        assert ask.get("/version").status_code == 200
        assert time.monotonic() - begun < 2
    freed(watched)


def test_open_walls_hold_no_threads_and_there_are_not_endlessly_many(watched: Served) -> None:
    place = urlsplit(watched.url)
    with client(watched) as ask, four_cameras(watched.library), ExitStack() as walls:
        for number in range(SEATS):
            link = walls.enter_context(socket.create_connection((place.hostname, place.port)))
            kind = "events" if number % 2 else "stream"
            link.sendall(f"GET /api/v1/live/{kind} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
            assert link.recv(12) == b"HTTP/1.1 200"
        for path in ("/live/events", "/live/stream", f"/live/{quote(NAMES[0])}/stream"):
            refused = ask.get(path)
            assert (refused.status_code, refused.json()["code"]) == (503, "P707")
        begun = time.monotonic()
        # The pool has 40 threads; everything else is answered by them
        assert ask.get("/live").json()["running"] is True
        assert ask.get(f"/live/{quote(NAMES[1])}/picture").status_code == 200
        assert time.monotonic() - begun < 3
    freed(watched)
    with client(watched) as ask, ask.stream("GET", "/live/events?limit_s=0.3") as answer:
        assert answer.status_code == 200


def test_a_server_that_ends_lets_go_of_who_watches(tmp_path: Path) -> None:
    with guarded(tmp_path / "library") as served, four_cameras(served.folder):
        with httpx.stream("GET", f"{served.url}/api/v1/live/stream", trust_env=False) as wall:
            assert next(parts(wall))[1].startswith(b"\xff\xd8")
            begun = time.monotonic()
            served.process.terminate()
            served.process.wait(20)
            assert time.monotonic() - begun < 5
