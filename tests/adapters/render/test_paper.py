"""Bars, matrices and tables: drawn to scale, readable, and no name becomes markup."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from PIL import Image

from personae.adapters.render.palette import BLUE, ORANGE
from personae.adapters.render.paper import (
    Bars,
    Cell,
    Cluster,
    Markup,
    Matrix,
    Paper,
    Sheet,
    Stroke,
    shaded,
)
from personae.adapters.render.paper_chart import paper_png, paper_svg
from personae.adapters.render.paper_page import paper_html
from tests.adapters.render.sample import HOSTILE
from tests.adapters.render.test_page import read


def stroke(seconds: float, colour: str, low: float | None = None) -> Stroke:
    return Stroke(HOSTILE, seconds, low, None if low is None else seconds + 1, colour, HOSTILE)


def paper(*strokes: Stroke) -> Paper:
    names = (HOSTILE, "B")
    cells = ((Cell(None, "3 s"), Cell(0.2, "1 s", "× 2")), (Cell(0.9, "1 s"), Cell(None, HOSTILE)))
    return Paper(
        title=HOSTILE,
        about="about",
        parts=(
            Bars("Bars", HOSTILE, (Cluster(HOSTILE, strokes), Cluster("nobody", ()))),
            Matrix("Matrix", "", names, cells),
            Sheet("Sheet", "", ("a", "b"), ((HOSTILE, "1"),), range(1, 2)),
            Markup("<p>as it is</p>"),
        ),
        method=(HOSTILE, "counted by hand"),
        date=HOSTILE,
    )


def pixels(png: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(png)) as picture:
        return np.asarray(picture.convert("RGB"))


def area(picture: np.ndarray, colour: str) -> int:
    wanted = [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
    return int((picture == wanted).all(axis=2).sum())


def test_a_hostile_name_stays_text_and_markup_of_ours_stays_markup() -> None:
    outline = read(paper_html(paper(stroke(3, BLUE, 2))))
    assert "script" not in outline.tags
    assert outline.text.count(HOSTILE) >= 8
    assert "as it is" in outline.text
    assert "counted by hand" in outline.text


def test_bars_are_as_long_as_the_seconds_they_show() -> None:
    drawn = pixels(paper_png(paper(stroke(40, BLUE), stroke(20, ORANGE))))
    assert area(drawn, BLUE) / area(drawn, ORANGE) == pytest.approx(2, rel=0.02)


def test_an_error_bar_is_drawn_and_the_axis_holds_it() -> None:
    plain, barred = paper(stroke(40, BLUE)), paper(stroke(40, BLUE, 30))
    assert barred.parts[0].full == 41  # type: ignore[union-attr]
    assert area(pixels(paper_png(barred)), BLUE) < area(pixels(paper_png(plain)), BLUE)
    assert 'class="whisker"' in paper_html(barred)
    assert 'class="whisker"' not in paper_html(plain)


def test_pictures_are_the_same_each_time_and_as_wide_as_asked() -> None:
    made = paper(stroke(4, BLUE, 3))
    assert paper_png(made) == paper_png(made)
    assert paper_svg(made) == paper_svg(made)
    assert ET.fromstring(paper_svg(made)).tag.endswith("svg")
    assert pixels(paper_png(made, 900)).shape[1] == 900


def test_nobody_is_a_picture_too() -> None:
    empty = Paper("Nobody", "", (Bars("a", "", ()), Matrix("b", "", (), ())), ())
    assert pixels(paper_png(empty)).shape[1] == 1600
    assert "Nobody" in read(paper_html(empty)).text


@pytest.mark.parametrize("shade", [step / 50 for step in range(51)])
def test_every_field_can_be_read_and_is_darker_than_a_lesser_one(shade: float) -> None:
    """Contrast by WCAG 2: at least 4.5 between letters and field; brightness falls throughout."""
    field, ink = shaded(shade)
    light, dark = sorted((luminance(field), luminance(ink)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5
    assert luminance(shaded(shade + 0.05)[0]) <= luminance(field)


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
