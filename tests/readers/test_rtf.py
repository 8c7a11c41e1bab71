"""RTF: the info group, code pages, pictures."""

from __future__ import annotations

import pytest

from service.containers import packages
from service.engines import Engines
from service.model.document import Document
from service.model.errors import InvalidDocument, TooComplex
from service.pipeline import steps
from service.readers.rtf import characters, structure
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
    artifact = steps.write(document, conversion("epub"), "epub", engines)
    assert office.PICTURE.read_bytes() in packages.unpack(artifact.data).values()
    assert markups.lost("rtf", "a.rtf", engines, conversion("pdf")) == ""


def test_bombs(engines: Engines, conversion: markups.Recipe) -> None:
    with pytest.raises(TooComplex):
        markups.read("{\\rtf1 " + "{" * 5000 + "x" + "}" * 5001, "a.rtf", engines, conversion("pdf"))
    with pytest.raises(InvalidDocument):
        markups.read("{\\rtf1 " + "{" * 500, "a.rtf", engines, conversion("pdf"))


def read(text: str, engines: Engines, conversion: markups.Recipe) -> Document:
    document = markups.read("{\\rtf1\\ansi " + text + "}", "a.rtf", engines, conversion("pdf"))
    assert "text-missing" not in markups.codes(document)
    return document


NESTED = (
    r"\trowd\cellx3000\pard\intbl Outside {\pard\intbl\itap2 First\nestcell Second\nestcell}"
    r"{\pard\intbl\itap2{\*\nesttableprops\trowd\cellx1000\cellx2000\nestrow}{\nonesttables\par}}"
    r"\pard\intbl after\cell\row\pard End\par",
    r"\trowd\cellx3000\pard\intbl Outside\par\pard\intbl\itap2 First\nestcell Second\nestcell"
    r"{\*\nesttableprops\trowd\cellx1000\cellx2000\nestrow}{\nonesttables\par}\pard\intbl\itap1 after\cell\row\pard End\par",
)


@pytest.mark.parametrize("text", NESTED)
def test_nested_tables_are_paragraphs_of_their_cell(text: str, engines: Engines, conversion: markups.Recipe) -> None:
    document = read(text, engines, conversion)
    assert markups.said(document) == "Outside First Second after End"
    assert "table-clamped" in markups.codes(document)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (r"{\uc0\u8203} Stra\u223?e und Caf\u233?.\par", "Straße und Café."),
        (r"{\uc2\u26446ab{\uc0\u20255} x}\u225?y\par", "李伟 xáy"),
        (r"\uc1 \u26446\'3f\u20255?\par", "李伟"),
        (r"one\page two\sect three\par", "one two three"),
        (r"a {\upr{ANSI}{\*\ud{\u228?}}} z\par", "a ä z"),
        (r"a {\*\do\dobxpage{\dptxbx{\dptxbxtext\pard boxed\par}}} z\par", "a boxed z"),
        (
            r"a {\shp{\*\shpinst{\sp{\sn shapeType}{\sv 202}}{\shptxt\pard boxed\par}}"
            r"{\shprslt{\*\do{\dptxbxtext\pard boxed\par}}}} z\par",
            "a boxed z",
        ),
        (r"a {\field{\*\fldinst IF}{\fldrslt{\field{\*\fldinst REF}{\fldrslt in}} out}} z\par", "a in out z"),
    ],
)
def test_text_is_kept(text: str, wanted: str, engines: Engines, conversion: markups.Recipe) -> None:
    assert markups.said(read(text, engines, conversion)) == wanted


def test_pictures_in_binary(engines: Engines, conversion: markups.Recipe) -> None:
    picture = office.PICTURE.read_bytes()
    data = b"{\\rtf1\\ansi before{\\pict\\pngblip\\bin%d " % len(picture) + picture + b"} after\\par C:\\\\bin5 {b}\\par}"
    document = markups.read(data, "a.rtf", engines, conversion("epub"))
    assert markups.said(document) == "beforeimage after C:\\bin5 b"
    artifact = steps.write(document, conversion("epub"), "epub", engines)
    assert picture in packages.unpack(artifact.data).values()


def test_lost_text_is_reported(engines: Engines, conversion: markups.Recipe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(structure, "straightened", lambda text: (text, False))
    text = NESTED[1].replace("Outside", "The light seen at night").replace("End", "An end of this")
    document = markups.read("{\\rtf1\\ansi " + text + "}", "a.rtf", engines, conversion("pdf"))
    reported = next(each for each in document.notices if each.code == "text-missing")
    assert reported.severity == "warning" and "The light seen at night" in reported.message


ART = r"{\shp{\*\shpinst\shpleft0{\sp{\sn gtextUNICODE}{\sv Not for sale}}}}"


@pytest.mark.parametrize("name", ["header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf"])
def test_headers_and_footers_are_reported(name: str, engines: Engines, conversion: markups.Recipe) -> None:
    first = rf"{{\{name} \pard Harbour {{\b report}}\par \'95 caf\u233?\par 3\par{ART}}}"
    data = rf"{{\rtf1\ansi{first}{{\{name} Again}}\pard The text.\par}}"
    document = markups.read(data, "a.rtf", engines, conversion("pdf"))
    [reported] = [each for each in document.notices if each.code == "page-header-removed"]
    assert markups.said(document) == "The text."
    assert reported.data["lines"] == ["Harbour report", "• café", "Not for sale", "Again"]


def test_word_art_is_text(engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read(rf"{{\rtf1 Before.\par {ART}\par After.\par}}", "a.rtf", engines, conversion("pdf"))
    assert markups.said(document) == "Before. Not for sale After."


@pytest.mark.parametrize("inside", [r"\pard 3\par", r"\chpgn", "", r"{\fs20 12}"])
def test_numbers_of_pages_are_silent(inside: str, engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read(rf"{{\rtf1{{\footer {inside}}}The text.\par}}", "a.rtf", engines, conversion("pdf"))
    assert markups.codes(document) & {"page-header-removed", "text-missing"} == set()


def test_braces_in_text_open_no_header(engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read(r"{\rtf1 Write \{\\header x\} and \headery0 so.\par}", "a.rtf", engines, conversion("pdf"))
    assert "page-header-removed" not in markups.codes(document)
