"""FictionBook: the description, the cover, pictures and tables."""

from __future__ import annotations

import base64

from service import packages, pandoc_ast, pipeline
from service.engines import Engines
from tests.readers import markups, office

PNG = base64.b64encode(office.PICTURE.read_bytes()).decode()
BOOK = f"""<?xml version="1.0" encoding="windows-1251"?>
<FictionBook xmlns="http://www.gribuser.ru/xml/fictionbook/2.0" xmlns:l="http://www.w3.org/1999/xlink"><description><title-info>
<genre>prose</genre><author><first-name>Ада</first-name><last-name>Фогт</last-name></author><book-title>Маяк</book-title>
<annotation><p>О свете.</p></annotation><keywords>маяк, море</keywords><date value="2024-11-02">2024</date>
<coverpage><image l:href="#cover.png"/></coverpage><lang>ru</lang><sequence name="Ночи" number="3"/></title-info>
<document-info><id>abc</id></document-info><publish-info><publisher>Берег</publisher><isbn>9783161484100</isbn></publish-info>
<custom-info info-type="shelf">3</custom-info></description>
<body><section><title><p>Первая</p></title><p>Свет.</p><table><tr><th>a</th></tr><tr><td>b</td></tr></table>
<image l:href="#cover.png"/></section></body>
<binary id="cover.png" content-type="image/png">{PNG}</binary></FictionBook>"""


def test_description(engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read(BOOK.encode("cp1251"), "a.xml", engines, conversion("epub"))
    metadata = document.metadata
    assert document.reader == "fb2"
    assert (metadata.title, metadata.date, metadata.lang, metadata.publisher) == ("Маяк", "2024-11-02", "ru", "Берег")
    assert [author.name for author in metadata.authors] == ["Ада Фогт"]
    assert (metadata.keywords, metadata.categories, metadata.isbn) == (("маяк", "море"), ("prose",), "9783161484100")
    assert metadata.series is not None and (metadata.series.name, metadata.series.index) == ("Ночи", "3")
    assert (metadata.description, metadata.identifier, metadata.custom) == ("О свете.", "abc", {"shelf": "3"})
    assert markups.said(document) == "Первая Свет. a b"
    assert {"Table", "Image"} <= {node["t"] for node in pandoc_ast.query(document.blocks)}


def test_cover_and_picture(engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read(BOOK.encode("cp1251"), "a.fb2", engines, conversion("epub"))
    parts = packages.unpack(pipeline.write(document, conversion("epub"), "epub", engines).data)
    assert parts["EPUB/media/cover.png"] == office.PICTURE.read_bytes()


def test_pandocs_own(engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read(markups.made("fb2"), "a.fb2", engines, conversion("epub"))
    assert {"Table", "Note", "Image", "Link", "Emph"} <= {node["t"] for node in pandoc_ast.query(document.blocks)}
    assert markups.lost("fb2", "a.fb2", engines, conversion("pdf")) == ""
