"""What happens during a watch, told to the history: who came, who left, which camera is dark."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from personae.app.maintaining import Maintained
from personae.app.recording import Recorded
from personae.app.status_file import History
from personae.app.watched_stream import WatchedStream
from personae.core.live import LivePerson
from personae.flows.watch import called

log = logging.getLogger(__name__)


class Happenings:
    """Tells the history; any thread may.

    Args:
        history: is told.
        clock: milliseconds since 1970.
    """

    def __init__(self, history: History, clock: Callable[[], int]) -> None:
        self._history = history
        self._clock = clock

    def people(self, stream: WatchedStream, there: tuple[LivePerson, ...]) -> bool:
        """Who came, was recognised or left; whether anything changed."""
        now = {p.id: (p.type, p.person) for p in there}
        for person in there:
            if stream.known.get(person.id) != now[person.id]:
                self._person(stream, person)
        self._left(stream, stream.known.keys() - now.keys())
        changed = stream.known != now
        stream.known = now
        return changed

    def camera(self, stream: WatchedStream) -> bool:
        """Whether a camera went dark or came back."""
        state = stream.camera.state()
        dark = state.state == "dark"
        if dark == stream.dark:
            return False
        stream.dark = dark
        event = "camera dark" if dark else "camera back"
        self._add(event, {"camera": stream.config.name, "reason": state.reason})
        if dark:
            # Whoever was there is not there when it comes back, until a look says so
            stream.seen = ((), 0)
            self.people(stream, ())
        return True

    def trouble(self, stream: WatchedStream, reason: str) -> None:
        """Why a look failed, told once until one succeeds (an empty reason); the watch goes on."""
        if reason and reason != stream.trouble:
            log.warning("camera %s: a look failed: %s", stream.config.name, reason)
            self._add("trouble", {"camera": stream.config.name, "reason": reason})
        stream.trouble = reason

    def kept(self, kept: Recorded) -> None:
        """A face was kept; a new profile is told."""
        if kept.fresh and kept.person is not None:
            details = {"camera": kept.camera, "person": kept.person}
            self._add("profile made", {**details, "name": called(None, kept.person)})

    def maintained(self, done: Maintained) -> None:
        """Profiles were looked after."""
        self._add("profiles maintained", done.as_json())

    def _left(self, stream: WatchedStream, tracks: Iterable[int]) -> None:
        for number in sorted(tracks):
            self._add("left", {"camera": stream.config.name, "track": number})

    def _person(self, stream: WatchedStream, person: LivePerson) -> None:
        details = {
            "camera": stream.config.name,
            "track": person.id,
            "type": person.type,
            "person": person.person,
            "name": person.name,
            "confidence": person.confidence,
            "live": person.live,
        }
        self._add("person", details)

    def _add(self, event: str, details: dict[str, object]) -> None:
        try:
            self._history.add(self._clock(), event, details)
        except OSError as error:
            # A full disk must not end the watch
            log.warning("the history misses %r: %s", event, error)
