"""Packets are kept whole, and what is hostile is refused with a code."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from personae.adapters.photometa import mwg, xmp
from personae.core.errors import MetadataUnreadable
from tests.media.regions import member, packet, regions

LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha">%s]>
<x:xmpmeta xmlns:x="adobe:ns:meta/">&k;</x:xmpmeta>""" % b"".join(
    b'<!ENTITY %c "%s">' % (98 + n, (b"&%c;" % (97 + n)) * 10) for n in range(10)
)
OUTSIDE = b"""<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>
<x:xmpmeta xmlns:x="adobe:ns:meta/">&e;</x:xmpmeta>"""
DEEP = b"<a>" * 100_000 + b"</a>" * 100_000
MALFORMED = {
    "nothing": b"",
    "zeros": b"\0" * 100,
    "text": b"hello",
    "cut off": packet(regions(member((0.1, 0.1, 0.2, 0.2))))[:-100],
    "other XML": b"<html><body/></html>",
    "unknown prefix": b"<x:xmpmeta/>",
    "an unknown encoding": b'<?xml version="1.0" encoding="klingon"?><a/>',
    "a wide encoding": b'<?xml version="1.0" encoding="shift_jis"?><a/>',
    "half a letter": b"<a>\xc3</a>",
    "billion laughs": LAUGHS,
    "outside entity": OUTSIDE,
    "deep": DEEP,
}


@pytest.mark.parametrize("data", MALFORMED.values(), ids=list(MALFORMED))
def test_what_is_no_packet_is_refused_at_once(data: bytes) -> None:
    began = time.process_time()
    with pytest.raises(MetadataUnreadable):
        xmp.parse(data)
    assert time.process_time() - began < 1


def test_document_types_are_refused_before_their_entities_are_read() -> None:
    with pytest.raises(MetadataUnreadable, match="document type"):
        xmp.parse(LAUGHS)


def test_too_large_a_packet_is_refused_unread() -> None:
    with pytest.raises(MetadataUnreadable, match="allowed"):
        xmp.parse(b" " * (xmp.MOST_BYTES + 1))


@given(st.binary(max_size=200), st.integers(0, 3000))
def test_no_damage_crashes_the_reader(noise: bytes, at: int) -> None:
    """Noise anywhere in a packet is refused with our code, or the regions are still read."""
    whole = packet(regions(member((0.1, 0.1, 0.2, 0.2))))
    try:
        parsed = xmp.parse(whole[:at] + noise + whole[at + len(noise) :])
    except MetadataUnreadable:
        return
    assert len(mwg.read_regions(parsed)) <= 1


def test_a_packet_is_kept_whole() -> None:
    once = xmp.parse(packet(regions(member((0.1, 0.1, 0.2, 0.2))))).to_bytes()
    text = once.decode()
    for kept in (
        'xmp:Rating="4"',
        'xmlns:odd="http://example.org/odd/"',
        'odd:note="a &lt; b &amp; &quot;c&quot;"',
        "<rdf:li>Müller</rdf:li>",
        '<rdf:li xml:lang="x-default">A title</rdf:li>',
        "<mwg-rs:Name>Ann</mwg-rs:Name>",
        'x:xmptk="another program"',
    ):
        assert kept in text, kept
    assert xmp.parse(once).to_bytes() == once


def test_one_prefix_for_two_namespaces_is_told_apart() -> None:
    made = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
    <rdf:Description rdf:about=""><p:a xmlns:p="urn:one">1</p:a><p:a xmlns:p="urn:two">2</p:a>
    </rdf:Description></rdf:RDF>"""
    again = xmp.parse(xmp.parse(made).to_bytes())
    assert (again.text("{urn:one}a"), again.text("{urn:two}a")) == ("1", "2")


def test_utf_16_is_read() -> None:
    assert xmp.parse(packet().decode().encode("utf-16")).text(
        "{http://ns.adobe.com/xap/1.0/}Rating"
    ) == "4"  # fmt: skip
