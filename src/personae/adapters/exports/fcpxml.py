"""FCPXML 1.8: one project a film, one connected lane a person, exact rational times."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from personae.adapters.exports.film import FilmExport, placed
from personae.adapters.exports.wording import for_xml

VERSION = "1.8"


def fcpxml_text(films: Sequence[FilmExport], *, back_to_back: bool) -> str:
    """An event with one project a film; above an empty storyline lies one lane a person.

    Written here and not by OpenTimelineIO's adapter: that one rounds every time down through a
    float (at 25 frames a second frame 29 becomes 28), takes 29.97 for 29, and starts a program to
    measure the film. Times here are whole frames as fractions of a second.

    Args:
        films: what to write.
        back_to_back: put each person's clips one after the other.
    """
    root = Element("fcpxml", version=VERSION)
    resources = SubElement(root, "resources")
    event = SubElement(root, "event", name="Personae")
    for number, film in enumerate(films):
        ids = f"r{2 * number + 1}", f"r{2 * number + 2}"
        _describe(resources, film, ids)
        _project(event, film, ids, back_to_back)
    indent(root, "    ")
    body = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n{body}\n'


def _describe(resources: Element, film: FilmExport, ids: tuple[str, str]) -> None:
    numbering = film.numbering
    SubElement(
        resources,
        "format",
        id=ids[0],
        frameDuration=_fraction(1 / numbering.rate),
        width=str(film.media.width),
        height=str(film.media.height),
    )
    asset = SubElement(
        resources,
        "asset",
        id=ids[1],
        name=for_xml(film.name),
        src=film.url,
        start=_frames(film, numbering.start),
        duration=_frames(film, film.frames),
        hasVideo="1",
        format=ids[0],
    )
    if film.sound:
        asset.set("hasAudio", "1")


def _project(event: Element, film: FilmExport, ids: tuple[str, str], back_to_back: bool) -> None:
    numbering = film.numbering
    counting = "DF" if numbering.drop else "NDF"
    lanes = [placed(film, who, back_to_back=back_to_back) for who in film.people]
    ends = [mine[-1].at + mine[-1].length for mine in lanes if mine]
    length = max(ends, default=1) if back_to_back else film.frames
    project = SubElement(event, "project", name=for_xml(film.name))
    sequence = SubElement(
        project,
        "sequence",
        duration=_frames(film, length),
        format=ids[0],
        tcStart="0s",
        tcFormat=counting,
    )
    spine = SubElement(sequence, "spine")
    gap = SubElement(
        spine, "gap", name="Gap", offset="0s", start="0s", duration=_frames(film, length)
    )
    note = SubElement(gap, "note")
    note.text = for_xml(numbering.method)
    for lane, (who, mine) in enumerate(zip(film.people, lanes, strict=True), start=1):
        for one in mine:
            clip = SubElement(
                gap,
                "asset-clip",
                name=for_xml(who.label),
                ref=ids[1],
                lane=str(lane),
                offset=_frames(film, one.at),
                start=_frames(film, numbering.start + one.first),
                duration=_frames(film, one.length),
                format=ids[0],
                tcFormat=counting,
            )
            record = one.interval
            remark = SubElement(clip, "note")
            remark.text = (
                f"person {who.person.id}, known by {record.known_by}, "
                f"confidence {record.confidence:.4f}"
            )
            SubElement(
                clip,
                "marker",
                start=_frames(film, numbering.start + one.first),
                duration=_frames(film, 1),
                value=for_xml(who.label),
            )


def _frames(film: FilmExport, frames: int) -> str:
    return _fraction(frames / film.numbering.rate)


def _fraction(time: Fraction) -> str:
    """Seconds as FCPXML writes them: 1001/30000s, 5s, 0s."""
    whole = time.denominator == 1
    return f"{time.numerator}s" if whole else f"{time.numerator}/{time.denominator}s"
