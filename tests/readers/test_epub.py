"""EPUB: files made by another program, and our own given back."""

from __future__ import annotations

from typing import Any

import pytest

from service.ast import pandoc_ast
from service.containers import namespaces, packages
from service.engines import Engines
from service.inspect import inspect
from service.model.document import Document
from service.model.errors import InvalidDocument, Refused, TooComplex
from service.pipeline import steps
from service.readers.office import epub_chapters
from tests.readers import office


def test_strangers_file(engines: Engines, conversion: office.Recipe) -> None:
    office.check(engines, conversion, "epub", "epub3")


def test_ours_gives_its_front_matter_back(engines: Engines, conversion: office.Recipe) -> None:
    document = office.read(office.ours(engines, conversion, "epub"), "epub", engines, conversion("epub"))
    assert document.metadata.custom == {"shelf": {"row": 2}}
    assert office.said(document) == "Text."


def test_damaged_file_is_refused(engines: Engines, conversion: office.Recipe) -> None:
    data = office.strangers("epub3")
    with pytest.raises(Refused):
        office.read(data[: len(data) // 2], "epub", engines, conversion("pdf"))


def read(engines: Engines, conversion: office.Recipe, *pages: str, **rest: Any) -> Document:
    document = office.read(office.book(*pages, **rest), "epub", engines, conversion("epub"))
    assert "text-missing" not in {each.code for each in document.notices}
    return document


DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 90 90">{}</svg>'


def test_other_peoples_records_are_no_concern(engines: Engines, conversion: office.Recipe) -> None:
    links = '<link rel="record" href="onix.xml" media-type="application/xml" properties="onix"/>'
    document = read(engines, conversion, "<p>A lamp.</p>", metadata=links, files={"OPS/onix.xml": b"<ONIXMessage/>"})
    assert office.said(document) == "A lamp."
    other = '<link rel="record" href="marc.json" media-type="application/json"/>'
    assert office.said(read(engines, conversion, "<p>A lamp.</p>", metadata=other, files={"OPS/marc.json": b"{}"})) == "A lamp."


def test_contributors_are_no_authors_and_keep_their_roles(engines: Engines, conversion: office.Recipe) -> None:
    people = (
        '<dc:contributor id="c">Zed Font</dc:contributor><meta refines="#c" property="role" scheme="marc:relators">tyd</meta>'
        '<dc:creator id="a">Ann Lee</dc:creator><meta refines="#a" property="role" scheme="marc:relators">aut</meta>'
        '<meta refines="#a" property="file-as">Lee, Ann</meta>'
        '<dc:contributor opf:role="trl" opf:file-as="Ott, Tom">Tom Ott</dc:contributor>'
        '<dc:contributor id="m">Mo</dc:contributor><meta refines="#m" property="role">ill</meta>'
        '<meta refines="#m" property="role">cov</meta>'
    )
    recipe = conversion("epub")
    document = read(engines, conversion, "<p>A lamp.</p>", metadata=people)
    assert [(author.name, author.sort, author.role) for author in document.metadata.authors] == [("Ann Lee", "Lee, Ann", "")]
    wanted = [
        {"name": "Zed Font", "role": "tyd"},
        {"name": "Tom Ott", "role": "trl", "sort": "Ott, Tom"},
        {"name": "Mo", "role": ["ill", "cov"]},
    ]
    assert document.metadata.custom["contributors"] == wanted
    artifact = steps.write(document, recipe, "epub", engines)
    assert not [each for each in artifact.notices if each.code == "metadata-mismatch"]
    native = inspect(artifact.data)["native"]
    assert (native["opf:people"], native["opf:contributors"]) == (["Ann Lee"], wanted)


def test_metadata_without_a_field_is_kept(engines: Engines, conversion: office.Recipe) -> None:
    more = (
        "<dc:coverage>World</dc:coverage><dc:source>https://a.example/1</dc:source><dc:source>https://b.example/2</dc:source>"
        '<meta id="s1" property="belongs-to-collection">Set</meta><meta id="s2" property="belongs-to-collection">Series</meta>'
        '<meta refines="#s2" property="collection-type">series</meta><meta refines="#s2" property="group-position">4</meta>'
        '<dc:title id="t2">Of Light</dc:title><meta refines="#t2" property="title-type">main</meta>'
        '<meta property="dcterms:modified">2020-03-04T05:06:07Z</meta><dc:date>2019</dc:date>'
    )
    metadata = read(engines, conversion, "<p>A lamp.</p>", metadata=more).metadata
    assert (metadata.title, metadata.date, metadata.modified) == ("Of Light", "2019", "2020-03-04T05:06:07Z")
    assert (metadata.source_url, metadata.identifier) == ("https://a.example/1", "lamp-1")
    assert metadata.series is not None and (metadata.series.name, metadata.series.index) == ("Series", "4")
    assert metadata.custom == {
        "coverage": "World", "other_titles": ["Lamps"], "other_sources": ["https://b.example/2"], "other_collections": ["Set"],
    }  # fmt: skip


def test_title_page_stays_but_for_what_the_metadata_shows(engines: Engines, conversion: office.Recipe) -> None:
    page = (
        '<section epub:type="titlepage"><h1>Lamps</h1><p>by</p><p>Ann Lee</p><p>For Bea, who dug.</p></section>'
        '<div epub:type="halftitlepage"><p>A first word</p></div><p>Text.</p>'
    )
    document = read(engines, conversion, page, metadata="<dc:creator>Ann Lee</dc:creator>")
    assert office.said(document) == "by For Bea, who dug. A first word Text."


def test_contents_stay_where_they_say_something_else(engines: Engines, conversion: office.Recipe) -> None:
    contents = '<nav epub:type="toc"><h2>Contents</h2><ol><li><a href="page0.xhtml">{}</a></li></ol></nav>'
    text = "<h2>One</h2><p>Text.</p>"
    repeated = read(engines, conversion, text, contents.format("One"))
    assert "Contents" not in office.said(repeated) and "contents-removed" in {each.code for each in repeated.notices}
    assert "Contents Of oil" in office.said(read(engines, conversion, text, contents.format("Of oil")))


def test_drawings_of_the_spine_are_pages(engines: Engines, conversion: office.Recipe) -> None:
    item = '<item id="d" href="d.svg" media-type="image/svg+xml"/><item id="i" href="one.png" media-type="image/png"/>'
    rest = {"items": item, "spine": '<itemref idref="d"/><itemref idref="p0"/>'}
    words = DRAWING.format("<title>Plan</title><style>text{}</style><text>The light room</text>").encode()
    document = read(engines, conversion, "<p>Text.</p>", files={"OPS/d.svg": words}, **rest)
    assert office.said(document) == "Plan The light room Text."
    files = {"OPS/d.svg": DRAWING.format('<image xlink:href="one.png"/><text>Over it</text>').encode()}
    document = read(engines, conversion, "<p>Text.</p>", files=files | {"OPS/one.png": office.PICTURE.read_bytes()}, **rest)
    assert office.said(document) == "Over it Text."
    artifact = steps.write(document, conversion("epub"), "epub", engines)
    assert office.PICTURE.read_bytes() in packages.unpack(artifact.data).values()


def test_a_picture_wrapped_in_a_drawing_is_kept(engines: Engines, conversion: office.Recipe) -> None:
    wrapped = DRAWING.format('<image xlink:href="one.png"/>')
    item = '<item id="i" href="one.png" media-type="image/png"/>'
    document = read(engines, conversion, f"<div>{wrapped}</div>", items=item, files={"OPS/one.png": office.PICTURE.read_bytes()})
    artifact = steps.write(document, conversion("epub"), "epub", engines)
    assert office.PICTURE.read_bytes() in packages.unpack(artifact.data).values()


@pytest.mark.parametrize("call", ["#n", "page0.xhtml#n", "page1.xhtml#n", "#elsewhere"])
def test_notes_are_kept_wherever_they_are_called(call: str, engines: Engines, conversion: office.Recipe) -> None:
    called = f'<p>Text<a epub:type="noteref" href="{call}">1</a>.</p>'
    note = '<aside epub:type="footnote" id="n"><p>The note.</p></aside>'
    pages = [called, note] if call.startswith("page1") else [called + note]
    document = read(engines, conversion, *pages)
    assert "The note." in office.said(document)
    notes = list(pandoc_ast.query(document.blocks, {"Note"}))
    assert len(notes) == (1 if call != "#elsewhere" else 0)


def test_every_part_of_the_spine_is_read(engines: Engines, conversion: office.Recipe) -> None:
    items = (
        '<item id="h" href="h.html" media-type="text/html"/>'
        '<item id="f" href="f.pdf" media-type="application/pdf" fallback="p1"/>'
        '<item id="gone" href="gone.xhtml" media-type="application/xhtml+xml"/>'
    )
    spine = "".join(f'<itemref idref="{name}"/>' for name in ("h", "f", "gone", "nobody"))
    document = read(
        engines, conversion, "<p>Aside.</p>", "<p>Instead.</p>", items=items,
        spine=f'<itemref idref="p0" linear="no"/>{spine}', files={"OPS/h.html": b"<p>Old<br>page</p>", "OPS/f.pdf": b"%PDF"},
    )  # fmt: skip
    assert office.said(document) == "Aside. Old page Instead."
    reported = next(each for each in document.notices if each.code == "artifact-doubtful")
    assert reported.data["parts"] == ["OPS/gone.xhtml"]


def test_unknown_elements_leave_their_text(engines: Engines, conversion: office.Recipe) -> None:
    page = '<p>A <lamp>bright <oil>light</oil></lamp>.</p><form><input value="Name"/></form>'
    document = read(engines, conversion, page)
    assert office.said(document) == "A bright light. Name"


def test_lost_text_is_reported(engines: Engines, conversion: office.Recipe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(epub_chapters, "straightened", lambda page, *_, **_more: page.body.children.pop() and [])
    page = '<p>Text.</p><section epub:type="titlepage"><p>For those who keep the light at night</p></section>'
    document = office.read(office.book(page), "epub", engines, conversion("epub"))
    reported = next(each for each in document.notices if each.code == "text-missing")
    assert reported.severity == "warning" and reported.data["part"] == "OPS/page0.xhtml"
    assert "For those who keep the light at night" in reported.message


DEEP = 150


@pytest.mark.parametrize("name", ["dc:title", "dc:creator", "collection", "guide"])
def test_elements_in_one_another_are_no_entries(name: str, engines: Engines, conversion: office.Recipe) -> None:
    """Only the entries of the package's own metadata are read, once each: the text of 150 ancestors is read once."""
    nested = (f"<{name}>" * DEEP + "x" + f"</{name}>" * DEEP) * 20
    document = read(engines, conversion, "<p>A lamp.</p>", metadata=nested)
    assert document.metadata.title == "Lamps"
    assert len(document.metadata.authors) == (20 if name == "dc:creator" else 0)


def test_a_collections_title_is_not_the_books(engines: Engines, conversion: office.Recipe) -> None:
    other = "</metadata><collection role='x'><metadata><dc:title>Another</dc:title></metadata></collection><metadata>"
    spaces = f' xmlns:dc="{namespaces.DC}"'
    document = read(engines, conversion, "<p>A lamp.</p>", metadata=other.replace("<metadata>", f"<metadata{spaces}>"))
    assert document.metadata.title == "Lamps"
    assert "other_titles" not in document.metadata.custom


def test_wrapped_metadata_of_older_files(engines: Engines, conversion: office.Recipe) -> None:
    document = read(
        engines, conversion, "<p>A lamp.</p>", metadata="<dc-metadata><dc:creator>Ada Vogt</dc:creator></dc-metadata>"
    )
    assert [author.name for author in document.metadata.authors] == ["Ada Vogt"]


def link_targets(document: Document) -> list[str]:
    return [node["c"][2][0] for node in pandoc_ast.query(document.blocks, {"Link"})]


def identifiers(document: Document) -> dict[str, str]:
    """Identifier → the text of its node."""
    nodes = pandoc_ast.query(document.blocks, pandoc_ast.ATTRIBUTES_AT.keys())
    named = ((node["c"][pandoc_ast.ATTRIBUTES_AT[node["t"]]][0], node) for node in nodes)
    return {name: pandoc_ast.text([node]) for name, node in named if name}


def test_links_between_chapters_lead_to_their_places(engines: Engines, conversion: office.Recipe) -> None:
    first = (
        '<h2 id="top">One</h2><p><a href="page1.xhtml#top">b</a> <a href="page1.xhtml">c</a> <a href="page1.xhtml#gone">d</a> '
        '<a href="page2.xhtml#row">e</a> <a href="#top">f</a> <a href="../OPS/page2.xhtml">g</a></p>'
    )
    second = '<h2>Two</h2><p id="top">There.</p>'
    third = '<table><tr id="row"><td>Cell</td></tr></table><hr id="line"/>'
    document = read(engines, conversion, first, second, third)
    names, targets = identifiers(document), [target[1:] for target in link_targets(document)]
    assert not [each for each in document.notices if each.code == "dead-internal-link"]
    assert [names[each] for each in targets[:3]] == ["", "Two", "Two"] and targets[0] == "page1-top"
    assert targets[3] == "row" and targets[4] == "top" and targets[5].startswith("file-page2")
    assert names["top"] == "One"


def test_a_page_that_only_a_link_leads_to_is_read(engines: Engines, conversion: office.Recipe) -> None:
    pages = (
        '<p>Text <a href="page1.xhtml">more</a>.</p><iframe src="page2.xhtml" title="A frame"/>',
        "<p>More.</p>",
        "<p>Framed.</p>",
    )
    document = read(engines, conversion, *pages, spine='<itemref idref="p0"/>')
    assert office.said(document) == "Text more. A frame More. Framed."
    assert all(target.startswith("#") for target in link_targets(document))


def test_notes_lose_their_way_back_and_their_heading(engines: Engines, conversion: office.Recipe) -> None:
    text = (
        '<p>Oil<sup><a id="r1" epub:type="noteref" href="page1.xhtml#n1">1</a></sup> and wick'
        '<a role="doc-noteref" id="r2" href="page1.xhtml#n2">*</a>.</p>'
    )
    notes = (
        '<section epub:type="endnotes"><h2>Notes</h2><ol><li id="n1"><p><a href="page0.xhtml#r1">1</a>. Of whales.</p></li>'
        '<li><p id="n2">Of <a href="page0.xhtml#r1">cotton 7</a>.'
        '<a role="doc-backlink" href="page0.xhtml#r2">back</a></p></li></ol>'
        "</section><p>The end.</p>"
    )
    document = read(engines, conversion, text, notes)
    assert [pandoc_ast.text([each]) for each in pandoc_ast.query(document.blocks, {"Note"})] == ["Of whales.", "Of cotton 7."]
    assert "Superscript" not in {each["t"] for each in pandoc_ast.query(document.blocks)}
    assert office.said(document).endswith("The end.") and "Notes" not in office.said(document)
    reported = next(each for each in document.notices if each.code == "contents-removed")
    assert reported.data["removed"] == ["Notes"]


def test_notes_that_multiply_are_refused(engines: Engines, conversion: office.Recipe) -> None:
    note = f'<aside epub:type="footnote" id="n">{"word " * 20_000}</aside>'
    with pytest.raises(TooComplex):
        read(engines, conversion, '<p>a<a epub:type="noteref" href="#n">1</a></p>' * 100 + note)


def test_numbers_of_printed_pages_are_no_words(engines: Engines, conversion: office.Recipe) -> None:
    page = '<p>A light<span epub:type="pagebreak" id="p12">12</span>house.</p><div role="doc-pagebreak" aria-label="13"/>'
    document = read(engines, conversion, page)
    assert office.said(document) == "A lighthouse."
    assert "p12" in identifiers(document)


def test_the_language_of_a_chapter_is_kept(engines: Engines, conversion: office.Recipe) -> None:
    french = '<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="fr"><body><h2>Deux</h2><p>La mer.</p></body></html>'
    document = read(engines, conversion, "<h2>One</h2><p>The sea.</p>", "", files={"OPS/page1.xhtml": french.encode()})
    marked = {pandoc_ast.text([node]): dict(node["c"][at][2]) for node, at in _attributed(document)}
    assert marked["Deux"]["lang"] == marked["La mer."]["lang"] == "fr" and "lang" not in marked["One"]


def _attributed(document: Document) -> list[tuple[Any, int]]:
    nodes = pandoc_ast.query(document.blocks, {"Header", "Div"})
    return [(node, pandoc_ast.ATTRIBUTES_AT[node["t"]]) for node in nodes]


NCX = """<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint><navLabel><text>The Lamp</text></navLabel>
<content src="page0.xhtml"/><navPoint><navLabel><text>Its Oil</text></navLabel><content src="page0.xhtml#oil"/></navPoint>
</navPoint></navMap></ncx>"""
NAV = """<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><body><nav epub:type="toc"><ol><li>
<a href="page0.xhtml">The Lamp</a><ol><li><a href="page0.xhtml#oil">Its Oil</a></li></ol></li></ol></nav></body></html>"""


@pytest.mark.parametrize("labels", ["ncx", "nav"])
def test_lines_that_the_contents_name_are_headings(labels: str, engines: Engines, conversion: office.Recipe) -> None:
    page = '<p class="big">THE LAMP</p><p>Text.</p><div><p><a id="oil"/>Its Oil</p></div><p>The Lamp</p>'
    items = {
        "ncx": '<item id="x" href="x" media-type="application/x-dtbncx+xml"/>',
        "nav": '<item id="x" href="x" media-type="application/xhtml+xml" properties="nav"/>',
    }
    files = {"OPS/x": (NCX if labels == "ncx" else NAV).encode()}
    document = read(engines, conversion, page, items=items[labels], files=files)
    headings = [(node["c"][0], pandoc_ast.text(node["c"][2])) for node in pandoc_ast.query(document.blocks, {"Header"})]
    assert [text for _, text in headings] == ["THE LAMP", "Its Oil"] and headings[0][0] < headings[1][0]


def test_the_cover_stays_the_cover(engines: Engines, conversion: office.Recipe) -> None:
    item = '<item id="c" href="c.png" media-type="image/png" properties="cover-image"/>'
    document = read(engines, conversion, "<p>Text.</p>", items=item, files={"OPS/c.png": office.PICTURE.read_bytes()})
    artifact = steps.write(document, conversion("epub"), "epub", engines)
    package = next(data for name, data in packages.unpack(artifact.data).items() if name.endswith(".opf"))
    assert b"cover-image" in package and office.PICTURE.read_bytes() in packages.unpack(artifact.data).values()


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ('<p>A <a id="x"/>b<br/>c</p><div/><p>d</p>', "A b c d"),  # XML: what is empty ends there
        ("<p>A <a id='x'/>b<br>c</p><script/><p>d & e</p>", "A b c d & e"),  # no XML: the same
        ("<p>A&nbsp;b &eacute;</p><![CDATA[c < d]]>", "A b é c < d"),
        ("<ul><li>a<li>b</ul><p>c", "a b c"),
        ("<q>a</q><p>b <wbr/>c <svg:g xmlns:svg='http://www.w3.org/2000/svg'/>d</p>", "a b c d"),
    ],
)
def test_chapters_well_formed_and_not(page: str, words: str, engines: Engines, conversion: office.Recipe) -> None:
    assert office.said(read(engines, conversion, page)).replace("\u00a0", " ") == words


def test_of_the_forms_of_a_switch_one_is_taken(engines: Engines, conversion: office.Recipe) -> None:
    formula = '<math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi></math>'
    page = (
        '<p>So <epub:switch><epub:case required-namespace="http://www.w3.org/1998/Math/MathML">{}</epub:case>'
        "<epub:default>ex</epub:default></epub:switch>.</p>"
    )
    document = office.read(office.book(page.format(formula)), "epub", engines, conversion("epub"))
    assert [node["c"][1] for node in pandoc_ast.query(document.blocks, {"Math"})] == ["x"]


@pytest.mark.parametrize(
    "page",
    [
        b"<div>" * 300,
        b"<html>" + b"<div>" * 300 + b"</div>" * 300 + b"</html>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><html>&b;</html>',
    ],
    ids=["open", "nested", "entities"],
)
def test_bombs_are_refused(page: bytes, engines: Engines, conversion: office.Recipe) -> None:
    with pytest.raises(Refused):
        read(engines, conversion, "", files={"OPS/page0.xhtml": page})


def test_a_page_of_another_encoding(engines: Engines, conversion: office.Recipe) -> None:
    page = '<?xml version="1.0" encoding="gb2312"?><html><body><p>灯塔的光很亮</p></body></html>'.encode("gb2312")
    assert "灯塔的光很亮" in office.said(read(engines, conversion, "", files={"OPS/page0.xhtml": page}))


def test_emphasis_of_style_sheets(engines: Engines, conversion: office.Recipe) -> None:
    page = (
        '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>P</title><link rel="stylesheet" href="css/a.css"/>'
        "<style>.own { font-weight: bold }</style></head>"
        '<body><p class="body"><span class="it">Tar</span> and <span class="own">oil</span>.</p></body></html>'
    )
    files = {"OPS/page0.xhtml": page.encode(), "OPS/css/a.css": b".it, p.x { font-style: italic } .body { text-align: justify }"}
    document = read(engines, conversion, "", files=files)
    assert [pandoc_ast.text(each["c"]) for each in pandoc_ast.query(document.blocks, {"Emph"})] == ["Tar"]
    assert [pandoc_ast.text(each["c"]) for each in pandoc_ast.query(document.blocks, {"Strong"})] == ["oil"]
    assert document.blocks[0]["t"] == "Para"


def test_notes_that_nothing_marks_lead_back(engines: Engines, conversion: office.Recipe) -> None:
    text = '<p>Tar<sup><a id="r1" href="page1.xhtml#n1">1</a></sup> burns.</p>'
    notes = '<h2>Notes</h2><p id="n1"><a href="page0.xhtml#r1">1</a>. Of pine.</p>'
    document = read(engines, conversion, text, notes)
    (note,) = pandoc_ast.query(document.blocks, {"Note"})
    assert pandoc_ast.text(note["c"]).strip() == "Of pine."


def test_a_title_block_of_another_program_is_text(engines: Engines, conversion: office.Recipe) -> None:
    document = read(engines, conversion, '<header class="title-block"><p>By the lamp.</p></header><p>Text.</p>')
    assert office.said(document) == "By the lamp. Text."


ENCRYPTED = (
    '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:enc="http://www.w3.org/2001/04/xmlenc#">'
    '<enc:EncryptedData><enc:CipherData><enc:CipherReference URI="{}"/></enc:CipherData></enc:EncryptedData></encryption>'
)


def test_a_book_with_copy_protection_is_refused(engines: Engines, conversion: office.Recipe) -> None:
    locked = {"META-INF/encryption.xml": ENCRYPTED.format("OPS/page0.xhtml").encode()}
    with pytest.raises(InvalidDocument, match="copy protection"):
        office.read(office.book("<p>Text.</p>", files=locked), "epub", engines, conversion("epub"))
    fonts = {"META-INF/encryption.xml": ENCRYPTED.format("OPS/a.otf").encode(), "OPS/a.otf": b"x"}
    assert office.said(office.read(office.book("<p>Text.</p>", files=fonts), "epub", engines, conversion("epub"))) == "Text."


def test_a_chapter_in_another_case_is_read(engines: Engines, conversion: office.Recipe) -> None:
    items = '<item id="q" href="Text/A.XHTML" media-type="application/xhtml+xml"/>'
    page = b"<html xmlns='http://www.w3.org/1999/xhtml'><body><p>Oil.</p></body></html>"
    data = office.book(
        "<p>Text.</p>", items=items, spine='<itemref idref="p0"/><itemref idref="q"/>', files={"OPS/text/a.xhtml": page}
    )
    assert office.said(office.read(data, "epub", engines, conversion("epub"))) == "Text. Oil."


def test_small_capitals_of_a_style_sheet(engines: Engines, conversion: office.Recipe) -> None:
    page = "<style>.sc { font-variant: small-caps }</style><p>A <span class='sc'>lamp</span>.</p>"
    document = read(engines, conversion, page)
    assert [pandoc_ast.text(node["c"]) for node in pandoc_ast.query(document.blocks, {"SmallCaps"})] == ["lamp"]
