"""Figures in words that people understand."""

from __future__ import annotations

from personae.adapters.render.words import spoken
from personae.app.suggesting import Suggestion
from personae.core.records import Person


def count_of(number: int, one: str, many: str = "") -> str:
    """``1 face``, ``12 faces``, ``1,200 faces``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def clock(seconds: float) -> str:
    """``0:07``, ``12:30``, ``1:02:03``: as on a player."""
    whole = int(seconds)
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


def seen(person: Person) -> str:
    """How often, how long and where somebody was seen."""
    faces = count_of(person.sightings, "face")
    places = count_of(person.media, "file")
    time = f", {spoken(person.seconds)} on screen" if person.seconds else ""
    return f"{faces} in {places}{time}"


def rarely(rate: float) -> str:
    """A false-match rate in words: ``1 in 3,200``."""
    number = 1 / max(rate, 1e-12)
    step = 10 ** max(len(str(int(number))) - 2, 0)
    return f"1 in {round(number / step) * step:,}"


def sure(probability: float) -> str:
    """A probability in words, with the figure; never certain."""
    share = min(max(probability, 0.0), 0.9999)
    figure = f"{int(share * 1000) / 10:g} %" if share >= 0.99 else f"{round(share * 100)} %"
    for least, word in ((0.99, "almost certainly"), (0.9, "very probably"), (0.6, "probably")):
        if share >= least:
            return f"{word} ({figure})"
    return f"perhaps ({figure})" if share >= 0.4 else f"rather not ({figure})"


def evidence(one: Suggestion) -> str:
    """Why two people may be one: similarity, probability and how often strangers are so alike."""
    guess = " These figures are a guess: nobody measured this face model." * one.uncalibrated
    return (
        f"{sure(one.probability).capitalize()} one person, if that was as likely as not before. "
        f"Similarity {one.score:.2f} of at most 1; about {rarely(one.fmr)} pairs of strangers, or "
        f"fewer, are at least this much alike.{guess}"
    )
