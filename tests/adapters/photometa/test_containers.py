"""XMP goes into JPEG and PNG files, and every other byte stays where it was."""

from __future__ import annotations

import hashlib
import io
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from personae.adapters.photometa import jpeg, png
from personae.adapters.photometa.containers import Container, container_of, embed, same_picture
from personae.core.errors import MetadataUnreadable, MetadataUnwritable
from tests.media.photos import cornered, exif
from tests.media.regions import packet


def photo(form: str, **options: object) -> bytes:
    made = io.BytesIO()
    Image.fromarray(cornered()).save(made, form, exif=exif(6).tobytes(), **options)  # type: ignore[arg-type]
    return made.getvalue()


def pixels(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image).tobytes()


def door(data: bytes) -> Container:
    found = container_of(data)
    assert found is not None
    return found


@pytest.mark.parametrize("options", [{"form": "JPEG"}, {"form": "JPEG", "progressive": True},
                                     {"form": "PNG"}])  # fmt: skip
def test_pixels_and_exif_stay_and_the_packet_comes_back(options: dict[str, object]) -> None:
    plain = photo(**options)  # type: ignore[arg-type]
    first = embed(plain, packet("<!-- one -->"), "photo")
    second = embed(first, packet(), "photo")
    for made in (first, second):
        assert pixels(made) == pixels(plain)
        with Image.open(io.BytesIO(made)) as image:
            assert image.getexif()[0x112] == 6
        assert door(made).bare(made) == plain
        assert same_picture(made, plain)
    assert door(first).packets(first) == [packet("<!-- one -->")]
    assert door(second).packets(second) == [packet()]


def test_pillow_finds_what_we_embed() -> None:
    with Image.open(io.BytesIO(embed(photo("JPEG"), packet(), ""))) as image:
        assert image.info["xmp"] == packet()
    with Image.open(io.BytesIO(embed(photo("PNG"), packet(), ""))) as image:
        image.load()
        assert str(image.info["XML:com.adobe.xmp"]).encode() == packet()


def test_the_packet_stands_behind_exif_and_before_the_picture() -> None:
    made = embed(photo("JPEG"), packet(), "")
    assert made.index(b"Exif\0\0") < made.index(jpeg.HEADER) < made.index(b"\xff\xdb")


def test_what_other_formats_cannot_hold_is_told_with_a_way_out() -> None:
    for form in ("BMP", "WEBP", "TIFF"):
        made = io.BytesIO()
        Image.fromarray(cornered()).save(made, form)
        with pytest.raises(MetadataUnwritable, match="JPEG and PNG only") as caught:
            embed(made.getvalue(), packet(), "photo")
        assert "sidecar" in caught.value.hint


def test_a_packet_that_fills_more_than_a_segment_is_refused() -> None:
    with pytest.raises(MetadataUnwritable, match="one JPEG segment"):
        embed(photo("JPEG"), b" " * 65_505, "")
    fits = embed(photo("JPEG"), packet() + b" " * (jpeg.ROOM - len(packet())), "")
    assert pixels(fits) == pixels(photo("JPEG"))


def segment(marker: int, content: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(content) + 2).to_bytes(2, "big") + content


def test_extended_xmp_is_put_together() -> None:
    extended = packet("<!-- much -->" * 10)
    digest = hashlib.md5(extended, usedforsecurity=False).hexdigest().upper().encode()
    half = len(extended) // 2
    parts = [
        segment(0xE1, jpeg.EXTENSION + digest + len(extended).to_bytes(4, "big")
                + at.to_bytes(4, "big") + extended[at:end])
        for at, end in ((half, len(extended)), (0, half))
    ]  # fmt: skip
    main = packet(f"<!-- {digest.decode()} -->")
    plain = photo("JPEG")
    whole = plain[:2] + segment(0xE1, jpeg.HEADER + main) + b"".join(parts) + plain[2:]
    assert jpeg.packets(whole) == [main, extended]
    lacking = plain[:2] + segment(0xE1, jpeg.HEADER + main) + parts[0] + plain[2:]
    assert jpeg.packets(lacking) == [main]


def test_pictures_behind_the_picture_do_not_move() -> None:
    """A table of further pictures counts from where it stands; a packet behind it may not grow."""
    plain = photo("JPEG")
    table = segment(0xE2, jpeg.SEVERAL_PICTURES + b"II*\0")
    behind = plain[:2] + table + segment(0xE1, jpeg.HEADER + packet()) + plain[2:]
    with pytest.raises(MetadataUnwritable, match="several pictures"):
        jpeg.embedded(behind, packet("<!-- more -->"))
    before = plain[:2] + table + plain[2:]
    made = jpeg.embedded(before, packet())
    assert made.index(jpeg.HEADER) < made.index(table)


def test_a_compressed_packet_is_read_and_a_bomb_is_not() -> None:
    def with_text(content: bytes) -> bytes:
        plain = photo("PNG")
        made = png._made(b"iTXt", png.KEYWORD + b"\1\0" + b"en\0key\0" + zlib.compress(content))
        return plain[:33] + made + plain[33:]

    assert png.packets(with_text(packet())) == [packet()]
    with pytest.raises(MetadataUnreadable, match="more than"):
        png.packets(with_text(bytes(20 << 20)))


@settings(max_examples=60)
@given(st.sampled_from(["JPEG", "PNG"]), st.data())
def test_damaged_files_are_refused_with_a_code(form: str, data: st.DataObject) -> None:
    whole = bytearray(embed(photo(form), packet(), ""))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, min(len(whole), 4000) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(whole[: data.draw(st.integers(8, len(whole)))])
    container = container_of(cut)
    if container is None:
        return
    try:
        made = container.embedded(cut, packet("<!-- new -->"))
        found = container.packets(made)
    except (MetadataUnreadable, MetadataUnwritable):
        return
    assert packet("<!-- new -->") in found
