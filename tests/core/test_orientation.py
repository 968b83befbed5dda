"""Boxes turn as the pictures do that they belong to."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from personae.core.arrays import Doubles
from personae.core.orientation import ORIENTATIONS, size_of_other, to_stored, to_upright
from tests.media.photos import exif

ENDS = st.lists(st.floats(0, 1), min_size=2, max_size=2).map(sorted)


def marked(box: tuple[int, int, int, int], width: int, height: int) -> Image.Image:
    """A black picture with a white box."""
    picture = Image.new("L", (width, height))
    picture.paste(255, box)
    return picture


def found(picture: Image.Image) -> Doubles:
    """(1, 4) where the white box is, as shares of the picture."""
    box = picture.getbbox()
    assert box is not None
    width, height = picture.size
    return np.array([box]) / np.array([width, height, width, height])


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_a_box_goes_where_the_picture_goes(orientation: int) -> None:
    """Pillow turns a picture upright by its tag; the box must land on the same pixels."""
    stored = marked((3, 5, 17, 11), 40, 24)
    tagged = stored.copy()
    tagged.info["exif"] = exif(orientation).tobytes()
    upright = ImageOps.exif_transpose(tagged)
    assert size_of_other(*upright.size, orientation) == stored.size
    np.testing.assert_allclose(to_upright(found(stored), orientation), found(upright))
    np.testing.assert_allclose(to_stored(found(upright), orientation), found(stored))


@given(ENDS, ENDS, st.sampled_from(ORIENTATIONS))
def test_there_and_back_is_the_same_box(x: list[float], y: list[float], orientation: int) -> None:
    box = np.array([[x[0], y[0], x[1], y[1]]])
    for there, back in ((to_upright, to_stored), (to_stored, to_upright)):
        turned = there(box, orientation)
        assert (turned[:, :2] <= turned[:, 2:]).all()
        assert ((turned >= 0) & (turned <= 1)).all()
        np.testing.assert_allclose(back(turned, orientation), box, atol=1e-12)


@pytest.mark.parametrize("orientation", [0, 9, -1, 77])
def test_a_tag_that_means_nothing_turns_nothing(orientation: int) -> None:
    box = np.array([[0.1, 0.2, 0.3, 0.7]])
    np.testing.assert_array_equal(to_upright(box, orientation), box)
    assert size_of_other(4, 3, orientation) == (4, 3)
