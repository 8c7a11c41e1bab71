"""FictionBook: the description, the cover, pictures and tables."""

from __future__ import annotations

import base64

import pytest

from service.ast import pandoc_ast
from service.containers import packages
from service.engines import Engines
from service.model.document import Document
from service.model.errors import TooComplex
from service.pipeline import steps
from service.readers.fb2 import page
from tests.readers import markups, office

PNG = base64.b64encode(office.PICTURE.read_bytes()).decode()
BOOK = f"""<?xml version="1.0" encoding="windows-1251"?>
<FictionBook xmlns="http://www.gribuser.ru/xml/fictionbook/2.0" xmlns:l="http://www.w3.org/1999/xlink"><description><title-info>
<genre>prose</genre><author><first-name>Ада</first-name><last-name>Фогт</last-name></author><book-title>Маяк</book-title>
<annotation><p>О свете.</p></annotation><keywords>маяк, море</keywords><date value="2024-11-02">2024</date>
<coverpage><image l:href="#cover.png"/></coverpage><lang>ru</lang><sequence name="Ночи" number="3"/></title-info>
<document-info><id>abc</id></document-info><publish-info><book-name>Маяки</book-name><publisher>Берег</publisher><year>2023</year><isbn>9783161484100</isbn></publish-info>
<custom-info info-type="shelf">3</custom-info></description>
<body><section><title><p>Первая</p></title><p>Свет.</p><table><tr><th>a</th></tr><tr><td>b</td></tr></table>
<image l:href="#cover.png"/></section></body>
<binary id="cover.png" content-type="image/png">{PNG}</binary></FictionBook>"""

PRINTED = {"shelf": "3", "printed_title": "Маяки", "printed_year": "2023"}


def test_description(engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read(BOOK.encode("cp1251"), "a.xml", engines, conversion("epub"))
    metadata = document.metadata
    assert document.reader == "fb2"
    assert (metadata.title, metadata.date, metadata.lang, metadata.publisher) == ("Маяк", "2024-11-02", "ru", "Берег")
    assert [author.name for author in metadata.authors] == ["Ада Фогт"]
    assert (metadata.keywords, metadata.categories, metadata.isbn) == (("маяк", "море"), ("prose",), "9783161484100")
    assert metadata.series is not None and (metadata.series.name, metadata.series.index) == ("Ночи", "3")
    assert (metadata.description, metadata.identifier, metadata.custom) == ("О свете.", "abc", PRINTED)
    assert markups.said(document) == "О свете. Первая Свет. a b"
    assert {"Table", "Image"} <= {node["t"] for node in pandoc_ast.query(document.blocks)}


def test_cover_and_picture(engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read(BOOK.encode("cp1251"), "a.fb2", engines, conversion("epub"))
    parts = packages.unpack(steps.write(document, conversion("epub"), "epub", engines).data)
    assert parts["EPUB/media/cover.png"] == office.PICTURE.read_bytes()


def test_pandocs_own(engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read(markups.made("fb2"), "a.fb2", engines, conversion("epub"))
    assert {"Table", "Note", "Image", "Link", "Emph"} <= {node["t"] for node in pandoc_ast.query(document.blocks)}
    assert markups.lost("fb2", "a.fb2", engines, conversion("pdf")) == ""


def book(body: str, more: str = "") -> str:
    spaces = 'xmlns="http://www.gribuser.ru/xml/fictionbook/2.0" xmlns:l="http://www.w3.org/1999/xlink"'
    head = "<description><title-info><book-title>Lamps</book-title><lang>en</lang></title-info></description>"
    return f'<?xml version="1.0"?><FictionBook {spaces}>{head}<body>{body}</body>{more}</FictionBook>'


def read(body: str, engines: Engines, conversion: markups.Recipe, more: str = "") -> Document:
    document = markups.read(book(body, more), "a.fb2", engines, conversion("pdf"))
    assert "text-missing" not in markups.codes(document)
    return document


@pytest.mark.parametrize(
    "body",
    [
        "<section><p>a <b>kept</b> z</p></section>",
        '<section><p>a <a href="#n">kept</a> z</p></section>',
        "<section><p>a</p><ul><li>kept</li></ul><p>z</p></section>",
        "<section><p>a</p><TABLE><TR><TD>kept</TD></TR></TABLE><p>z</p></section>",
        "<section><p>a</p><div><span>kept</span></div><p>z</p></section>",
        "<section><p>a</p><h2>kept</h2><p>z</p></section>",
        "<section><p>a <oil>kept</oil> z</p></section>",
        "<section>a <lamp><oil>kept</oil></lamp> z</section>",
    ],
)
def test_unknown_elements_leave_their_text_and_a_notice(body: str, engines: Engines, conversion: markups.Recipe) -> None:
    document = read(body, engines, conversion)
    assert markups.said(document) == "a kept z"
    if "<a href" not in body:
        reported = next(each for each in document.notices if each.code == "raw-html-dropped")
        assert reported.data["elements"][0] in {"b", "ul", "TABLE", "div", "h2", "oil", "lamp"}


@pytest.mark.parametrize(
    "body",
    [
        "<p>kept</p>",
        "<section><title>kept</title></section>",
        "<section><text-author>kept</text-author></section>",
        "<section><v>kept</v></section>",
        "<section><cite><empty-line/><p>kept</p></cite></section>",
        "<section><table><tr><td><p>kept</p></td></tr></table></section>",
    ],
)
def test_elements_out_of_place_keep_their_text(body: str, engines: Engines, conversion: markups.Recipe) -> None:
    document = read(f"<section><p>a</p></section>{body}<section><p>z</p></section>", engines, conversion)
    assert markups.said(document) == "a kept z"


def test_poems_citations_and_sections(engines: Engines, conversion: markups.Recipe) -> None:
    poem = "<poem><stanza><v>One line</v><v>another</v></stanza><text-author>A poet</text-author></poem>"
    inner = "<section><title><p>Deep</p></title><p>Below.</p></section>"
    body = (
        f"<section><title><p>Light</p><p>and dark</p></title><epigraph><p>Of old</p></epigraph>{poem}"
        f"<cite><p>Said</p><text-author>Her</text-author></cite>{inner}</section>"
    )
    document = read(body, engines, conversion)
    assert markups.said(document) == "Light and dark Of old One line another A poet Said Her Deep Below."
    levels = [node["c"][0] for node in pandoc_ast.query(document.blocks, {"Header"})]
    assert levels == [levels[0], levels[0] + 1]


def test_notes_are_called_or_stay_in_the_text(engines: Engines, conversion: markups.Recipe) -> None:
    notes = (
        '<body name="notes"><title><p>Notes</p></title><section id="n1"><title><p>1</p></title><p>First note.</p></section>'
        '<section><section id="n2"><p>Deep note.</p></section></section><section id="n3"><p>Uncalled.</p></section></body>'
    )
    call = '<p>Text<a l:href="#{0}" type="note">{0}</a>.</p>'
    document = read(f"<section>{call.format('n1')}{call.format('n2')}</section>", engines, conversion, notes)
    found = [pandoc_ast.text(node["c"]) for node in pandoc_ast.query(document.blocks, {"Note"})]
    assert [" ".join(text.split()) for text in found] == ["First note.", "Deep note."]
    assert markups.said(document).endswith("Notes Uncalled.")


def test_note_that_calls_itself_ends(engines: Engines, conversion: markups.Recipe) -> None:
    call = '<p>Loop<a l:href="#n1" type="note">1</a></p>'
    document = read(
        f"<section>{call}</section>", engines, conversion, f'<body name="notes"><section id="n1">{call}</section></body>'
    )
    assert markups.said(document) == "Loop Loop[n1]"


def test_notes_that_double(engines: Engines, conversion: markups.Recipe) -> None:
    call = '<a l:href="#n{}" type="note">1</a>'
    sections = "".join(f'<section id="n{n}"><p>Note{call.format(n + 1) * 8}</p></section>' for n in range(20))
    with pytest.raises(TooComplex, match="notes"):
        read(f"<section><p>a{call.format(0)}</p></section>", engines, conversion, f'<body name="notes">{sections}</body>')


def test_elements_without_end(engines: Engines, conversion: markups.Recipe) -> None:
    with pytest.raises(TooComplex):
        read("<section>" * 150 + "x" + "</section>" * 150, engines, conversion)


def test_lost_text_is_reported(engines: Engines, conversion: markups.Recipe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page.Page, "blocks", lambda self, top: [])
    document = markups.read(book("<section><p>The light at night</p></section>"), "a.fb2", engines, conversion("pdf"))
    reported = next(each for each in document.notices if each.code == "text-missing")
    assert reported.severity == "warning" and "The light at night" in reported.message
