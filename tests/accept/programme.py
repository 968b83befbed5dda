"""A programme of nineteen segments: thirteen people alone on screen, four of whom come back."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence

from personae.core.intervals import Span, intersect, length, subtract, union
from personae.flows.evaluation.timeline import score_timeline
from tests.accept.indexed import opened
from tests.accept.proof import Room, Row, at_least, at_most, beside, exactly

SPILL_S = 0.2
"""What a cut between two frames and a rounded end may give to a neighbour."""

Spans = Mapping[str, Sequence[Span]]


def proof(room: Room) -> list[Row]:
    """Each is one person, nobody is mixed, and hardly a moment is missed."""
    plan = json.loads(room.shared("peers/programme.json").read_text(encoding="utf-8"))
    truth: dict[str, list[Span]] = defaultdict(list)
    for segment in plan["segments"]:
        if not segment["who"].startswith(("Miranda", "MOT17")):
            truth[segment["who"]].append((segment["in_s"], segment["out_s"]))
    stage = union([span for spans in truth.values() for span in spans])
    found: dict[str, list[Span]] = defaultdict(list)
    with opened(room.folder / "library", [room.shared("peers/programme_720.mp4")]) as lib:
        for one in lib.appearances():
            found[str(one.person)].append((one.start, one.end))
        everybody = len(lib.people())
    told = {who: intersect(spans, stage) for who, spans in found.items()}
    main = {name: max(told, key=lambda who: _shared(told[who], truth[name])) for name in truth}
    score = score_timeline(told, truth)
    whole = [name for name, spans in truth.items() if _covers(told[main[name]], spans)]
    return [
        exactly("people who are one person over all their segments", len(whole), len(truth)),
        exactly("different people they are", len(set(main.values())), len(truth)),
        exactly("people with the time of two", len(_mixed(told, truth)), 0),
        at_least("interval F1 at 0.5", score.scores[0].f1, 0.97),
        beside("interval F1 at 0.9", score.scores[1].f1),
        at_most("longest stretch missed, seconds", _missed(told, main, truth), 0.4),
        beside("largest error of a start or end, ms", max([*score.in_ms, *score.out_ms])),
        beside("people in the whole film", everybody),
    ]


def _shared(a: Sequence[Span], b: Sequence[Span]) -> float:
    return length(intersect(a, b))


def _covers(mine: Sequence[Span], segments: Sequence[Span]) -> bool:
    """Whether every segment is mostly this person's."""
    return all(_shared(mine, [segment]) >= 0.5 * length([segment]) for segment in segments)


def _mixed(told: Spans, truth: Spans) -> list[str]:
    """Whoever has time of two true people."""
    return [
        who
        for who, spans in told.items()
        if sum(_shared(spans, segments) > SPILL_S for segments in truth.values()) > 1
    ]


def _missed(told: Spans, main: Mapping[str, str], truth: Spans) -> float:
    """The longest stretch, in seconds, in which somebody is there and not reported."""
    holes = [hole for name, spans in truth.items() for hole in subtract(spans, told[main[name]])]
    return max((end - start for start, end in holes), default=0.0)
