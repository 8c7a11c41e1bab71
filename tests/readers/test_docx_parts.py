"""DOCX: what other parts hold, what Word hides, and what it updates automatically."""

from __future__ import annotations

import pytest

from service.ast import pandoc_ast
from service.engines import Engines
from service.model.document import Document
from tests.readers import office
from tests.readers.test_docx import HEADER_KIND, paragraph, run

SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
DRAWN = "http://schemas.openxmlformats.org/drawingml/2006/main"
STYLES = f"""<w:styles {SPACE}><w:style w:type="paragraph" w:styleId="H"><w:name w:val="heading 1"/></w:style>
<w:style w:type="paragraph" w:styleId="T"><w:name w:val="toc 1"/></w:style>
<w:style w:type="paragraph" w:styleId="P"><w:name w:val="HTML Preformatted"/></w:style>
<w:style w:type="character" w:styleId="C"><w:name w:val="HTML Code"/></w:style>
<w:style w:type="character" w:styleId="V"><w:name w:val="Veiled"/><w:rPr><w:vanish/></w:rPr></w:style></w:styles>"""


def read(body: str, engines: Engines, conversion: office.Recipe, **parts: tuple[str, str, str]) -> Document:
    """`parts`: id → kind of its relationship, name, content."""
    data = office.word(body)
    relations = office.part(data, "word/_rels/document.xml.rels")
    for name, (kind, target, _) in parts.items():
        relation = f'<Relationship Id="{name}" Type="{HEADER_KIND}{kind}" Target="{target}"/>'
        relations = relations.replace("</Relationships>", f"{relation}</Relationships>")
    changes = {f"word/{target}": content.encode() for _, target, content in parts.values() if content}
    changes |= {"word/_rels/document.xml.rels": relations.encode(), "word/styles.xml": STYLES.encode()}
    return office.read(office.rezipped(data, changes), "docx", engines, conversion("pdf"))


def codes(document: Document) -> set[str]:
    return {each.code for each in document.notices}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.html", "<html><body><p>In <b>ink</b>.</p></body></html>"),
        ("a.txt", "In ink."),
        ("a.mht", 'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n\n--b\n'
         "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n<p>In =\nink.</p>\n--b--\n"),
    ],
)  # fmt: skip
def test_an_inserted_file_is_read_in_its_place(name: str, content: str, engines: Engines, conversion: office.Recipe) -> None:
    body = paragraph(run("One.")) + '<w:altChunk r:id="c"/>' + paragraph(run("Two."))
    document = read(body, engines, conversion, c=("aFChunk", name, content))
    assert office.said(document) == "One. In ink. Two."
    assert "include-ignored" not in codes(document)


def test_an_inserted_file_that_cannot_be_read_is_reported(engines: Engines, conversion: office.Recipe) -> None:
    body = paragraph(run("One.")) + '<w:altChunk r:id="c"/><w:altChunk r:id="none"/>'
    document = read(body, engines, conversion, c=("aFChunk", "a.rtf", "{}"))
    assert sum(each.code == "include-ignored" for each in document.notices) == 2


def test_words_of_a_chart(engines: Engines, conversion: office.Recipe) -> None:
    chart = f'<c:chart xmlns:c="{CHART}" r:id="c"/>'
    about = '<wp:docPr id="1" name="n" descr="Oil by year"/>'
    body = paragraph(f"<w:r><w:drawing><wp:inline>{about}<a:graphic>{chart}</a:graphic></wp:inline></w:drawing></w:r>")
    content = f'<c:chartSpace xmlns:c="{CHART}" xmlns:a="{DRAWN}"><a:p><a:r><a:t>Barrels</a:t></a:r></a:p></c:chartSpace>'
    document = read(body, engines, conversion, c=("chart", "charts/chart1.xml", content))
    assert office.said(document) == "[Oil by year; Barrels]"
    assert "drawing-as-text" in codes(document)


def test_hidden_text_is_reported(engines: Engines, conversion: office.Recipe) -> None:
    hidden = "<w:r><w:rPr>{}</w:rPr><w:t>{}</w:t></w:r>"
    body = paragraph(
        run("Oil."), hidden.format("<w:vanish/>", "veiled"), hidden.format('<w:rStyle w:val="V"/>', "covered"),
        hidden.format('<w:rStyle w:val="V"/><w:vanish w:val="0"/>', "Seen."), hidden.format('<w:vanish w:val="false"/>', "Tar."),
    )  # fmt: skip
    document = read(body, engines, conversion)
    assert office.said(document).replace(" ", "") == "Oil.Seen.Tar."
    (reported,) = (each for each in document.notices if each.code == "hidden-text-removed")
    assert [each["text"] for each in reported.data["dropped"]] == ["veiled", "covered"]
    assert "text-missing" not in codes(document)


MARK = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'


def contents(*entries: str) -> str:
    first, *rest = entries
    begin = MARK.format("begin") + "<w:r><w:instrText> TOC </w:instrText></w:r>" + MARK.format("separate")
    lines = [paragraph(begin, run(first), style="T"), *(paragraph(run(each), style="T") for each in rest)]
    return "".join(lines) + paragraph(MARK.format("end"), run("Next."))


def test_a_list_of_contents_that_repeats_the_headings_is_removed(engines: Engines, conversion: office.Recipe) -> None:
    body = paragraph(run("Preface.")) + contents("1 Oil<w:tab/>3".replace("<w:tab/>", " "), "2 Tar 5")
    body += paragraph(run("Oil"), style="H") + paragraph(run("Dry."))
    document = read(body, engines, conversion)
    assert office.said(document) == "Preface. Next. Oil Dry."
    assert {"contents-removed"} <= codes(document) and "text-missing" not in codes(document)


def test_a_list_of_other_words_stays(engines: Engines, conversion: office.Recipe) -> None:
    document = read(contents("Oil 3", "Tar 5") + paragraph(run("Wicks"), style="H"), engines, conversion)
    assert office.said(document) == "Oil 3 Tar 5 Next. Wicks"


def test_code_by_the_styles_of_word(engines: Engines, conversion: office.Recipe) -> None:
    inline = '<w:r><w:rPr><w:rStyle w:val="C"/></w:rPr><w:t>lit()</w:t></w:r>'
    document = read(paragraph(run("burn()"), style="P") + paragraph(run("Or "), inline), engines, conversion)
    assert [node["c"][1] for node in pandoc_ast.query(document.blocks, {"CodeBlock"})] == ["burn()"]
    assert [node["c"][1] for node in pandoc_ast.query(document.blocks, {"Code"})] == ["lit()"]


def test_rows_that_are_deleted_or_begin_later(engines: Engines, conversion: office.Recipe) -> None:
    def row(about: str, *words: str) -> str:
        cells = "".join(f"<w:tc>{paragraph(run(word))}</w:tc>" for word in words)
        return f"<w:tr><w:trPr>{about}</w:trPr>{cells}</w:tr>"

    rows = row("", "a", "b") + row('<w:del w:id="1"/>', "c", "d") + row('<w:gridBefore w:val="1"/>', "e")
    table = f"<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid>{rows}</w:tbl>"
    document = read(table, engines, conversion)
    (found,) = pandoc_ast.query(document.blocks, {"Table"})
    cells = [[pandoc_ast.text(cell[4]).strip() for cell in each[1]] for body in found["c"][4] for each in body[3]]
    assert cells == [["a", "b"], ["", "e"]]


def test_items_without_a_mark_are_paragraphs(engines: Engines, conversion: office.Recipe) -> None:
    levels = '<w:lvl w:ilvl="0"><w:numFmt w:val="none"/><w:lvlText w:val=""/></w:lvl>'
    numbering = f'<w:numbering {SPACE}><w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>'
    numbering += '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    item = f'<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>{run("Oil.")}</w:p>'
    document = read(item, engines, conversion, n=("numbering", "numbering.xml", numbering))
    assert [block["t"] for block in document.blocks] == ["Para"]
