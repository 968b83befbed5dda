"""XMP packets: parsed without trusting them, kept whole, written with the prefixes they had.

ISO 16684-1 (XMP): a packet is RDF/XML whose top-level properties lie in rdf:Description elements.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, SubElement, TreeBuilder
from xml.parsers import expat

from personae.core.errors import MetadataUnreadable

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
META = "adobe:ns:meta/"
XML = "http://www.w3.org/XML/1998/namespace"
PREFIXES = {
    META: "x",
    RDF: "rdf",
    XML: "xml",
    "http://www.metadataworkinggroup.com/schemas/regions/": "mwg-rs",
    "http://ns.adobe.com/xmp/sType/Area#": "stArea",
    "http://ns.adobe.com/xap/1.0/sType/Dimensions#": "stDim",
    "urn:personae:xmp:1.0:": "personae",
}
"""What the namespaces that we write are called where a packet has no name for them."""
MOST_BYTES = 16 << 20
"""A larger packet is refused; those of cameras and editors have kilobytes."""
DEEPEST = 64
"""Elements within elements; those of real packets stay below 12."""
BEGIN = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
END = '\n<?xpacket end="w"?>'


def q(namespace: str, name: str) -> str:
    """A qualified name as the element tree spells it."""
    return f"{{{namespace}}}{name}"


RDF_RDF, DESCRIPTION, ABOUT = q(RDF, "RDF"), q(RDF, "Description"), q(RDF, "about")


@dataclass(slots=True)
class Xmp:
    """One packet.

    Attributes:
        root: the outermost element.
        prefixes: namespace to the prefix it had in the packet.
    """

    root: Element
    prefixes: dict[str, str] = field(default_factory=dict)

    @property
    def rdf(self) -> Element:
        """The element that holds everything."""
        return self.root if self.root.tag == RDF_RDF else self.root[0]

    def descriptions(self) -> list[Element]:
        """The elements whose children and attributes are the properties."""
        return [node for node in self.rdf if node.tag == DESCRIPTION]

    def property(self, name: str) -> Element | None:
        """The first property of this qualified name that is more than an attribute."""
        found = (node.find(name) for node in self.descriptions())
        return next((node for node in found if node is not None), None)

    def text(self, name: str) -> str | None:
        """The plain value of a property, however it is spelled."""
        for node in self.descriptions():
            if name in node.attrib:
                return node.attrib[name]
            child = node.find(name)
            if child is not None:
                return (child.text or "").strip()
        return None

    def put(self, child: Element) -> None:
        """Sets a property, in place of what it was."""
        self.remove(child.tag)
        nodes = self.descriptions()
        node = nodes[0] if nodes else SubElement(self.rdf, DESCRIPTION, {ABOUT: ""})
        node.append(child)

    def remove(self, name: str) -> None:
        """Takes a property away, wherever it lies."""
        for node in self.descriptions():
            node.attrib.pop(name, None)
            for child in node.findall(name):
                node.remove(child)

    def to_bytes(self) -> bytes:
        """The packet in UTF-8, wrapped as ISO 16684-1 (7.3.2) has it."""
        names = self._named()
        declared = "".join(
            f' xmlns:{prefix}="{_attribute(uri)}"' for uri, prefix in names.items() if uri != XML
        )
        written: list[str] = []
        _write(self.root, names, declared, written)
        return (BEGIN + "".join(written) + END).encode()

    def _named(self) -> dict[str, str]:
        """Every namespace in use with a prefix of its own."""
        names: dict[str, str] = {}
        for uri in _namespaces(self.root):
            wanted = PREFIXES.get(uri) or self.prefixes.get(uri) or f"ns{len(names) + 1}"
            while wanted in names.values():
                wanted = f"{wanted}_"
            names[uri] = wanted
        return names


def empty() -> Xmp:
    """A packet that says nothing."""
    root = Element(q(META, "xmpmeta"))
    SubElement(SubElement(root, RDF_RDF), DESCRIPTION, {ABOUT: ""})
    return Xmp(root)


def parse(data: bytes) -> Xmp:
    """A packet or sidecar.

    No document type is accepted, so no entity can grow or reach outside.

    Raises:
        MetadataUnreadable: it is no well-formed XMP, too large or too deep.
    """
    if len(data) > MOST_BYTES:
        raise MetadataUnreadable(f"{len(data)} bytes of XMP; {MOST_BYTES} are allowed")
    reader = _Reader()
    try:
        root = reader.read(data)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise MetadataUnreadable(f"no well-formed XMP: {error}") from error
    if root.tag != RDF_RDF and (len(root) == 0 or root[0].tag != RDF_RDF):
        found = next(iter(root.iter(RDF_RDF)), None)
        if found is None:
            raise MetadataUnreadable("XML without rdf:RDF is no XMP")
        root = found
    return Xmp(root, reader.prefixes)


class _Reader:
    """Builds the tree from the parser's events."""

    def __init__(self) -> None:
        self.prefixes: dict[str, str] = {}
        self._tree = TreeBuilder()
        self._depth = 0

    def read(self, data: bytes) -> Element:
        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartNamespaceDeclHandler = self._namespace
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._tree.data
        # Some writers fill up with zeros; in UTF-16 a zero is half a letter
        wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
        parser.Parse(data if wide else data.strip(b"\0 \t\r\n"), True)
        return self._tree.close()

    def _doctype(self, name: str, *_: object) -> None:
        raise MetadataUnreadable(f"XMP with a document type ({name!r}) is refused")

    def _namespace(self, prefix: str | None, uri: str | None) -> None:
        if prefix and uri:
            self.prefixes.setdefault(uri, prefix)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise MetadataUnreadable(f"XMP with more than {DEEPEST} elements within each other")
        self._tree.start(_qualified(name), {_qualified(k): v for k, v in attributes.items()})

    def _end(self, name: str) -> None:
        self._depth -= 1
        self._tree.end(_qualified(name))


def _qualified(name: str) -> str:
    return "{" + name if "}" in name else name


def _namespaces(root: Element) -> Iterator[str]:
    seen = set()
    for node in root.iter():
        for name in (node.tag, *node.attrib):
            uri = name[1:].rpartition("}")[0] if name.startswith("{") else ""
            if uri and uri not in seen:
                seen.add(uri)
                yield uri


def _write(node: Element, names: dict[str, str], declared: str, out: list[str]) -> None:
    tag = _spelled(node.tag, names)
    said = "".join(f' {_spelled(k, names)}="{_attribute(v)}"' for k, v in node.attrib.items())
    inner = node.text or ""
    if len(node) == 0 and not inner:
        out.append(f"<{tag}{declared}{said}/>")
        return
    out.append(f"<{tag}{declared}{said}>{_escaped(inner)}")
    for child in node:
        _write(child, names, "", out)
        out.append(_escaped(child.tail or ""))
    out.append(f"</{tag}>")


def _spelled(name: str, names: dict[str, str]) -> str:
    if not name.startswith("{"):
        return name
    uri, _, local = name[1:].rpartition("}")
    return f"{names[uri]}:{local}"


def _escaped(text: str) -> str:
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return safe.replace("\r", "&#13;")


def _attribute(text: str) -> str:
    safe = _escaped(text).replace('"', "&quot;")
    return safe.replace("\n", "&#10;").replace("\t", "&#9;")
