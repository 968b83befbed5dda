"""Cameras that die, stall, talk nonsense and change, all at once, before one watch."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import personae
from personae.adapters.demo import FilmSettings, Framing, Layer, Scene, make_film, probes
from personae.adapters.sources.camera import CameraOptions
from personae.app.cameras import CameraConfig
from personae.app.watching import Watching, WatchOptions
from personae.flows.watch import WatchSettings
from tests.accept.camera_diary import Diary, Looks
from tests.accept.proof import NotRun, Room, Row, at_least, at_most, beside, exactly
from tests.media.line import Line
from tests.media.live_http import Piece, live_over_http, piece
from tests.media.rtsp import RtspServer, rtsp_is_here

ROUNDS = 2
DOWN_S = 9.0
"""How long the disturbed cameras are away."""
AFTER_S = 13.0
BACK_S = 10.0
LATE_S = CameraOptions().read_s + 1.0
"""A stall is told at the latest so long after it began."""
PAUSE_S = 1.0
WIDE, SMALL = (640, 360), (320, 240)
PIECE_S, PIECES = 5, 16
NAME = "Eileen Collins"
STARTED_S = 60.0
DISTURBED = ("killed", "stalled", "garbled")
UNDISTURBED = ("steady", "resized", "jumping")


def proof(room: Room) -> list[Row]:
    """Six cameras; three go and come back twice, two change while they run, one does nothing."""
    if not rtsp_is_here():
        raise NotRun("needs Debian's gir1.2-gst-rtsp-server-1.0 and python3-gi")
    with personae.Library(personae.Settings(library=room.folder / "library")) as lib:
        lib.enrol(NAME, [probes()[NAME]])
        with _site(room.folder) as site:
            return _watched(lib, site)


class _Site:
    """The servers, and what is done to them."""

    def __init__(self, folder: Path, jumping: str) -> None:
        self._film = folder / "wide.mp4"
        self._servers = {
            name: RtspServer({"a": folder / ("resized.ts" if name == "resized" else "wide.mp4")})
            for name in ("steady", "resized", *DISTURBED)
        }
        self._line = Line(self._servers["garbled"].port)
        self.addresses = {name: one.address("a") for name, one in self._servers.items()}
        self.addresses["garbled"] = f"rtsp://viewer:geheim@127.0.0.1:{self._line.port}/a"
        self.addresses["jumping"] = jumping

    def disturb(self) -> None:
        self._servers["killed"].kill()
        self._servers["stalled"].freeze()
        self._line.garble()

    def mend(self) -> None:
        self._servers["killed"] = RtspServer({"a": self._film}, self._servers["killed"].port)
        self._servers["stalled"].thaw()
        self._line.clear()

    def close(self) -> None:
        self._line.close()
        for server in self._servers.values():
            server.kill()


@contextmanager
def _site(folder: Path) -> Iterator[_Site]:
    films = {}
    for name, size, seconds in (
        ("wide", WIDE, 3 * (DOWN_S + AFTER_S)),
        ("piece", WIDE, PIECE_S),
        ("small", SMALL, PIECE_S),
    ):
        films[name] = folder / f"{name}.mp4"
        face = Layer("collins", Framing(0.5, 0.3, 0.4), Framing(0.54, 0.32, 0.4))
        scene = Scene(round(25 * seconds), (face,))
        make_film(films[name], (scene,), FilmSettings(width=size[0], height=size[1]))
    scratch = folder / "scratch.ts"
    sizes = [films["piece"], films["small"]] * (PIECES // 2)
    resized = [piece(film, scratch, 10.0 + PIECE_S * n) for n, film in enumerate(sizes)]
    (folder / "resized.ts").write_bytes(b"".join(one.data for one in resized))
    with ExitStack() as open_until:
        jumping = open_until.enter_context(live_over_http(_jumps(films["piece"], scratch)))
        site = _Site(folder, jumping)
        open_until.callback(site.close)
        yield site


def _jumps(film: Path, scratch: Path) -> list[Piece]:
    """Timestamps that go on an hour ahead, then fall back to the beginning, over and over."""
    return [piece(film, scratch, (10.0, 3600.0)[n % 2]) for n in range(PIECES)]


def _watched(lib: personae.Library, site: _Site) -> list[Row]:
    cameras = [
        CameraConfig(name, address, CameraOptions()) for name, address in site.addresses.items()
    ]
    looks = Looks()
    before = _held()
    with Watching(
        lib, cameras, WatchSettings(liveness=False), WatchOptions(onlookers=(looks,))
    ) as watch:
        diary = Diary(lib.folder / "status.json")
        _until_all_are_live(watch)
        time.sleep(2)
        running = _held()
        diary.begin()
        for _ in range(ROUNDS):
            for name in DISTURBED:
                diary.went(name)
            site.disturb()
            time.sleep(DOWN_S)
            site.mend()
            for name in DISTURBED:
                diary.came_back(name)
            time.sleep(AFTER_S)
        diary.close()
        grown = _held(running)
        told = {stream.name: stream for stream in watch.status().streams}
    left = _held(before)
    kept = sum(diary.kept_while_away(name, _present(lib, name)) for name in DISTURBED)
    return [
        beside("cameras; times that three of them went", f"{len(cameras)}; {ROUNDS}"),
        at_most("back after its return, s, slowest", max(map(diary.back, DISTURBED)), BACK_S),
        at_most("named again, s, slowest", max(map(diary.named, DISTURBED)), BACK_S + 3),
        at_most(
            "told to be dark after it went, s, latest", max(map(diary.late, DISTURBED)), LATE_S
        ),
        exactly("looks at the status that were untrue", diary.untrue(DISTURBED, UNDISTURBED), 0),
        exactly("that told of people no look had seen", diary.unseen(DISTURBED, looks, LATE_S), 0),
        at_least("appearances kept of them", sum(len(_present(lib, n)) for n in DISTURBED), 9),
        at_most("seconds of presence kept while they were away", kept, 0.0),
        exactly("reasons left out, or passwords in them", diary.badly_reasoned(DISTURBED), 0),
        at_most("longest pause of looks at others, s", looks.pause(UNDISTURBED, diary), PAUSE_S),
        at_least("least looks a second at others", min(map(looks.rate(diary), UNDISTURBED)), 4.0),
        exactly("sizes told of the one that changes", diary.sizes("resized"), 2),
        exactly(
            "connections of those that were not cut",
            max(told[name].connections for name in UNDISTURBED),
            1,
        ),
        exactly("threads and files more than before the trouble", _more(grown, running), "0, 0"),
        exactly("threads and files more than before the watch", _more(left, before), "0, 0"),
    ]


def _present(lib: personae.Library, camera: str) -> list[tuple[float, float]]:
    """When anybody appeared before a camera, in seconds since 1970."""
    origins = {media.path: (media.captured_at or 0) / 1000 for media in lib.media()}
    path = f"camera:{camera}"
    mine = [one for one in lib.appearances() if one.path == path]
    return [(origins[path] + one.start, origins[path] + one.end) for one in mine]


def _until_all_are_live(watch: Watching) -> None:
    until = time.monotonic() + STARTED_S
    while any(stream.state != "live" for stream in watch.status().streams):
        if time.monotonic() > until:
            raise TimeoutError("not all cameras began")
        time.sleep(0.1)


def _held(aim: tuple[int, int] | None = None) -> tuple[int, int]:
    """Threads and open files; what is only passing is waited for, or the least of a second."""
    least = (1 << 30, 1 << 30)
    until = time.monotonic() + (1.0 if aim is None else 6.0)
    while time.monotonic() < until and (aim is None or least[0] > aim[0] or least[1] > aim[1]):
        now = (threading.active_count(), _files())
        least = (min(least[0], now[0]), min(least[1], now[1]))
        time.sleep(0.02)
    return least


def _files() -> int:
    """Open ones but for the library's database, to which a few connections are kept."""
    found = 0
    for entry in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):
            found += not entry.readlink().name.startswith("library.db")
    return found


def _more(now: tuple[int, int], before: tuple[int, int]) -> str:
    return f"{max(now[0] - before[0], 0)}, {max(now[1] - before[1], 0)}"
