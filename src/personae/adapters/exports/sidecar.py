"""Who is in this scene, beside the film: JSON with scene times, and an NFO that media servers read.

Kodi, Jellyfin and Emby read ``FILM.nfo`` for ``<actor>`` elements and pass over elements that they
do not know, so that each actor's ``<scenes>`` are safe there.
"""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError, SubElement, fromstring, indent, tostring

from personae.adapters.exports.film import FilmExport, OnScreen, together
from personae.adapters.exports.wording import for_xml
from personae.core.errors import UsageError

FORMAT, VERSION = "personae.scenes", 1
ROOTS = ("movie", "episodedetails", "musicvideo", "video", "tvshow")
"""What the file of a media server may begin with."""


def scenes_text(film: FilmExport) -> str:
    """``people`` with the times of each, and ``scenes`` with the people of each; in seconds."""
    said = {
        "format": FORMAT,
        "version": VERSION,
        "film": Path(film.media.path).name,
        "sha256": film.media.sha256,
        "duration": round(film.media.duration, 6),
        "base": [film.numbering.base.numerator, film.numbering.base.denominator],
        "people": [
            {
                "person": who.person.id,
                "name": who.person.name,
                "label": who.label,
                "scenes": [
                    {
                        "start": round(one.start, 6),
                        "end": round(one.end, 6),
                        "first": one.first,
                        "last": one.last,
                        "known_by": one.known_by,
                        "confidence": one.confidence,
                    }
                    for one in who.intervals
                ],
            }
            for who in film.people
        ],
        "scenes": [
            {
                "start": round(film.seconds(span.first), 6),
                "end": round(film.seconds(span.last), 6),
                "first": span.first,
                "last": span.last,
                "people": [who.person.id for who in span.people],
                "names": [who.label for who in span.people],
            }
            for span in together(film)
        ],
    }
    return json.dumps(said, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def nfo_text(film: FilmExport, present: bytes | None) -> str:
    """The NFO with an actor for everybody who has a name.

    Args:
        film: the film.
        present: the file that lies there already: all it says is kept, actors of the same name
            get their scenes, others are added.

    Raises:
        UsageError: what lies there is no NFO in XML.
    """
    root = _root(film, present)
    actors = {(actor.findtext("name") or "").strip(): actor for actor in root.iter("actor")}
    order = len(actors)
    for who in film.people:
        if who.person.name is None:
            continue
        name = for_xml(who.person.name)
        actor = actors.get(name)
        if actor is None:
            actor = actors[name] = SubElement(root, "actor")
            SubElement(actor, "name").text = name
            SubElement(actor, "order").text = str(order)
            order += 1
        _add_scenes(actor, film, who)
    indent(root, "  ")
    declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return f"{declaration}\n{tostring(root, encoding='unicode')}\n"


def _add_scenes(actor: Element, film: FilmExport, who: OnScreen) -> None:
    for former in actor.findall("scenes"):
        if former.get("person") in (None, str(who.person.id)):
            actor.remove(former)
    scenes = SubElement(actor, "scenes", person=str(who.person.id))
    for one in who.intervals:
        SubElement(
            scenes,
            "scene",
            start=f"{film.milliseconds(one.first) / 1000:.3f}",
            end=f"{film.milliseconds(one.last) / 1000:.3f}",
            known_by=one.known_by,
        )


def _root(film: FilmExport, present: bytes | None) -> Element:
    if present is None:
        root = Element("movie")
        SubElement(root, "title").text = for_xml(film.name)
        return root
    try:
        # A document type could define entities that grow without end; no media server writes one
        if b"<!DOCTYPE" in present or b"<!ENTITY" in present:
            raise ParseError("it defines a document type")
        root = fromstring(present)
    except (ParseError, ValueError) as error:
        raise UsageError(
            f"the NFO of {film.name} that is there already is not XML: {error}",
            "Write to another place, or move that file away.",
        ) from error
    if root.tag not in ROOTS:
        raise UsageError(
            f"the NFO of {film.name} that is there already is about something else: {root.tag}",
            "Write to another place, or move that file away.",
        )
    return root
