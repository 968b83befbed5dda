"""The picture has the size it promises, draws any name, and is the same each time."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from PIL import Image

from personae.adapters.render.chart import picture_size, png_bytes, svg_text
from personae.adapters.render.options import PageOptions
from personae.adapters.render.palette import BLUE, COLOURS, ORANGE
from personae.flows.report import By, screen_time
from tests.adapters.render.sample import lanes, report


def pixels(png: bytes) -> Image.Image:
    with Image.open(io.BytesIO(png)) as picture:
        assert picture.format == "PNG"
        return picture.convert("RGB")


def share_of(picture: Image.Image, colour: str) -> float:
    wanted = [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
    return float((np.asarray(picture) == wanted).all(axis=2).mean())


@pytest.mark.parametrize(("by", "width"), [("person", 1600), ("gender", 1000)])
def test_the_png_has_the_size_it_promises(by: By, width: int) -> None:
    options = PageOptions(title="Who is on screen", date="2 May 2025", width=width)
    picture = pixels(png_bytes(report(by), lanes(), options))
    assert picture.size == picture_size(report(by), lanes(), options)
    assert picture.width == width
    assert picture.height > 0.5 * width


def test_bars_are_as_long_as_the_seconds_they_show() -> None:
    told = report()
    picture = pixels(png_bytes(told, (), PageOptions()))
    areas = [share_of(picture, colour) for colour in COLOURS[:3]]
    assert areas[1] / areas[0] == pytest.approx(told.rows[1].seconds / told.rows[0].seconds, 0.05)


def test_genders_keep_their_colours() -> None:
    picture = pixels(png_bytes(report("gender"), (), PageOptions()))
    female, male = report("gender").rows[:2]
    assert (female.key, male.key) == ("Female", "Male")
    ratio = share_of(picture, BLUE) / share_of(picture, ORANGE)
    assert ratio == pytest.approx(male.seconds / female.seconds, 0.05)


def test_svg_is_well_formed_and_reproducible() -> None:
    options = PageOptions(title="A & <b>", date="2 May 2025")
    text = svg_text(report(), lanes(), options)
    assert ET.fromstring(text).tag.endswith("svg")
    assert text == svg_text(report(), lanes(), options)
    assert png_bytes(report(), lanes(), options) == png_bytes(report(), lanes(), options)


def test_an_empty_report_is_still_a_picture() -> None:
    empty = screen_time([], {}, [], by="person")
    assert pixels(png_bytes(empty)).size == picture_size(empty)
