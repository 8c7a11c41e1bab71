"""PPTX: each slide a section, lists by level, notes, tables; and what is refused."""

from __future__ import annotations

from service.ast import pandoc_ast
from service.engines import Engines
from tests.readers import markups, office
from tests.readers.ooxml import line, presentation, shape

TABLE = (
    "<p:graphicFrame><a:graphic><a:graphicData><a:tbl><a:tblPr firstRow='1'/>"
    f"<a:tr><a:tc gridSpan='2'><a:txBody>{line('both')}</a:txBody></a:tc><a:tc hMerge='1'/></a:tr>"
    f"<a:tr><a:tc><a:txBody>{line('one')}</a:txBody></a:tc><a:tc><a:txBody>{line('two')}</a:txBody></a:tc></a:tr>"
    "</a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
)


def test_slides(engines: Engines, conversion: markups.Recipe) -> None:
    body = line("one") + line("deeper", "<a:pPr lvl='1'/>") + line("two", run="<a:rPr b='1'><a:hlinkClick r:id='h'/></a:rPr>")
    body += line("no bullet", "<a:pPr><a:buNone/></a:pPr>") + line("first", "<a:pPr><a:buAutoNum type='arabicPeriod'/></a:pPr>")
    data = presentation(
        shape(line("Low tide"), "ctrTitle") + shape(line("of the sea"), "subTitle") + shape(line("7"), "sldNum"),
        shape(body, "") + shape(line("Sand"), "title") + f"<p:grpSp>{shape(line('in a group'))}</p:grpSp>" + TABLE,
    )
    document = markups.read(data, "a.pptx", engines, conversion("pdf"))
    assert (document.reader, document.metadata.title) == ("pptx", "Low tide")
    assert [each.name for each in document.metadata.authors] == ["Mara Vogt"]
    heads = [pandoc_ast.text(node["c"][2]) for node in pandoc_ast.query(document.blocks, {"Header"})]
    assert heads == ["Sand"]
    said = markups.said(document)
    assert said.startswith("of the sea Sand one deeper two no bullet first in a group both one two")
    kinds = [node["t"] for node in pandoc_ast.query(document.blocks)]
    assert kinds.count("BulletList") == 2
    assert kinds.count("OrderedList") == 1
    assert "text-missing" not in markups.codes(document)


def test_links_and_objects(engines: Engines, conversion: markups.Recipe) -> None:
    text = shape(line("there", run="<a:rPr i='1'><a:hlinkClick r:id='h'/></a:rPr>"))
    links = {"h": ("hyperlink", "https://tides.example/")}
    document = markups.read(presentation(text + "<p:graphicFrame/>", links=links), "a.pptx", engines, conversion("pdf"))
    assert next(pandoc_ast.query(document.blocks, {"Link"}))["c"][2][0] == "https://tides.example/"
    assert [reported.data["slide"] for reported in document.notices if reported.code == "raw-html-dropped"] == [1]


def test_pandocs_own(engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read(markups.made("pptx"), "a.pptx", engines, conversion("epub"))
    assert (document.metadata.title, document.metadata.date) == ("Lamps at sea", "2024-11-21")
    assert {node["t"] for node in pandoc_ast.query(document.blocks)} >= {"BulletList", "Table", "Image", "Link"}
    assert any(asset.data for asset in document.assets.values())


def test_footers_of_slides_are_reported_once(engines: Engines, conversion: markups.Recipe) -> None:
    running = shape(line("Harbour board"), "ftr") + shape(line("7"), "sldNum") + shape(line("May 2026"), "dt")
    body = shape(line("Sand"), "title") + running
    document = markups.read(presentation(body, body), "a.pptx", engines, conversion("pdf"))
    [reported] = [each for each in document.notices if each.code == "page-header-removed"]
    assert reported.data["lines"] == ["Harbour board", "May 2026"]
    assert "Harbour" not in markups.said(document)


def test_comments_are_reported(engines: Engines, conversion: markups.Recipe) -> None:
    comment = b"<p:cmLst xmlns:p='urn:p'><p:cm authorId='0'><p:text>Too long.</p:text></p:cm></p:cmLst>"
    data = office.rezipped(presentation(shape(line("Sand"), "title")), {"ppt/comments/comment1.xml": comment})
    document = markups.read(data, "a.pptx", engines, conversion("pdf"))
    assert [reported.data["comments"] for reported in document.notices if reported.code == "comment-removed"] == [["Too long."]]
