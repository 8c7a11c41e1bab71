"""HTML: the head is the front matter, the body the article."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.ast import pandoc_ast
from service.engines import Engines
from service.model.document import Conversion, Document, Source
from service.model.errors import EmptyDocument, TooComplex
from service.pipeline import steps
from service.readers import READERS

Recipe = Callable[..., Conversion]
PAGE = """<!DOCTYPE html>
<html lang="it"><head><meta charset="utf-8"><title>Il faro | Il Giornale del Lago</title>
<meta property="og:title" content="Il faro"><meta property="og:site_name" content="Il Giornale del Lago">
<meta name="author" content="Ada Vogt"><meta name="keywords" content="fari, laghi">
<meta property="article:published_time" content="2025-03-09T10:00:00+01:00">
<link rel="canonical" href="https://lago.example/faro">
<script>var tracker = 1;</script><style>p { color: red }</style></head>
<body><nav><a href="/">Home</a></nav><article><h1>Il faro</h1><p>Si accende <b>ogni</b> notte.</p>
<ul><li>uno<li>due</ul><p><img src="faro.png" alt="Il faro"></p></article><footer>Contatti</footer></body></html>"""


def read(text: str | bytes, engines: Engines, recipe: Conversion) -> Document:
    data = text if isinstance(text, bytes) else text.encode()
    return READERS["html"].read(Source("a.html", data), recipe, engines)


def said(document: Document) -> str:
    return " ".join(pandoc_ast.text(document.blocks).split())


def test_head_is_the_front_matter(engines: Engines, conversion: Recipe) -> None:
    metadata = read(PAGE, engines, conversion("pdf")).metadata
    assert (metadata.title, metadata.source_name, metadata.lang) == ("Il faro", "Il Giornale del Lago", "it")
    assert metadata.date == "2025-03-09T10:00:00+01:00"
    assert metadata.source_url == "https://lago.example/faro"
    assert [author.name for author in metadata.authors] == ["Ada Vogt"]
    assert metadata.keywords == ("fari", "laghi")


def test_body_keeps_all_text_and_no_script(engines: Engines, conversion: Recipe) -> None:
    text = said(read(PAGE, engines, conversion("pdf")))
    for word in ("Home", "Si accende ogni notte.", "uno", "due", "Contatti"):
        assert word in text
    assert "tracker" not in text and "color" not in text


def test_web_takes_the_article(engines: Engines, conversion: Recipe) -> None:
    text = said(read(PAGE, engines, conversion("pdf", clean="web")))
    assert "ogni notte" in text
    assert "Home" not in text and "Contatti" not in text


CHROME = """<html><head><title>t</title></head><body><div class="top-menu"><a href="/">Home</a> <a href="/x">More</a></div>
<div id="wrap"><div class="content"><p>The lamp on the north bank burns every night, and nobody knows who lights it.</p>
<div class="share-buttons">Share this</div><table><tr><td>1</td></tr></table><pre>code stays</pre>
<figure><img src="a.png" alt="A lamp"><figcaption>A caption</figcaption></figure>
<p>Boats see it from far away, and the keepers say that it is none of theirs.</p></div>
<div class="sidebar"><p>Read also: <a href="/1">seven more lamps that you will like to see one day</a></p></div></div>
<footer>Contact</footer></body></html>"""


def test_main_text_is_extracted_and_the_rest_reported(engines: Engines, conversion: Recipe) -> None:
    document = read(CHROME, engines, conversion("pdf", extract="main"))
    text = said(document)
    for kept in ("north bank", "far away", "code stays", "A caption", "1"):
        assert kept in text
    for left in ("Home", "Share this", "Read also", "Contact"):
        assert left not in text
    (reported,) = [each for each in document.notices if each.code == "main-text-extracted"]
    everything = " ".join(reported.data["left_out"])
    assert all(left in everything for left in ("Home", "Share this", "Read also", "Contact"))


def test_main_text_of_an_article_element(engines: Engines, conversion: Recipe) -> None:
    text = said(read(PAGE, engines, conversion("pdf", extract="main")))
    assert "ogni notte" in text and "Home" not in text and "Contatti" not in text


@pytest.mark.parametrize(
    "page", ["<html><body>x", "<html><body><p>short</p></body></html>", "<html><body><nav>only</nav></body></html>"]
)
def test_extraction_of_little(engines: Engines, conversion: Recipe, page: str) -> None:
    assert read(page, engines, conversion("pdf", extract="main")).metadata is not None


def test_linked_data(engines: Engines, conversion: Recipe) -> None:
    data = '{"@type": "Article", "headline": "Lamps", "author": [{"name": "A"}, {"name": "B"}], "datePublished": "2025-01-02"}'
    page = f'<html><head><script type="application/ld+json">{data}</script></head><body><p>x</p></body></html>'
    metadata = read(page, engines, conversion("pdf")).metadata
    assert (metadata.title, metadata.date, len(metadata.authors)) == ("Lamps", "2025-01-02", 2)


def test_linked_data_in_a_graph(engines: Engines, conversion: Recipe) -> None:
    article = (
        '{"@type": "NewsArticle", "headline": "Lamps", "author": "Ada Vogt", "publisher": {"name": "North Bank"}, '
        '"keywords": ["lamps", "sea"], "datePublished": "2025-01-02", "dateModified": "2025-01-03", "license": "CC-BY-4.0", '
        '"inLanguage": "it", "articleSection": "Nights"}'
    )
    data = f'{{"@context": "https://schema.org", "@graph": [{{"@type": "WebSite", "name": "x"}}, {article}, 7, null]}}'
    page = f'<html><head><script type="application/ld+json">{data}</script></head><body><p>x</p></body></html>'
    metadata = read(page, engines, conversion("pdf")).metadata
    assert (metadata.title, metadata.publisher, metadata.license) == ("Lamps", "North Bank", "CC-BY-4.0")
    assert (metadata.date, metadata.modified, metadata.lang) == ("2025-01-02", "2025-01-03", "it")
    assert (metadata.keywords, metadata.categories) == (("lamps", "sea"), ("Nights",))
    assert [author.name for author in metadata.authors] == ["Ada Vogt"]


def test_charset_of_the_page(engines: Engines, conversion: Recipe) -> None:
    page = "<html><head><meta charset=gbk><title>灯塔</title></head><body><p>湖边的灯塔在北岸。</p></body></html>"
    assert read(page.encode("gbk"), engines, conversion("pdf")).metadata.title == "灯塔"


@pytest.mark.parametrize("page", ["<!DOCTYPE html><html></html>", "<html><body>  </body></html>"])
def test_empty(engines: Engines, conversion: Recipe, page: str) -> None:
    with pytest.raises(EmptyDocument):
        read(page, engines, conversion("pdf"))


def test_depth_is_bounded(engines: Engines, conversion: Recipe) -> None:
    with pytest.raises(TooComplex):
        read("<html><body>" + "<div>" * 5000 + "x", engines, conversion("pdf"))


def test_page_of_ours_gives_its_front_matter_back(engines: Engines, conversion: Recipe) -> None:
    article = b"---\ntitle: Lamps\nlang: en\nshelf: {row: 2}\n---\n\nText.\n"
    recipe = conversion("html", toc=True)
    made = steps.write(steps.read(Source("a.md", article), recipe, engines), recipe, "html", engines).data
    again = steps.read(Source("a.html", made), recipe, engines)
    assert again.reader == "html"
    assert again.metadata.custom == {"shelf": {"row": 2}}
    assert said(again) == "Text."


@pytest.mark.parametrize("void", ["<wbr>", "<wbr/>", '<track src="a.vtt">', '<source srcset="a">', "<keygen>", "<wbr></wbr>"])
def test_what_follows_an_element_without_content_stays(engines: Engines, conversion: Recipe, void: str) -> None:
    document = read(f"<p>Lamps burn{void} all night. Tar.</p><ul><li>one{void} two</li></ul>", engines, conversion("pdf"))
    for part in ("all night. Tar.", "two"):
        assert part in said(document)


@pytest.mark.parametrize(
    "inside",
    [
        "<svg>" + '<path d="M0"/>' * 200 + "</svg>",
        "<script>" + "x = '<div>';" * 200 + "</script>",
        "<!--" + "<div>" * 200 + "-->",
    ],
)
def test_what_does_not_nest_is_not_counted(engines: Engines, conversion: Recipe, inside: str) -> None:
    page = f"<html><body><p>A lamp.</p>{inside}<p>Tar.</p></body></html>"
    assert said(read(page, engines, conversion("pdf"))) == "A lamp. Tar."


def test_a_page_too_deep_is_refused_with_its_line(engines: Engines, conversion: Recipe) -> None:
    with pytest.raises(TooComplex) as refused:
        read("<html><body>\n<p>x</p>\n" + "<div>" * 200, engines, conversion("pdf"))
    assert refused.value.places[0].line == 3


def test_a_damaged_page_and_an_unknown_charset(engines: Engines, conversion: Recipe) -> None:
    document = read(b'<html><meta charset="utf-8"><p>Lamps \xff burn.</p>', engines, conversion("pdf"))
    assert said(document) == "Lamps \ufffd burn."
    assert "encoding-damaged" in {each.code for each in document.notices}
    document = read('<html><meta charset="x-nobody-knows"><p>Größe.</p>'.encode(), engines, conversion("pdf"))
    assert said(document) == "Größe."


def test_relative_addresses_are_of_the_base(engines: Engines, conversion: Recipe) -> None:
    page = (
        '<html><head><base href="https://lamps.example/a/"></head><body><p id="here"><a href="b">x</a> <a href="#here">y</a> '
        '<a href="mailto:a@b.example">z</a><img src="c.png" srcset="d.png 2x, //e.example/f.png 3x"></p></body></html>'
    )
    document = read(page, engines, conversion("pdf"))
    targets = [node["c"][2][0] for node in pandoc_ast.query(document.blocks, {"Link", "Image"})]
    assert targets == ["https://lamps.example/a/b", "#here", "mailto:a@b.example", "https://lamps.example/a/c.png"]


@pytest.mark.parametrize(
    "place",
    [
        '<table><tr id="x"><td>c</td></tr></table>', '<table><tr><td>c<td id="x"></table>',
        '<table><tbody id="x"><tr><td>c</table>',
        '<hr id="x">', '<p id="x"></p>', '<ul id="x"></ul>', '<p>c<br id="x">d</p>', '<p>c<select id="x"><option>d</select></p>',
        '<table><caption id="x">c</caption><tr><td>d</table>', '<h1 id="x">T</h1>',
    ],
)  # fmt: skip
def test_a_link_leads_to_any_element(place: str, engines: Engines, conversion: Recipe) -> None:
    page = f'<html><head><title>T</title></head><body>{place}<p><a href="#x">go</a></p></body></html>'
    document = steps.read(Source("a.html", page.encode()), conversion("pdf"), engines)
    assert [node["c"][2][0] for node in pandoc_ast.query(document.blocks, {"Link"})] == ["#x"]


def test_quotations_within_quotations_have_other_marks(engines: Engines, conversion: Recipe) -> None:
    document = read("<body><p><q>a <q>b <q id=x>c</q></q></q></p></body>", engines, conversion("pdf"))
    marks = {pandoc_ast.text(node["c"][1]): node["c"][0]["t"] for node in pandoc_ast.query(document.blocks, {"Quoted"})}
    kinds = [kind for _, kind in sorted(marks.items(), key=lambda each: -len(each[0]))]
    assert kinds == ["DoubleQuote", "SingleQuote", "DoubleQuote"]


def page_with(head: str, body: str = "<p>x</p>") -> str:
    return f"<html><head>{head}</head><body>{body}</body></html>"


@pytest.mark.parametrize(
    ("head", "body", "field", "value"),
    [
        ('<meta property="article:author" content="https://s.example/ada">', "<p>x", "authors", []),
        ('<meta property="article:author" content="//s.example/ada"><meta name="citation_author" content="Ada Vogt">', "<p>x",
         "authors", ["Ada Vogt"]),
        ("", '<p>By <a rel="author nofollow" href="/ada">Ada Vogt</a>', "authors", ["Ada Vogt"]),
        ('<meta name="twitter:label1" content="Written by"><meta name="twitter:data1" content="Ada Vogt">', "<p>x", "authors",
         ["Ada Vogt"]),
        ('<meta property="article:tag" content="oil"><meta property="article:tag" content="tar">', "<p>x", "keywords",
         ("oil", "tar")),
        ('<meta property="article:section" content="Nights">', "<p>x", "categories", ("Nights",)),
        ('<meta name="DC:date.issued" content="2025-01-02">', "<p>x", "date", "2025-01-02"),
        ("", '<p><time pubdate datetime="2025-01-02">then</time>', "date", "2025-01-02"),
        ('<meta name="created" content="00:00:00">', "<p>x", "date", ""),
        ('<meta name="changed" content="2025-01-03T10:00:00">', "<p>x", "modified", "2025-01-03T10:00:00"),
        ('<meta property="og:locale" content="it_IT">', "<p>x", "lang", "it-IT"),
        ('<link rel="license" href="https://l.example/by">', "<p>x", "license", "https://l.example/by"),
        ("<!--[if gte mso 9]><xml><o:Author>Ada &amp; Co</o:Author></xml><![endif]-->", "<p>x", "authors", ["Ada & Co"]),
        ("<title>Il faro - Il Giornale</title>", "<h1>Il faro</h1><p>x", "title", "Il faro"),
        ("<title>Il faro - Il Giornale</title>", "<h1>Il faro</h1><p>x", "source_name", "Il Giornale"),
        ("<title>Il faro — Guida</title>", "<h1>Il faro<a href='#x'>¶</a></h1><p>x", "title", "Il faro"),
        ("<title>Il faro-Il mare</title>", "<h1>Il faro</h1><p>x", "title", "Il faro-Il mare"),
        ("", "<p class=MsoTitle>Il faro</p><p>x", "title", "Il faro"),
    ],
)  # fmt: skip
def test_what_a_head_says(engines: Engines, conversion: Recipe, head: str, body: str, field: str, value: object) -> None:
    metadata = read(page_with(head, body), engines, conversion("pdf")).metadata
    found = [author.name for author in metadata.authors] if field == "authors" else getattr(metadata, field)
    assert found == value


@pytest.mark.parametrize(
    "body",
    [
        "<article><header><h1>Il faro</h1></header><p>x</p></article>",
        "<p class=MsoTitle>Il faro</p><p>x</p>",
        '<div class="markdown-heading"><h1>Il faro</h1><a class="anchor" href="#il-faro"><svg></svg></a></div><p>x</p>',
    ],
)
def test_title_of_a_page_is_set_once(engines: Engines, conversion: Recipe, body: str) -> None:
    source = Source("a.html", page_with("<title>Il faro</title>", body).encode())
    document = steps.read(source, conversion("pdf"), engines)
    assert said(document).split() == ["x"]
    assert "title-heading-removed" in {each.code for each in document.notices}


def test_character_data_of_xhtml_is_text(engines: Engines, conversion: Recipe) -> None:
    body = '<p>Lamps <![CDATA[burn <b> & shine]]>.</p><script>//<![CDATA[\nvar a = "<p>";\n//]]></script><!-- <![CDATA[no]]> -->'
    assert said(read(page_with("", body), engines, conversion("pdf"))) == "Lamps burn <b> & shine."


@pytest.mark.parametrize("name", ["noprint", "d-print-none", "mw-editsection"])
def test_what_a_page_does_not_print_is_in_a_notice(engines: Engines, conversion: Recipe, name: str) -> None:
    document = read(page_with("", f'<h2>Oil <span class="{name}">[edit]</span></h2><p>Tar.</p>'), engines, conversion("pdf"))
    assert said(document) == "Oil Tar."
    (reported,) = [each for each in document.notices if each.code == "hidden-text-removed"]
    assert reported.data["dropped"][0]["text"] == "[edit]"


@pytest.mark.parametrize(
    ("top", "encoding"),
    [
        ("<?xml version='1.0' encoding='iso-8859-1'?><html>", "cp1252"),
        ("<html><meta charset='windows-874'>", "cp874"),
        (f"<html><head>{'<!-- a comment -->' * 600}<meta charset='windows-1252'></head>", "cp1252"),
        ("<html><meta http-equiv=Content-Type content='text/html; charset=ks_c_5601-1987'>", "cp949"),
    ],
)
def test_charset_wherever_the_page_says_it(engines: Engines, conversion: Recipe, top: str, encoding: str) -> None:
    word = {"cp1252": "Größe", "cp874": "เรือ", "cp949": "등대"}[encoding]
    assert said(read(f"{top}<body><p>{word}</p></body></html>".encode(encoding), engines, conversion("pdf"))) == word


def test_a_page_of_a_frame_alone_is_not_empty(engines: Engines, conversion: Recipe) -> None:
    document = read("<html><body><iframe src='https://o.example/a'></iframe></body></html>", engines, conversion("pdf"))
    assert [node["c"][2][0] for node in pandoc_ast.query(document.blocks, {"Link"})] == ["https://o.example/a"]
