"""The parts that draw in the browser: the player, and the lanes of who is there when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nicegui.element import Element

from personae.adapters.render.palette import GREY
from personae.core.records import Media
from personae.flows.figures import Lane

Shown = dict[str, str | int | float | list[list[float]]]
STYLES = ("stage.css",)
"""What pages with such parts ask `layout.page` for."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Who may be in the picture: their label and colour by number."""

    labels: Mapping[int, str]
    colours: Mapping[int, str]

    def shown(self) -> dict[str, dict[str, str]]:
        """For the player."""
        return {
            str(person): {"label": label, "colour": self.colours.get(person, GREY)}
            for person, label in self.labels.items()
        }


class Player(Element, component="player.js"):
    """A film or a photo with names over it.

    Args:
        medium: what is shown.
        cast: everybody in it.
        lanes: when they are there.
        start: seconds at which the film stands when the page opens.
    """

    def __init__(self, medium: Media, cast: Cast, lanes: Sequence[Lane], start: float) -> None:
        super().__init__()
        self.classes("w-full")
        self._props.update(
            {
                "media": medium.id,
                "kind": "photo" if medium.kind == "photo" else "film",
                "title": Path(medium.path).name,
                "file": f"/api/v1/media/{medium.id}/file",
                "width": medium.width,
                "height": medium.height,
                "fps": medium.fps or 25.0,
                "start": start,
                "people": cast.shown(),
                "spans": {
                    str(lane.person): [[one.start, one.end] for one in lane.intervals]
                    for lane in lanes
                },
            }
        )


class Lanes(Element, component="lanes.js"):
    """Who is there when in one film; a click seeks, or opens the player there.

    Args:
        medium: number, name and length in seconds of the film.
        lanes: one a person, in the order shown.
        colours: by person.
        link: a click opens the player, because there is none on the page.
    """

    def __init__(
        self,
        medium: tuple[int, str, float],
        lanes: Sequence[Lane],
        colours: Mapping[int, str],
        *,
        link: bool = False,
    ) -> None:
        super().__init__()
        self.classes("w-full")
        number, title, seconds = medium
        shown = [_shown(lane, colours.get(lane.person, GREY)) for lane in lanes]
        self._props.update(
            {"media": number, "title": title, "seconds": seconds, "lanes": shown, "link": link}
        )


def _shown(lane: Lane, colour: str) -> Shown:
    return {
        "person": lane.person,
        "label": lane.key,
        "colour": colour,
        "seconds": lane.seconds,
        "intervals": [[one.start, one.end] for one in lane.intervals],
        "seen": [[start, end] for start, end in lane.seen],
    }
