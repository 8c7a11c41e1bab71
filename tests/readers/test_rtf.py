"""RTF: the info group, code pages, pictures."""

from __future__ import annotations

import pytest

from service import packages, pipeline
from service.engines import Engines
from service.errors import InvalidDocument, TooComplex
from service.readers.rtf import characters
from tests.readers import markups, office

FILE = r"""{\rtf1\ansi\ansicpg936{\fonttbl{\f0\fnil\fcharset134 SimSun;}{\f1\fnil\fcharset204 Times;}}
{\info{\title \'b5\'c6\'cb\'fe}{\subject Light}{\author Ada; \u26446?\u20255?}{\keywords lamps, sea}{\doccomm Of \{light\}}
{\company North Bank}{\creatim\yr2024\mo11\dy2\hr3\min4}}{\*\userprops {\propname shelf}\proptype3{\staticval 3}}
\f0 \'b5\'c6\'cb\'fe \uc2\u28783\'b5\'c6x \f1\'cf\'f0\'e8 {\f0\'b5\'c6}\'e2\par b \{x\}\par}"""


def test_info_and_code_pages(engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read(FILE, "a", engines, conversion("pdf"))
    metadata = document.metadata
    assert document.reader == "rtf"
    assert (metadata.title, metadata.subtitle, metadata.date) == ("灯塔", "Light", "2024-11-02T03:04")
    assert [author.name for author in metadata.authors] == ["Ada", "李伟"]
    assert (metadata.keywords, metadata.description, metadata.publisher) == (("lamps", "sea"), "Of {light}", "North Bank")
    assert metadata.custom == {"shelf": "3"}
    assert markups.said(document) == "灯塔 灯x При 灯в b {x}"


@pytest.mark.parametrize("text", ["a\U0001f600b", "灯{\\}", "\u2014"])
def test_decoded_characters_are_read_again(text: str) -> None:
    data = text.encode("gb18030").replace(b"\\", b"\\\\").replace(b"{", b"\\{").replace(b"}", b"\\}")
    assert characters.plain(characters.decoded(b"\\ansicpg936 " + data)) == text


def test_pandocs_own(engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read(markups.made("rtf"), "a.rtf", engines, conversion("epub"))
    for part in ("Plain text with a link", "The note.", "one", "two"):
        assert part in markups.said(document)
    artifact = pipeline.write(document, conversion("epub"), "epub", engines)
    assert office.PICTURE.read_bytes() in packages.unpack(artifact.data).values()
    assert markups.lost("rtf", "a.rtf", engines, conversion("pdf")) == ""


def test_bombs(engines: Engines, conversion: markups.Recipe) -> None:
    with pytest.raises(TooComplex):
        markups.read("{\\rtf1 " + "{" * 5000 + "x" + "}" * 5001, "a.rtf", engines, conversion("pdf"))
    with pytest.raises(InvalidDocument):
        markups.read("{\\rtf1 " + "{" * 500, "a.rtf", engines, conversion("pdf"))
