"""Two people before two cameras for some days, made of portraits: the small life of profiles."""

from __future__ import annotations

from pathlib import Path

from personae.adapters.demo import FilmSettings, Framing, Layer, Scene, make_film
from personae.flows.profiles import ProfileSettings
from tests.app.lived import Done, Step, Visit, look, named, together, undo

SETTINGS = ProfileSettings(vectors=2)
FILMS = {
    "short": ("obama", 1.0, 0.0),
    "blurred": ("obama", 3.0, 9.0),
    "good": ("obama", 3.0, 0.0),
    "older": ("obama3", 3.0, 0.0),
    "collins": ("collins", 3.0, 0.0),
}
"""Portrait, seconds and blur."""


def make(folder: Path) -> Path:
    """Writes the films."""
    for name, (portrait, seconds, blur) in FILMS.items():
        layer = Layer(portrait, Framing(0.5, 0.3, 0.4), Framing(0.54, 0.32, 0.4))
        scene = Scene(round(25 * seconds), (layer,), blur=blur)
        target = folder / f"{name}.mp4"
        make_film(target, (Scene(3), scene, Scene(3)), FilmSettings(width=640, height=360))
    return folder


def steps(films: Path) -> list[Step]:
    """All of them."""

    def visit(day: float, camera: str, name: str, strict: bool = False) -> Visit:
        return Visit(day, camera, films / f"{name}.mp4", strict=strict)

    return [
        visit(0, "door", "short").step("a glimpse: nobody", (0, 0, 1, 0, 1), None, False),
        visit(1, "door", "blurred").step("made", (1, 0, 2, 1, 2), 1, True),
        visit(2, "yard", "good").step("better, other camera", (1, 0, 3, 2, 3), 1, False),
        visit(3, "door", "older").step("another look", (1, 0, 4, 3, 4), 1, False),
        look(3.1, "keeps two", (1, 0, 3, 2, 4), SETTINGS, Done(1)),
        visit(4, "yard", "collins").step("somebody else", (2, 0, 4, 3, 5), 2, True),
        visit(4.1, "door", "good", True).step("a double", (3, 0, 5, 4, 6), 3, True),
        look(4.2, "merges", (2, 0, 4, 3, 6), SETTINGS, Done(1, ((1, 3),))),
        undo("4.20 the merge undone", (3, 0, 4, 3, 6)),
        together(1, 3, "4.20 merged by hand", (2, 0, 4, 3, 6)),
        look(12, "the brief one goes", (1, 0, 4, 2, 6), SETTINGS, Done(pruned=(2,))),
        named(1, "Ana", "12.00 named", (0, 1, 4, 2, 6)),
    ]
