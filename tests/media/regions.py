"""XMP packets with face regions in the spellings that programs write, for tests of readers."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

HEAD = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="another program">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/"
    xmlns:stArea="http://ns.adobe.com/xmp/sType/Area#"
    xmlns:stDim="http://ns.adobe.com/xap/1.0/sType/Dimensions#"
    xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:odd="http://example.org/odd/" xmp:Rating="4" odd:note="a &lt; b &amp; &quot;c&quot;">
   <dc:subject><rdf:Bag><rdf:li>beach</rdf:li><rdf:li>M\u00fcller</rdf:li></rdf:Bag></dc:subject>
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">A title</rdf:li></rdf:Alt></dc:title>
"""
TAIL = """  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""
ELEMENTS = """   <mwg-rs:Regions rdf:parseType="Resource">
    <mwg-rs:AppliedToDimensions rdf:parseType="Resource">
     <stDim:w>{w}</stDim:w><stDim:h>{h}</stDim:h><stDim:unit>pixel</stDim:unit>
    </mwg-rs:AppliedToDimensions>
    <mwg-rs:RegionList><rdf:Bag>{members}</rdf:Bag></mwg-rs:RegionList>
   </mwg-rs:Regions>
"""
MEMBER = """<rdf:li rdf:parseType="Resource">
      <mwg-rs:Area rdf:parseType="Resource"><stArea:x>{x}</stArea:x><stArea:y>{y}</stArea:y>
       <stArea:w>{w}</stArea:w><stArea:h>{h}</stArea:h><stArea:unit>normalized</stArea:unit>
      </mwg-rs:Area>{name}<mwg-rs:Type>{kind}</mwg-rs:Type></rdf:li>"""
LIGHTROOM = """   <mwg-rs:Regions rdf:parseType="Resource">
    <mwg-rs:AppliedToDimensions stDim:w="400" stDim:h="300" stDim:unit="pixel"/>
    <mwg-rs:RegionList><rdf:Bag><rdf:li>
     <rdf:Description mwg-rs:Name="Ann" mwg-rs:Type="Face">
      <mwg-rs:Area stArea:x="0.25" stArea:y="0.5" stArea:w="0.1" stArea:h="0.2"/>
     </rdf:Description></rdf:li></rdf:Bag></mwg-rs:RegionList>
   </mwg-rs:Regions>
"""
"""Attributes instead of elements, and a Description where others write parseType."""
MICROSOFT = """   <MP:RegionInfo xmlns:MP="http://ns.microsoft.com/photo/1.2/"
     xmlns:MPRI="http://ns.microsoft.com/photo/1.2/t/RegionInfo#"
     xmlns:MPReg="http://ns.microsoft.com/photo/1.2/t/Region#" rdf:parseType="Resource">
    <MPRI:Regions><rdf:Bag>
     <rdf:li MPReg:Rectangle="0.2, 0.4, 0.1, 0.2" MPReg:PersonDisplayName="Ann"/>
     <rdf:li MPReg:Rectangle="0.6, 0.4, 0.1, 0.2" MPReg:PersonDisplayName="ffffffffffffffff"/>
     <rdf:li MPReg:PersonDisplayName="Somewhere"/>
    </rdf:Bag></MPRI:Regions></MP:RegionInfo>
"""


def packet(inner: str = "") -> bytes:
    """A packet with a rating, keywords, a title and ``inner``."""
    return (HEAD + inner + TAIL).encode()


def member(
    box: tuple[float, float, float, float], name: str | None = "Ann", kind: str = "Face"
) -> str:
    """One region; ``box`` is x1 y1 x2 y2 in shares of the stored picture."""
    x1, y1, x2, y2 = box
    said = "" if name is None else f"<mwg-rs:Name>{name}</mwg-rs:Name>"
    return MEMBER.format(
        x=(x1 + x2) / 2, y=(y1 + y2) / 2, w=x2 - x1, h=y2 - y1, name=said, kind=kind
    )


def regions(*members: str, size: tuple[int, int] = (400, 300)) -> str:
    """The property with these regions."""
    return ELEMENTS.format(w=size[0], h=size[1], members="".join(members))


def exiftool(*words: str | Path) -> str:
    """What ExifTool prints; skips the test where it is not installed."""
    if shutil.which("exiftool") is None:
        pytest.skip("ExifTool is not on this machine (Debian: libimage-exiftool-perl)")
    done = subprocess.run(
        ["exiftool", *map(str, words)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def exiftool_json(path: Path) -> dict[str, Any]:
    """All tags of a file as ExifTool reads them, structures flattened."""
    import json

    found: list[dict[str, Any]] = json.loads(exiftool("-j", "-n", "-a", path))
    return found[0]
