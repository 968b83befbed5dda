"""RDF as XMP uses it: structures and lists in each of the spellings that programs write."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement

from personae.adapters.photometa.xmp import DESCRIPTION, RDF, XML, q

LI, VALUE, PARSE_TYPE = q(RDF, "li"), q(RDF, "value"), q(RDF, "parseType")
BAG, ARRAYS = q(RDF, "Bag"), (q(RDF, "Bag"), q(RDF, "Seq"), q(RDF, "Alt"))
SYNTAX = ("{" + RDF + "}", "{" + XML + "}")


def holder(node: Element) -> Element:
    """The element that carries a structure's fields: ``node`` or the rdf:Description in it."""
    inner = node.find(DESCRIPTION)
    return node if inner is None else inner


def child(node: Element, name: str) -> Element | None:
    """A field of a structure that is an element."""
    found = node.find(name)
    return holder(node).find(name) if found is None else found


def text(node: Element, name: str) -> str | None:
    """A field's plain value, be it an attribute, an element or one in several languages."""
    for place in (node, holder(node)):
        if name in place.attrib:
            return place.attrib[name].strip()
    found = child(node, name)
    if found is None:
        return None
    for inner in (*items(found), *found.findall(VALUE), *holder(found).findall(VALUE)):
        return (inner.text or "").strip()
    return (found.text or "").strip()


def set_text(node: Element, name: str, value: str | None) -> None:
    """Sets or, with None, takes away a field with a plain value."""
    for place in (node, holder(node)):
        place.attrib.pop(name, None)
        for old in place.findall(name):
            place.remove(old)
    if value is not None:
        SubElement(holder(node), name).text = value


def array(node: Element) -> Element | None:
    """The rdf:Bag, rdf:Seq or rdf:Alt of a list."""
    return next((inner for inner in node if inner.tag in ARRAYS), None)


def items(node: Element) -> list[Element]:
    """The members of a list; none where it is no list."""
    found = array(node)
    return [] if found is None else [inner for inner in found if inner.tag == LI]


def structure(parent: Element, name: str) -> Element:
    """A new field that is a structure; its fields are elements below it."""
    return SubElement(parent, name, {PARSE_TYPE: "Resource"})


def is_empty(node: Element) -> bool:
    """Whether a structure has no field left."""
    place = holder(node)
    return len(place) == 0 and not any(not key.startswith(SYNTAX) for key in place.attrib)
