"""Alerts by rule: who is meant, once each time, not while it cools down."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from personae.core.events import Event, events_of
from personae.core.hours import Hours
from personae.core.live import LivePerson, LiveStatus, LiveStream
from personae.core.rules import Rule, Rules, Trigger

SECOND = 1000
DAY_MS = 86_400_000


def person(number: int = 1, **changes: Any) -> LivePerson:  # noqa: ANN401 - any field
    ana = LivePerson(number, "known", 7, "Ana", 0.99, 1e-5, "live", (), 0, (0, 0, 9, 9))
    return replace(ana, **changes)


def stranger(number: int = 1, **changes: Any) -> LivePerson:  # noqa: ANN401 - any field
    return person(
        number, **{"type": "unknown", "person": None, "name": None, "confidence": 0.0, **changes}
    )


def stream(*persons: LivePerson, name: str = "door", **changes: Any) -> LiveStream:  # noqa: ANN401
    made = LiveStream(
        name, "rtsp://cam", "live", 0, "", 64, 48, 25.0, 5.0, 1, 0, 1, 9.0, len(persons), persons
    )
    return replace(made, **changes)


def told(rules: Rules, at: float, *streams: LiveStream) -> list[tuple[str, str]]:
    """(rule, camera) of what is told at a second."""
    now = round(at * SECOND)
    events = events_of(LiveStatus(now, 0, True, streams))
    return [(rule.name, event.camera) for event in events for rule in rules.matching(event, now)]


def rule(on: Trigger, **changes: Any) -> Rule:  # noqa: ANN401 - any field
    return replace(Rule("r", on, ("log",), cool_down=60.0), **changes)


KNOWN, UNKNOWN = Trigger("known"), Trigger("unknown")
TOLD = [("r", "door")]


@pytest.mark.parametrize(
    ("on", "who", "meant"),
    [
        (KNOWN, person(), True),
        (KNOWN, stranger(), False),
        (KNOWN, person(type="undecided"), False),
        (KNOWN, person(type="spoof"), False),
        (UNKNOWN, stranger(), True),
        (UNKNOWN, stranger(person=9, name="unknown-9"), True),
        (UNKNOWN, person(), False),
        (Trigger("person", "Ana"), person(), True),
        (Trigger("person", "Ana"), person(name="Ben"), False),
        (Trigger("person", "Ana"), person(type="spoof"), False),
        (Trigger("person", "Ana"), person(type="undecided"), False),
        (Trigger("person", "unknown-9"), stranger(person=9, name="unknown-9"), True),
        (Trigger("tag", "family"), person(), True),
        (Trigger("tag", "family"), person(name="Eve"), False),
        (Trigger("tag", "nobody"), person(), False),
        (Trigger("tag", "family"), stranger(), False),
        (Trigger("spoof"), person(type="spoof", live="spoof suspected"), True),
        (Trigger("spoof"), person(), False),
        (Trigger("dark"), person(), False),
        (Trigger("crowd", people=0), person(), True),
        (Trigger("crowd", people=1), person(), False),
    ],
)
def test_who_is_meant(on: Trigger, who: LivePerson, meant: bool) -> None:
    rules = Rules([rule(on)], {"family": ["Ana", "Ben"]})
    assert told(rules, 0, stream(who)) == (TOLD if meant else [])


def test_confidence_liveness_cameras_and_hours_are_asked_for() -> None:
    sure = rule(KNOWN, min_confidence=0.95)
    assert not told(Rules([sure]), 0, stream(person(confidence=0.9499)))
    assert told(Rules([sure]), 0, stream(person(confidence=0.95)))
    living = rule(UNKNOWN, live=True)
    assert not told(Rules([living]), 0, stream(stranger(live="not shown yet")))
    assert told(Rules([living]), 0, stream(stranger()))
    there = rule(KNOWN, cameras=frozenset(("yard",)))
    assert told(Rules([there]), 0, stream(person()), stream(person(2), name="yard")) == [
        ("r", "yard")
    ]
    late = rule(KNOWN, hours=Hours(1, 2))
    rules = Rules([late])
    assert not told(rules, 59, stream(person()))
    assert told(rules, 60, stream(person())), "who stays until the hours begin is told then"


def test_who_stays_is_told_once_and_who_comes_again_after_the_cool_down() -> None:
    rules = Rules([rule(KNOWN)])
    assert told(rules, 0, stream(person(1))) == TOLD
    assert not any(told(rules, at, stream(person(1))) for at in range(1, 500))
    assert told(rules, 500, stream(person(2))) == TOLD
    assert not told(rules, 520, stream()) and not told(rules, 530, stream(person(3)))
    assert not told(rules, 559.999, stream(person(3)))
    assert told(rules, 560, stream(person(3))) == TOLD, "still there when the cool-down is over"


def test_a_person_is_one_subject_on_all_cameras_a_stranger_is_one_at_each() -> None:
    both = (stream(person(1)), stream(person(2), name="yard"))
    assert told(Rules([rule(KNOWN)]), 0, *both) == TOLD
    both = (stream(stranger(1)), stream(stranger(2), name="yard"))
    assert told(Rules([rule(UNKNOWN)]), 0, *both) == [*TOLD, ("r", "yard")]
    two = stream(person(1), person(2, person=8, name="Ben"))
    assert told(Rules([rule(KNOWN)]), 0, two) == TOLD * 2


def test_a_stranger_who_becomes_a_profile_is_told_once_one_who_gets_a_name_as_known_too() -> None:
    rules = Rules([rule(UNKNOWN, name="new"), rule(KNOWN, name="old")])
    assert told(rules, 0, stream(stranger(1))) == [("new", "door")]
    assert not told(rules, 100, stream(stranger(1, person=9, name="unknown-9")))
    assert told(rules, 200, stream(person(1, person=9))) == [("old", "door")]
    assert told(rules, 201, stream(person(1, person=3, name="Cy"))) == [("old", "door")]


def test_rules_cool_down_each_for_itself() -> None:
    rules = Rules([rule(KNOWN, name="a", cool_down=10.0), rule(KNOWN, name="b", cool_down=0.0)])
    assert told(rules, 0, stream(person(1))) == [("a", "door"), ("b", "door")]
    assert told(rules, 1, stream(person(2))) == [("b", "door")]
    assert told(rules, 10, stream(person(2))) == [("a", "door")]


def test_a_dark_camera_is_told_once_each_time_it_goes_dark() -> None:
    rules = Rules([rule(Trigger("dark"), cool_down=5.0)])
    dark = stream(state="dark", since=4, reason="refused")
    assert told(rules, 4, dark) == TOLD
    assert not any(told(rules, at, dark) for at in range(5, 60))
    assert not told(rules, 60, stream())
    assert told(rules, 61, replace(dark, since=61)) == TOLD
    (event,) = (e for e in events_of(LiveStatus(0, 0, True, (dark,))) if e.kind == "dark")
    assert event.reason == "refused"


def test_a_crowd_is_told_when_it_gathers_and_again_when_it_gathers_again() -> None:
    rules = Rules([rule(Trigger("crowd", people=2), cool_down=10.0)])
    counts = {0: 2, 1: 3, 2: 4, 30: 5, 31: 2, 32: 3, 33: 1, 35: 3, 44: 3, 45: 3}
    alarms = [at for at, people in counts.items() if told(rules, at, stream(people=people))]
    assert alarms == [1, 32, 44]


def test_a_clock_that_is_set_back_silences_nobody() -> None:
    rules = Rules([rule(KNOWN)])
    assert told(rules, 10_000, stream(person(1)))
    assert told(rules, 5_000, stream(person(2)))


def test_months_of_strangers_leave_nothing_behind() -> None:
    rules = Rules([rule(UNKNOWN, cool_down=0.0)])
    for number in range(5000):
        assert told(rules, number * 10, stream(stranger(number))) == TOLD
    kept = [len(memory) for memory in (rules._told, rules._cooling)]
    assert max(kept) < 1500


@given(st.floats(0, 100), st.lists(st.tuples(st.integers(0, 30), st.integers(1, 5)), max_size=60))
def test_never_twice_within_the_cool_down_never_twice_of_one_time(
    cool_down: float, steps: list[tuple[int, int]]
) -> None:
    """Tracks come and go at random; of the same person there is at most one alert a cool-down."""
    rules = Rules([rule(KNOWN, cool_down=cool_down)])
    now, alarms, tracks = 0, [], []
    for passed, number in steps:
        now += passed
        event = Event("person", "door", f"door/{number}", "known", 7, "Ana", 0.9, "live")
        if rules.matching(event, now * SECOND):
            alarms.append(now)
            tracks.append(number)
    assert len(set(tracks)) == len(tracks)
    assert all(b - a >= cool_down for a, b in pairwise(alarms))
    assert bool(alarms) is bool(steps)
