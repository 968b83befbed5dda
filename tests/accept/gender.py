"""Twenty clips of five people as one collection, tagged by hand: the seconds of each gender."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from pathlib import Path

import av
import pandas

import personae
from tests.accept.indexed import opened
from tests.accept.proof import Room, Row, at_most, beside, exactly

WORDS = {"F": "Female", "M": "Male"}


def proof(room: Room) -> list[Row]:
    """Every clip shows its person from the first frame to the last."""
    with room.shared("data/videos/asl_people.csv").open(encoding="utf-8") as lines:
        truth = {row["video"]: row for row in csv.DictReader(lines)}
    clips = [room.shared("data/videos") / name for name in sorted(truth)]
    real: dict[str, float] = defaultdict(float)
    for clip in clips:
        real[WORDS[truth[clip.name]["gender"]]] += _seconds(clip)
    with opened(room.folder / "library", clips, collection="Signed words") as lib:
        _tag(lib, truth)
        report = lib.report(by="gender", collection="Signed words")
        told = {row.key: row for row in report.rows}
        table = room.folder / "times.parquet"
        table.write_bytes(lib.render(report, "parquet"))
        kept = [(o.media, o.first, o.last, o.start, o.end) for o in lib.appearances()]
        pairs = lib.reports.together("person", "Signed words").pairs
    read = pandas.read_parquet(table)
    columns = ["medium_id", "first_pts", "last_pts", "start_s", "end_s"]
    inside = [r.low <= real[key] <= r.high for key, r in told.items() if r.low and r.high]
    return [
        *(
            at_most(
                f"error of the seconds of {key}, %",
                100 * abs(told[key].seconds - length) / length if key in told else 100.0,
                2.0,
            )
            for key, length in sorted(real.items())
        ),
        beside("seconds that nobody tagged", told["Unknown"].seconds if "Unknown" in told else 0.0),
        exactly("error bars that hold the real length", sum(inside), len(real)),
        exactly("pairs said to be together, of people filmed alone", len(pairs), 0),
        exactly(
            "appearances whose times Parquet changes",
            len(set(kept) ^ set(read[columns].itertuples(index=False, name=None))),
            0,
        ),
    ]


def _seconds(clip: Path) -> float:
    """A clip's length as its container's frames have it: their number times a frame's length."""
    with av.open(clip) as container:
        stream = container.streams.video[0]
        frames = sum(1 for _ in container.decode(stream))
        return float(frames / stream.average_rate)


def _tag(lib: personae.Library, truth: dict[str, dict[str, str]]) -> None:
    """What somebody would do who knows these five: the person longest in a clip is its person."""
    longest: dict[str, Counter[int]] = defaultdict(Counter)
    for one in lib.appearances():
        longest[Path(one.path).name][one.person] += round(1000 * (one.end - one.start))
    for clip, people in longest.items():
        lib.tag(people.most_common(1)[0][0], WORDS[truth[clip]["gender"]])
