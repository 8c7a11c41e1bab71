"""HTML as programs save and export it: what is meant for the screen, the browser or the authors alone is not on the page."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.ast import pandoc_ast
from service.engines import Engines
from service.model.document import Conversion, Document, Source
from service.model.errors import TooComplex
from service.readers import READERS

Recipe = Callable[..., Conversion]


def read(text: str, engines: Engines, recipe: Conversion) -> Document:
    return READERS["html"].read(Source("a.html", text.encode()), recipe, engines)


def said(document: Document) -> str:
    return " ".join(pandoc_ast.text(document.blocks).split())


def codes(document: Document) -> set[str]:
    return {each.code for each in document.notices}


XHTML = """<?xml version="1.0"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "xhtml1-strict.dtd" [
<!ENTITY lamp "a storm <b>lamp</b>"><!ENTITY far SYSTEM "far.xml"><!ENTITY loop "&loop;">
]>
<html xmlns="http://www.w3.org/1999/xhtml"><head><title>Lamps</title></head><body>
<p>Light &lamp; at dusk.</p><a id="x"/><p>First.</p><script type="text/javascript"/><p>Second <b/>word.</p>
<p><![CDATA[a < b]]></p></body></html>"""


def test_xhtml_has_entities_and_empty_elements(engines: Engines, conversion: Recipe) -> None:
    document = read(XHTML, engines, conversion("pdf"))
    assert said(document) == "Light a storm lamp at dusk. First. Second word. a < b"
    assert not {node["t"] for node in pandoc_ast.query(document.blocks, {"Strong"})} - {"Strong"}
    assert pandoc_ast.text(list(pandoc_ast.query(document.blocks, {"Strong"}))).split() == ["lamp"]


def test_lines_keep_their_numbers_below_a_declaration(engines: Engines, conversion: Recipe) -> None:
    document = read(XHTML.replace("First.", "<object>First.</object><canvas>c</canvas>"), engines, conversion("pdf"))
    assert [each.line for each in document.notices if each.code == "raw-html-dropped"] == [6]


def test_entities_that_come_to_much_stay_as_they_are(engines: Engines, conversion: Recipe) -> None:
    page = f'<!DOCTYPE html [<!ENTITY wide "{"w" * 1000}">]><html><body><p>{"&wide;" * 1100}</p></body></html>'
    assert said(read(page, engines, conversion("pdf"))).startswith("&wide;")


@pytest.mark.parametrize(
    ("sheet", "is_shown"),
    [
        (".veil{display:none}", False),
        ("p.veil , .x { color: red; visibility : hidden }", False),
        ("#veil{display:none!important}", False),
        ("@media print { .y{color:red} .veil{display:none} }", False),
        ("b.veil{display:none}", True),
        ("@media (max-width: 600px){.veil{display:none}}", True),
        ("@media screen{.veil{display:none}}", True),
        (".veil{display:none} @media print{.veil{display:block}}", True),
        (".menu .veil{display:none}", True),
        ("/* .veil{display:none} */", True),
        (".veil{display:none} input:checked ~ .veil{display:block}", True),
        ("@import url(a.css);.veil{display:none", True),
    ],
)
def test_what_style_sheets_hide(engines: Engines, conversion: Recipe, sheet: str, *, is_shown: bool) -> None:
    page = (
        f'<html><head><style>{sheet}</style></head><body><p>A lamp burns.</p><p class="veil" id="veil">veiled</p></body></html>'
    )
    document = read(page, engines, conversion("pdf"))
    assert ("veiled" in said(document)) is is_shown
    assert ("hidden-text-removed" in codes(document)) is not is_shown


def test_what_a_script_may_unfold_stays(engines: Engines, conversion: Recipe) -> None:
    page = "<html><head><style>.answer{display:none}.sf-hidden{display:none!important}</style></head><body>"
    page += "<p onclick='show()'>Which oil?</p><p class=answer>Whale oil.</p><p class=sf-hidden>veiled</p></body></html>"
    assert said(read(page, engines, conversion("pdf"))) == "Which oil? Whale oil."


def test_an_inner_page_is_shown_in_its_place(engines: Engines, conversion: Recipe) -> None:
    page = '<body><p>One.</p><iframe srcdoc="<h2>Two</h2><p>Three &amp;amp; four.</p>"></iframe><p>Five.</p>'
    document = read(page, engines, conversion("pdf"))
    assert said(document) == "One. Two Three & four. Five."
    assert not document.notices


def test_an_inner_page_may_not_nest_deep(engines: Engines, conversion: Recipe) -> None:
    with pytest.raises(TooComplex):
        read(f'<body><p>x</p><iframe srcdoc="{"<div>" * 60}y"></iframe>', engines, conversion("pdf"))


GOOGLE = """<html><body><p class="title">Lamps</p><p class="subtitle">And oil</p><p>A wick<sup>
<a href="#cmnt1" id="cmnt_ref1">[a]</a></sup>
burns<sup><a href="#ftnt1" id="ftnt_ref1">[1]</a></sup>.
<a href="https://www.google.com/url?q=https://o.example/a%3Fb%3D1&amp;sa=D">Oil</a></p><hr>
<div><p><a href="#ftnt_ref1" id="ftnt1">[1]</a> All night.</p></div>
<div class="c1"><p><a href="#cmnt_ref1"
id="cmnt1">[a]</a>Bo: is that so?</p><p>Ask Ann.</p></div></body></html>"""


def test_comments_of_google_docs_are_for_its_authors(engines: Engines, conversion: Recipe) -> None:
    document = read(GOOGLE, engines, conversion("pdf"))
    assert said(document) == "Lamps A wick burns All night.. Oil"
    (reported,) = (each for each in document.notices if each.code == "comment-removed")
    assert reported.data["comments"] == ["[a]Bo: is that so?Ask Ann."]
    assert (document.metadata.title, document.metadata.subtitle) == ("Lamps", "And oil")
    assert [node["c"][2][0] for node in pandoc_ast.query(document.blocks, {"Link"})] == ["https://o.example/a?b=1"]


def test_comments_of_word_are_for_its_authors(engines: Engines, conversion: Recipe) -> None:
    page = (
        "<body><p>A wick<span class=MsoCommentReference><a class=msocomanchor href='#_msocom_1'>[AB1]</a></span> burns.</p>"
        "<div style='mso-element:comment-list'><div style='mso-element:comment'><p class=MsoCommentText>Is that so?</p>"
        "</div></div></body>"
    )
    document = read(page, engines, conversion("pdf"))
    assert said(document) == "A wick burns."
    assert "comment-removed" in codes(document)


def test_a_forwarding_link_without_target_stays(engines: Engines, conversion: Recipe) -> None:
    page = "<body><p><a href='https://www.google.com/url?sa=D&q=javascript:x'>a</a> <a href='https://eu1.safelinks.protection."
    page += "outlook.com/?url=https%3A%2F%2Foil.example%2F&amp;data=1'>b</a></p>"
    first, second = (node["c"][2][0] for node in pandoc_ast.query(read(page, engines, conversion("pdf")).blocks, {"Link"}))
    assert first.startswith("https://www.google.com/") and second == "https://oil.example/"


def test_a_layout_table_becomes_text(engines: Engines, conversion: Recipe) -> None:
    page = (
        "<body><table role=presentation align=center><tr><td><h2>Oil</h2><p>Dry.</p></td><td>wicks</td></tr></table>"
        "<table><tr><td><table><tr><td>1</td><td>2</td></tr></table></td></tr></table><table><tr><th>h</th></tr><tr><td>3</td></tr>"
        "</table></body>"
    )
    document = read(page, engines, conversion("pdf"))
    assert said(document) == "Oil Dry. wicks 1 2 h 3"
    assert len(list(pandoc_ast.query(document.blocks, {"Table"}))) == 2


def test_pictures_that_count_readers_are_reported(engines: Engines, conversion: Recipe) -> None:
    document = read(
        "<body><p>Oil.</p><img src='https://t.example/o.gif' width=1 height=1><img src=b.png width=1 height=1 alt=Dot>",
        engines, conversion("pdf"),
    )  # fmt: skip
    assert [node["c"][2][0] for node in pandoc_ast.query(document.blocks, {"Image"})] == ["b.png"]
    (reported,) = (each for each in document.notices if each.code == "hidden-text-removed")
    assert reported.data["dropped"][0]["text"] == "https://t.example/o.gif"


@pytest.mark.parametrize(
    "markup",
    [
        "<img data-cfsrc='a.jpg' style='display:none' alt=A><noscript><img src='a.jpg' alt=A></noscript>",
        "<img data-full-size='a.jpg' src='data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP' alt=A>",
        "<img data-config='{\"src\": \"b.jpg\"}' data-image='a.jpg' alt=A>",
    ],
)
def test_a_picture_that_a_script_of_the_page_loads_is_there_once(engines: Engines, conversion: Recipe, markup: str) -> None:
    document = read(f"<body><p>Oil.</p>{markup}</body>", engines, conversion("pdf"))
    assert [node["c"][2][0] for node in pandoc_ast.query(document.blocks, {"Image"})] == ["a.jpg"]


def test_components_of_amp(engines: Engines, conversion: Recipe) -> None:
    page = (
        "<body><amp-sidebar layout=nodisplay><p>Menu</p></amp-sidebar><amp-fit-text>Oil</amp-fit-text>"
        "<amp-twitter data-tweetid=7><blockquote placeholder>Dry wicks</blockquote></amp-twitter>"
        "<amp-instagram data-shortcode=ab></amp-instagram></body>"
    )
    document = read(page, engines, conversion("pdf"))
    assert "Menu" not in said(document) and "Oil Dry wicks" in said(document)
    targets = [node["c"][2][0] for node in pandoc_ast.query(document.blocks, {"Link"})]
    assert targets == ["https://twitter.com/i/status/7", "https://www.instagram.com/p/ab/"]


def test_frames_and_custom_elements_are_links(engines: Engines, conversion: Recipe) -> None:
    page = (
        "<html><frameset><frame src='https://o.example/a' title=Oil><frame src='https://o.example/b' name=wick></frameset></html>"
    )
    document = read(page, engines, conversion("pdf"))
    assert [block["t"] for block in document.blocks] == ["Para", "Para"]
    document = read(
        "<body><p>See</p><my-viewer src='https://o.example/c' alt='A lamp'></my-viewer></body>", engines, conversion("pdf")
    )
    assert [node["c"][2][0] for node in pandoc_ast.query(document.blocks, {"Link"})] == ["https://o.example/c"]
    assert said(document) == "See A lamp"


def test_media_of_evernote(engines: Engines, conversion: Recipe) -> None:
    page = (
        '<?xml version="1.0"?><html><body><en-note>Oil<en-media type="image/png" hash="0a"/><en-media type="application/pdf" '
        'hash="0b"/><en-todo checked="true"/>wicks</en-note></body></html>'
    )
    document = read(page, engines, conversion("pdf"))
    assert said(document) == "Oil ☒ wicks" or said(document) == "Oil☒ wicks"
    assert [node["c"][2][0] for node in pandoc_ast.query(document.blocks, {"Image"})] == ["0a.png"]
    (reported,) = (each for each in document.notices if each.code == "raw-html-dropped")
    assert reported.data["dropped"][0]["text"] == "application/pdf 0b"


def test_a_saved_page_knows_its_address(engines: Engines, conversion: Recipe) -> None:
    origin = "Page saved with SingleFile\n url: https://o.example/1\n saved date: Mon Mar 04 2024 10:00:00 GMT"
    metadata = read(
        f"<!DOCTYPE html><html><!--\n {origin}\n--><body><p>Oil.</p></body></html>", engines, conversion("pdf")
    ).metadata
    assert (metadata.source_url, metadata.fetched_at) == ("https://o.example/1", "2024-03-04")
    page = "<!DOCTYPE html>\n<!-- saved from url=(0021)https://o.example/2 -->\n<html><body><p>Oil.</p></body></html>"
    assert read(page, engines, conversion("pdf")).metadata.source_url == "https://o.example/2"


def test_properties_of_notion_are_metadata(engines: Engines, conversion: Recipe) -> None:
    page = (
        "<html><body><article><header><h1>Lamps</h1><table class=properties><tr><th>Tags</th><td>"
        "<span class=selected-value>oil</span><span class=selected-value>tar</span></td></tr>"
        "<tr><th>Shelf</th><td>Two</td></tr></table>"
        "</header>"
        "<p>Text.</p></article>"
    )
    document = read(page, engines, conversion("pdf"))
    assert (document.metadata.keywords, document.metadata.custom["Shelf"]) == (("oil", "tar"), "Two")
    assert said(document) == "Lamps Text."


def test_a_picture_of_a_formula_is_a_formula(engines: Engines, conversion: Recipe) -> None:
    document = read(r"<body><p>So <img class=latex src=a.png alt='\alpha+1'> is.</p></body>", engines, conversion("pdf"))
    assert [node["c"][1] for node in pandoc_ast.query(document.blocks, {"Math"})] == [r"\alpha+1"]
