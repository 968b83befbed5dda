"""Colours that the colour-blind can tell apart, the same for a person in bars and lanes.

Okabe and Ito, "Color Universal Design" (2008), without yellow and black, which vanish on white
and on dark paper.
"""

from __future__ import annotations

from collections.abc import Sequence

from personae.adapters.render.subject import FilmPresence, Report, Row

BLUE, ORANGE, GREEN, PURPLE = "#0072B2", "#E69F00", "#009E73", "#CC79A7"
SKY, VERMILLION, GREY = "#56B4E9", "#D55E00", "#8C8C8C"
COLOURS = (BLUE, ORANGE, GREEN, VERMILLION, PURPLE, SKY)
# Far apart for every kind of colour vision, and not pink against blue.
_GENDERS = {"female": ORANGE, "male": BLUE, "unknown": GREY}
_OTHER_GENDERS = (GREEN, PURPLE, VERMILLION, SKY)


def paint_people(people: Sequence[int]) -> dict[int, str]:
    """A colour a person, in their order; the colours return after six."""
    return {person: COLOURS[place % len(COLOURS)] for place, person in enumerate(people)}


def paint_genders(genders: Sequence[str]) -> dict[str, str]:
    """A colour a gender: the usual words keep theirs from report to report."""
    others = sorted({gender for gender in genders if gender.casefold() not in _GENDERS})
    return {
        gender: _GENDERS.get(gender.casefold())
        or _OTHER_GENDERS[others.index(gender) % len(_OTHER_GENDERS)]
        for gender in genders
    }


def paint_rows(rows: Sequence[Row]) -> list[str]:
    """One colour a row."""
    by_gender = paint_genders([row.gender for row in rows])
    by_person = paint_people([row.person for row in rows if row.person is not None])
    return [by_gender[row.gender] if row.person is None else by_person[row.person] for row in rows]


def lane_colours(report: Report, presence: Sequence[FilmPresence]) -> dict[int, str]:
    """Colour of each person's lane: as in the bars, their gender's in a report by gender."""
    if report.by == "gender":
        lanes = [lane for film in presence for lane in film.lanes]
        paint = paint_genders([row.key for row in report.rows] + [one.gender for one in lanes])
        return {one.person: paint[one.gender] for one in lanes}
    return paint_people([row.person for row in report.rows if row.person is not None])
