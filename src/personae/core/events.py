"""What happens before cameras, out of what is known now; and what is told of it outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from personae.core.live import Liveness, LivePerson, LiveStatus, LiveStream, LiveType


@dataclass(frozen=True, slots=True)
class Event:
    """What holds at a camera at a moment, and since it began: the same time as long as it lasts.

    Attributes:
        kind: somebody is there, the camera is dark, or so many people are counted.
        camera: where.
        occurrence: the same text as long as it is the same time.
        type: of the person.
        person: number in the library; None for strangers and what is not of one person.
        name: of the person.
        confidence: probability that it is this person, 0..1.
        live: what is known of a living face.
        people: how many are counted.
        reason: why the camera is dark, or why a face is taken for a picture of one.
    """

    kind: Literal["person", "dark", "people"]
    camera: str
    occurrence: str
    type: LiveType | None = None
    person: int | None = None
    name: str | None = None
    confidence: float = 0.0
    live: Liveness | None = None
    people: int = 0
    reason: str = ""

    @property
    def subject(self) -> str:
        """Of whom or what: a known person is the same everywhere, all else is its camera's."""
        if self.kind == "person" and self.person is not None and self.type != "spoof":
            return f"person {self.person}"
        return f"{self.kind} {self.type or ''} {self.camera}"


@dataclass(frozen=True, slots=True)
class Alert:
    """An event that a rule wants told.

    Attributes:
        id: unique; it stays the same however often delivery is tried.
        at: milliseconds since 1970.
        rule: name of the rule.
        event: what happened.
        snapshot: JPEG of the camera's newest picture, if the rule asks for one and there is one.
    """

    id: str
    at: int
    rule: str
    event: Event
    snapshot: bytes | None = None

    def as_json(self) -> dict[str, object]:
        """The alert without its picture, as it is sent and logged."""
        event = self.event
        return {
            "id": self.id,
            "at": self.at,
            "rule": self.rule,
            "kind": event.kind if event.type is None else event.type,
            "camera": event.camera,
            "person": event.person,
            "name": event.name,
            "confidence": event.confidence,
            "live": event.live,
            "people": event.people,
            "reason": event.reason,
        }


def events_of(status: LiveStatus) -> list[Event]:
    """Everything that holds at this moment, camera by camera."""
    return [event for stream in status.streams for event in _at(stream)]


def _at(stream: LiveStream) -> list[Event]:
    found = [_of(stream.name, person) for person in stream.persons]
    crowd = f"{stream.name}/people"
    found.append(Event("people", stream.name, crowd, people=stream.people))
    if stream.state == "dark":
        since = f"{stream.name}/dark/{stream.since}"
        found.append(Event("dark", stream.name, since, reason=stream.reason))
    return found


def _of(camera: str, person: LivePerson) -> Event:
    # Who is called by another name is another occurrence; a stranger who becomes a profile is not.
    called = f"/{person.person}" if person.type == "known" else ""
    return Event(
        kind="person",
        camera=camera,
        occurrence=f"{camera}/{person.id}{called}",
        type=person.type,
        person=person.person,
        name=person.name,
        confidence=person.confidence,
        live=person.live,
        reason="; ".join(person.reasons) if person.type == "spoof" else "",
    )
