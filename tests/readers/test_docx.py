"""DOCX: files made by another program, and our own given back."""

from __future__ import annotations

import re

import pytest

from service.ast import pandoc_ast
from service.engines import Engines
from service.inspect import inspect
from service.model.document import Document
from service.model.errors import Refused
from service.pipeline import steps
from service.readers.office import word_flow
from service.readers.office.word_names import W
from tests.readers import office


def test_strangers_file(engines: Engines, conversion: office.Recipe) -> None:
    office.check(engines, conversion, "docx", "docx")


def test_ours_gives_its_front_matter_back(engines: Engines, conversion: office.Recipe) -> None:
    document = office.read(office.ours(engines, conversion, "docx"), "docx", engines, conversion("docx"))
    assert document.metadata.custom == {"shelf": {"row": 2}}
    assert office.said(document) == "Text."


def test_damaged_file_is_refused(engines: Engines, conversion: office.Recipe) -> None:
    data = office.strangers("docx")
    with pytest.raises(Refused):
        office.read(data[: len(data) // 2], "docx", engines, conversion("pdf"))


def test_tracked_changes_are_accepted(engines: Engines, conversion: office.Recipe) -> None:
    who = 'w:id="7" w:author="Ada" w:date="2026-05-04T00:00:00Z"'
    changed = f"<w:del {who}><w:r><w:delText>struck</w:delText></w:r></w:del><w:ins {who}><w:r><w:t>put in</w:t></w:r></w:ins>"
    data = office.strangers("docx")
    text = office.part(data, "word/document.xml")
    assert text.count(">one<") == 1, "the run of the list's first item"
    start = text.rindex("<w:r>", 0, text.index(">one<"))
    end = text.index("</w:r>", start) + len("</w:r>")
    data = office.rezipped(data, {"word/document.xml": (text[:start] + changed + text[end:]).encode()})
    said = office.said(office.read(data, "docx", engines, conversion("pdf")))
    assert "put in" in said and "struck" not in said


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*inside: str, style: str = "") -> str:
    named = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{named}{''.join(inside)}</w:p>"


def read(body: str, engines: Engines, conversion: office.Recipe) -> Document:
    document = office.read(office.word(body), "docx", engines, conversion("pdf"))
    assert "text-missing" not in {each.code for each in document.notices}
    return document


CELL = paragraph(run("kept"))
TABLE = "<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid>{}</w:tbl>"


@pytest.mark.parametrize(
    "body",
    [
        *(
            paragraph(f"<w:{tag}>{run('kept')}</w:{tag}>")
            for tag in ("dir", "bdo", "customXml", "smartTag", "ins", "moveTo", "fldSimple", "inventedTag")
        ),
        paragraph(f"<w:sdt><w:sdtPr/><w:sdtContent><w:dir>{run('kept')}</w:dir></w:sdtContent></w:sdt>"),
        paragraph(f'<w:hyperlink w:anchor="x"><w:fldSimple w:instr="PAGE">{run("kept")}</w:fldSimple></w:hyperlink>'),
        paragraph(
            '<w:r><w:fldChar w:fldCharType="begin"/><w:instrText> DATE </w:instrText>'
            '<w:fldChar w:fldCharType="separate"/><w:t>kept</w:t><w:fldChar w:fldCharType="end"/></w:r>'
        ),
        f"<w:customXml>{CELL}</w:customXml>",
        f"<mc:AlternateContent><mc:Choice Requires='x'>{CELL}</mc:Choice><mc:Fallback>{CELL}</mc:Fallback></mc:AlternateContent>",
        TABLE.format(f"<w:customXml><w:tr><w:tc>{CELL}</w:tc></w:tr></w:customXml>"),
        TABLE.format(f"<w:tr><w:customXml><w:tc>{CELL}</w:tc></w:customXml></w:tr>"),
        TABLE.format(f"<w:tr><w:tc>{TABLE.format(f'<w:tr><w:tc>{CELL}</w:tc></w:tr>')}</w:tc></w:tr>"),
        paragraph("<w:r><w:pict><v:shape><v:textpath string='kept'/></v:shape></w:pict></w:r>"),
        paragraph(
            "<w:r><w:drawing><wp:inline><a:txBody><a:p><a:r><a:t>kept</a:t></a:r></a:p></a:txBody></wp:inline></w:drawing></w:r>"
        ),
    ],
)
def test_text_in_any_wrapper_is_kept(body: str, engines: Engines, conversion: office.Recipe) -> None:
    assert office.said(read(paragraph(run("a")) + body + paragraph(run("z")), engines, conversion)) == "a kept z"


def test_ruby_keeps_base_and_reading(engines: Engines, conversion: office.Recipe) -> None:
    ruby = f"<w:ruby><w:rubyPr/><w:rt>{run('dune')}</w:rt><w:rubyBase>{run('砂丘')}</w:rubyBase></w:ruby>"
    body = paragraph(f"<w:r><w:t>a</w:t>{ruby}<w:t>z</w:t></w:r>")
    assert office.said(read(body, engines, conversion)) == "a砂丘(dune)z"


def box(*blocks: str) -> str:
    return f"<w:txbxContent>{''.join(blocks)}</w:txbxContent>"


def vml(inside: str) -> str:
    return f"<w:r><w:pict><v:rect><v:textbox>{inside}</v:textbox></v:rect></w:pict></w:r>"


def as_word(inside: str) -> str:
    """A text box in both forms that Word writes."""
    shape = f"<w:drawing><wp:anchor><a:graphic><a:graphicData><wps:wsp><wps:txbx>{inside}</wps:txbx></wps:wsp>"
    choice = f"<mc:Choice Requires='wps'>{shape}</a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice>"
    return f"<w:r><mc:AlternateContent>{choice}<mc:Fallback>{vml(inside)[5:-6]}</mc:Fallback></mc:AlternateContent></w:r>"


@pytest.mark.parametrize("form", [vml, as_word])
def test_text_box_follows_the_paragraph_that_anchors_it(form: object, engines: Engines, conversion: office.Recipe) -> None:
    assert callable(form)
    inner = paragraph(run("In the box"), form(box(paragraph(run("inmost")))))
    body = paragraph(run("Before "), form(box(inner, TABLE.format(f"<w:tr><w:tc>{CELL}</w:tc></w:tr>"))), run("after."))
    document = read(body + paragraph(run("End.")), engines, conversion)
    assert office.said(document) == "Before after. In the box inmost kept End."


def drawing(*pictures: str, alt: str = "") -> str:
    return f"<w:drawing><wp:inline><wp:docPr id='1' name='n' descr='{alt}'/>{''.join(pictures)}</wp:inline></w:drawing>"


def picture(relation: str, how: str = "embed", alt: str = "") -> str:
    about = f"<pic:nvPicPr><pic:cNvPr id='1' name='n' descr='{alt}'/></pic:nvPicPr>"
    return f"<pic:pic>{about}<pic:blipFill><a:blip r:{how}='{relation}'/></pic:blipFill></pic:pic>"


@pytest.mark.parametrize(
    "inside",
    [
        drawing(picture("p1"), alt="first") + "<w:t>mid</w:t>" + drawing(picture("p2"), alt="second"),
        "<w:t>mid</w:t>" + drawing(f"<wpg:wgp>{picture('p1', alt='first')}{picture('p2', alt='second')}</wpg:wgp>"),
    ],
)
def test_every_picture_of_a_run_and_of_a_group(inside: str, engines: Engines, conversion: office.Recipe) -> None:
    document = read(paragraph(f"<w:r><w:t>a</w:t>{inside}</w:r>"), engines, conversion)
    images = list(pandoc_ast.query(document.blocks, {"Image"}))
    assert [pandoc_ast.text(node["c"][1]) for node in images] == ["first", "second"]
    assert [node["c"][2][0] for node in images] == ["part/media/one.png", "part/media/two.png"]
    assert "a" in office.said(document) and "mid" in office.said(document)


def test_pictures_of_vml_groups(engines: Engines, conversion: office.Recipe) -> None:
    shapes = "".join(f"<v:shape><v:imagedata r:id='{name}'/></v:shape>" for name in ("p1", "p2"))
    document = read(paragraph(f"<w:r><w:pict><v:group>{shapes}</v:group></w:pict></w:r>"), engines, conversion)
    assert len(list(pandoc_ast.query(document.blocks, {"Image"}))) == 2


def test_namespaces_of_any_prefix(engines: Engines, conversion: office.Recipe) -> None:
    """Word declares those of a drawing where it stands; other programs call them as they like."""
    body = paragraph(run("a"), f"<w:r>{drawing(picture('p1'), picture('p2'), alt='both')}</w:r>")
    data = office.word(body)
    text = office.part(data, "word/document.xml")
    spaces = {prefix: text.split(f'xmlns:{prefix}="')[1].split('"')[0] for prefix in ("w", "a", "pic", "wp")}
    local = text
    for prefix, uri in spaces.items():
        if prefix != "w":
            local = local.replace(f' xmlns:{prefix}="{uri}"', "")
    local = local.replace("<pic:pic>", f'<pic:pic xmlns:pic="{spaces["pic"]}" xmlns:a="{spaces["a"]}">')
    local = local.replace("<wp:inline>", f'<wp:inline xmlns:wp="{spaces["wp"]}">')
    other = re.sub(r"\bw:", "ns0:", text.replace("xmlns:w=", "xmlns:ns0="))
    for changed in (local, other):
        document = office.read(office.rezipped(data, {"word/document.xml": changed.encode()}), "docx", engines, conversion("pdf"))
        assert len(list(pandoc_ast.query(document.blocks, {"Image"}))) == 2


@pytest.mark.parametrize(("relation", "how"), [("away", "link"), ("gone", "embed"), ("unknown", "embed")])
def test_linked_and_missing_pictures_leave_a_placeholder(
    relation: str, how: str, engines: Engines, conversion: office.Recipe
) -> None:
    recipe = conversion("markdown")
    body = paragraph(run("a"), f"<w:r>{drawing(picture(relation, how), alt='A far dune')}</w:r>")
    document = office.read(office.word(body), "docx", engines, recipe)
    artifact = steps.write(document, recipe, "markdown", engines)
    assert "A far dune" in artifact.data.decode()
    assert "image-missing" in {each.code for each in artifact.notices}
    assert document.wanted == (("https://pictures.example/dune.png",) if relation == "away" else ())


def test_title_page_becomes_metadata(engines: Engines, conversion: office.Recipe) -> None:
    body = (
        paragraph(f"<w:r>{drawing(picture('p1'), alt='Seal')}</w:r>")
        + paragraph(run("Sand"), style="Title")
        + paragraph(run("and wind"), style="Title")
        + paragraph(run("A walk"), style="Subtitle")
        + paragraph(run("Ada Vogt"), style="Author")
        + paragraph(run("4 May 2021"), style="Date")
        + paragraph(run("In short."), style="Abstract")
        + paragraph(run("Dunes"), style="Heading1")
        + paragraph(run("They move."))
        + paragraph(run("Later title"), style="Title")
    )
    document = read(body, engines, conversion)
    metadata = document.metadata
    assert (metadata.title, metadata.subtitle, metadata.date) == ("Sand and wind", "A walk", "2021-05-04")
    assert [author.name for author in metadata.authors] == ["Ada Vogt"]
    assert office.said(document) == "Seal In short. Dunes They move. Later title"


def test_title_after_a_line_of_text(engines: Engines, conversion: office.Recipe) -> None:
    body = paragraph(run("Report 5")) + paragraph(run("Sand"), style="Title") + paragraph(run("It moves."))
    document = read(body, engines, conversion)
    assert (document.metadata.title, office.said(document)) == ("Sand", "Report 5 It moves.")


def test_second_title_page_stays_in_the_text(engines: Engines, conversion: office.Recipe) -> None:
    page = paragraph(run("Sand"), style="Title") + paragraph(run("4 May 2021"), style="Date") + paragraph(run("It moves."))
    document = read(page + page, engines, conversion)
    assert (document.metadata.title, document.metadata.date) == ("Sand", "2021-05-04")
    assert office.said(document) == "It moves. Sand 4 May 2021 It moves."


def core(**properties: str) -> bytes:
    names = {"title": "dc:title", "creator": "dc:creator", "created": "dcterms:created", "modified": "dcterms:modified"}
    inside = "".join(
        f"<{names.get(key, f'cp:{key}')}>{value}</{names.get(key, f'cp:{key}')}>" for key, value in properties.items()
    )
    spaces = (
        'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
    )
    return f"<cp:coreProperties {spaces}>{inside}</cp:coreProperties>".encode()


def test_properties_without_a_field_are_kept(engines: Engines, conversion: office.Recipe) -> None:
    said = core(
        title="Draft 3", creator="Ada", created="2020-01-02T00:00:00Z", modified="2021-03-04T05:06:07Z",
        contentStatus="Final", lastModifiedBy="Li",
    )  # fmt: skip
    body = paragraph(run("Sand"), style="Title") + paragraph(run("Ada"), style="Author") + paragraph(run("Bea"), style="Author")
    data = office.word(body, {"docProps/core.xml": said})
    document = office.read(data, "docx", engines, conversion("pdf"))
    metadata = document.metadata
    assert (metadata.title, metadata.date, metadata.modified) == ("Sand", "2020-01-02T00:00:00Z", "2021-03-04T05:06:07Z")
    assert metadata.custom == {"property_title": "Draft 3", "content_status": "Final", "last_modified_by": "Li"}
    assert [author.name for author in metadata.authors] == ["Ada"]
    assert office.said(document) == "Bea"


def test_edited_title_of_ours_wins(engines: Engines, conversion: office.Recipe) -> None:
    data = office.ours(engines, conversion, "docx")
    text = office.part(data, "word/document.xml").replace(">Lamps<", ">Lanterns<")
    document = office.read(office.rezipped(data, {"word/document.xml": text.encode()}), "docx", engines, conversion("docx"))
    assert (document.metadata.title, document.metadata.custom) == ("Lanterns", {"shelf": {"row": 2}})
    assert office.said(document) == "Text."


def other_names(data: bytes) -> dict[str, bytes]:
    """Parts under the names that Word Online gives them."""
    relations = office.part(data, "_rels/.rels").replace("word/document.xml", "word/document2.xml")
    inner = office.part(data, "word/_rels/document.xml.rels").replace("styles.xml", "styles2.xml")
    return {
        "_rels/.rels": relations.encode(),
        "word/document2.xml": office.part(data, "word/document.xml").encode(),
        "word/_rels/document2.xml.rels": inner.encode(),
        "word/styles2.xml": office.part(data, "word/styles.xml").encode(),
    }


def test_main_part_by_the_packages_relationships(engines: Engines, conversion: office.Recipe) -> None:
    data = office.strangers("docx")
    spoiled = dict.fromkeys(("word/document.xml", "word/_rels/document.xml.rels", "word/styles.xml"), b"<x/>")
    data = office.rezipped(data, other_names(data) | spoiled)
    document = office.read(data, "docx", engines, conversion("epub"))
    assert document.metadata.title == office.META["title"]
    assert {"Header", "BulletList", "Table", "Note", "Image"} <= {node["t"] for node in pandoc_ast.query(document.blocks)}
    assert inspect(data)["format"] == "docx"


def test_strict_variant(engines: Engines, conversion: office.Recipe) -> None:
    data = office.word(paragraph(run("Strictly."), vml(box(paragraph(run("Boxed."))))))
    strict = office.part(data, "word/document.xml").replace(
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main", "http://purl.oclc.org/ooxml/wordprocessingml/main"
    )
    document = office.read(office.rezipped(data, {"word/document.xml": strict.encode()}), "docx", engines, conversion("pdf"))
    assert office.said(document) == "Strictly. Boxed."


def test_lost_text_is_reported(engines: Engines, conversion: office.Recipe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_flow, "straightened", lambda top: None)
    body = paragraph(run("Seen "), f"<w:dir>{run('from the lighthouse at night')}</w:dir>", run(" here."))
    document = office.read(office.word(body), "docx", engines, conversion("pdf"))
    reported = next(each for each in document.notices if each.code == "text-missing")
    assert reported.severity == "warning" and reported.data["part"] == "word/document.xml"
    assert "from the lighthouse at night" in reported.message


def test_other_languages_are_marked(engines: Engines, conversion: office.Recipe) -> None:
    def run(text: str, properties: str = "") -> str:
        return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'

    french, german = '<w:lang w:val="fr-FR"/>', '<w:lang w:val="de-DE"/>'
    body = (
        f"<w:p>{run('The ropes of the harbour were called ')}{run('les ', french)}{run('cordes', f'<w:b/>{french}')}"
        f"{run(' here, and there ')}{run('die', german)}{run(' Seile', german)}{run('. 1999', german)}</w:p>"
        f"<w:p>{run('مرحبا', '<w:rtl/>' + french.replace('w:val', 'w:bidi').replace('fr-FR', 'ar-SA'))}</w:p>"
    )
    blocks = office.read(office.word(body), "docx", engines, conversion("pdf")).blocks
    found = [
        (dict(node["c"][0][2]).get("lang", ""), pandoc_ast.text(node["c"][1]).strip())
        for node in pandoc_ast.query(blocks, {"Span"})
        if dict(node["c"][0][2]).get("lang")
    ]
    assert found == [("fr-FR", "les"), ("fr-FR", "cordes"), ("de-DE", "die Seile"), ("ar-SA", "مرحبا")]
    assert " ".join(pandoc_ast.text(blocks).split()).startswith("The ropes of the harbour were called les cordes here, and there")


def test_a_paragraph_of_the_other_direction_has_it(engines: Engines, conversion: office.Recipe) -> None:
    """Whatever letter it begins with; a style can say it, and a paragraph can take it back."""
    styles = (
        '<w:style w:type="paragraph" w:styleId="Base"><w:pPr><w:bidi/></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Away"><w:basedOn w:val="Base"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/></w:style>'
    )

    def of(properties: str, text: str) -> str:
        return f"<w:p><w:pPr>{properties}</w:pPr>{run(text)}</w:p>"

    body = (
        of("", "The lamps of the harbour are lit at dusk and put out at dawn, every day of the year.")
        + of("<w:bidi/>", "Lampe הוא מנורה")
        + of('<w:pStyle w:val="Away"/>', "2026 מגדל")
        + of('<w:pStyle w:val="Away"/><w:bidi w:val="0"/>', "Plain again.")
        + of('<w:pStyle w:val="Heading1"/><w:bidi/>', "A פרק")
        + f"<w:tbl><w:tr><w:tc>{of('<w:bidi/>', 'x תא')}</w:tc></w:tr></w:tbl>"
    )
    parts = {"word/styles.xml": f'<w:styles xmlns:w="{W}">{styles}</w:styles>'.encode()}
    document = office.read(office.word(body, parts), "docx", engines, conversion("pdf"))
    found = [
        (node["t"], pandoc_ast.text([node]).strip())
        for node in pandoc_ast.query(document.blocks, {"Div", "Span", "Header"})
        if ["dir", "rtl"] in node["c"][1 if node["t"] == "Header" else 0][2]
    ]
    assert found == [("Div", "Lampe הוא מנורה"), ("Div", "2026 מגדל"), ("Header", "A פרק"), ("Span", "x תא")]
    assert "Plain again." in office.said(document) and not re.search("[\U00100000-\U0010ffff]", office.said(document))
    only = office.read(office.word(of("<w:bidi/>", "כל המסמך")), "docx", engines, conversion("pdf"))
    assert not list(pandoc_ast.query(only.blocks, {"Div"}))


def test_alignment_and_page_breaks_are_kept(engines: Engines, conversion: office.Recipe) -> None:
    page = '<w:r><w:br w:type="page"/></w:r>'

    def of(text: str, properties: str = "") -> str:
        return f"<w:p><w:pPr>{properties}</w:pPr>{run(text)}</w:p>"

    body = (
        of("Centred.", '<w:jc w:val="center"/>') + of("To the right.", '<w:jc w:val="end"/>')
        + of("Plain.", '<w:jc w:val="both"/>') + f"<w:p>{page}</w:p>"
        + paragraph(run("Before a break."), page) + paragraph(page, run("After a break."))
        + of("On a page of its own.", "<w:pageBreakBefore/>") + of("With no break.", '<w:pageBreakBefore w:val="0"/>')
        + paragraph(run("Within"), page, run("a paragraph."))
    )  # fmt: skip
    document = office.read(office.word(body), "docx", engines, conversion("pdf"))
    shown = [
        "break" if block["t"] == "Div" and "page-break" in block["c"][0][1] else
        (pandoc_ast.text([block]).strip(), *(value for _, value in (block["c"][0][2] if block["t"] == "Div" else ())))
        for block in document.blocks
    ]  # fmt: skip
    assert shown == [
        ("Centred.", "center"), ("To the right.", "right"), ("Plain.",), "break", ("Before a break.",), "break",
        "break", ("After a break.",), "break", ("On a page of its own.",), ("With no break.",), ("Within\na paragraph.",),
    ]  # fmt: skip


def test_comments_and_deletions_are_reported(engines: Engines, conversion: office.Recipe) -> None:
    body = "<w:p><w:r><w:t>Kept.</w:t></w:r><w:del><w:r><w:delText>Struck out.</w:delText></w:r></w:del></w:p>"
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    comment = '<w:comment w:id="0" w:author="Ada"><w:p><w:r><w:t>Is it so?</w:t></w:r></w:p></w:comment>'
    parts = {"word/comments.xml": f"<w:comments {space}>{comment}</w:comments>".encode()}
    document = office.read(office.word(body, parts), "docx", engines, conversion("pdf"))
    assert office.said(document) == "Kept."
    reported = [each.data for each in document.notices if each.code == "comment-removed"]
    assert reported == [{"count": 1, "comments": ["Ada: Is it so?"]}, {"count": 1, "deletions": ["Struck out."]}]


HEADER_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def headed(**parts: str) -> bytes:
    """A DOCX with those header and footer parts: name → content."""
    data = office.word(paragraph(run("The text.")))
    relations = office.part(data, "word/_rels/document.xml.rels")
    changes = {}
    for name, content in parts.items():
        kind, top = ("header", "hdr") if name.startswith("header") else ("footer", "ftr")
        relation = f'<Relationship Id="h{name}" Type="{HEADER_KIND}{kind}" Target="{name}.xml"/>'
        relations = relations.replace("</Relationships>", relation + "</Relationships>")
        changes[f"word/{name}.xml"] = f"<w:{top} {office.WORD_SPACES}>{content}</w:{top}>".encode()
    return office.rezipped(data, changes | {"word/_rels/document.xml.rels": relations.encode()})


WATERMARK = '<w:r><w:pict><v:shape><v:textpath string="Not for sale"/></v:shape></w:pict></w:r>'
FRAMED = (
    "<w:r><mc:AlternateContent><mc:Choice><wps:txbx><w:txbxContent><w:p><w:r><w:t>In a box</w:t></w:r></w:p></w:txbxContent>"
    "</wps:txbx></mc:Choice><mc:Fallback><v:textbox><w:txbxContent><w:p><w:r><w:t>In a box</w:t></w:r></w:p></w:txbxContent>"
    "</v:textbox></mc:Fallback></mc:AlternateContent></w:r>"
)


@pytest.mark.parametrize(
    ("parts", "lines"),
    [
        ({"header1": paragraph(run("Harbour "), run("report"))}, ["Harbour report"]),
        ({"header1": paragraph(run("Odd")), "header2": paragraph(run("Even")), "footer1": paragraph(run("Foot"))},
         ["Odd", "Even", "Foot"]),
        ({"header1": paragraph(run("Same")), "header2": paragraph(run("same"))}, ["Same"]),
        ({"header1": paragraph(run("Left"), WATERMARK)}, ["Left", "Not for sale"]),
        ({"header1": paragraph(run("Around"), FRAMED)}, ["Around", "In a box"]),
        ({"footer1": f"<w:tbl><w:tr><w:tc>{paragraph(run('In a cell'))}</w:tc></w:tr></w:tbl>"}, ["In a cell"]),
        ({"footer1": f"<w:sdt><w:sdtContent>{paragraph(run('Page '), run('3'))}</w:sdtContent></w:sdt>"}, ["Page 3"]),
    ],
)  # fmt: skip
def test_headers_and_footers_are_reported(
    parts: dict[str, str], lines: list[str], engines: Engines, conversion: office.Recipe
) -> None:
    document = office.read(headed(**parts), "docx", engines, conversion("pdf"))
    reported = [each for each in document.notices if each.code == "page-header-removed"]
    assert office.said(document) == "The text."
    assert [each.data["lines"] for each in reported] == [lines]
    assert lines[0] in reported[0].message


def test_page_numbers_and_the_title_in_a_header_are_silent(engines: Engines, conversion: office.Recipe) -> None:
    for content in (paragraph(run("3")), paragraph(), paragraph(run("– 12 –"))):
        document = office.read(headed(header1=content), "docx", engines, conversion("pdf"))
        assert "page-header-removed" not in {each.code for each in document.notices}
    titled = paragraph(run("Harbour report"), style="Title") + paragraph(run("The text."))
    data = office.rezipped(headed(header1=paragraph(run("HARBOUR REPORT"))), {
        "word/document.xml": f"<w:document {office.WORD_SPACES}><w:body>{titled}</w:body></w:document>".encode()
    })  # fmt: skip
    document = office.read(data, "docx", engines, conversion("pdf"))
    assert document.metadata.title == "Harbour report"
    assert "page-header-removed" not in {each.code for each in document.notices}


def test_a_picture_in_a_header_is_reported(engines: Engines, conversion: office.Recipe) -> None:
    blip = '<w:r><w:drawing><a:blip r:embed="x"/></w:drawing></w:r>'
    document = office.read(headed(header1=paragraph(blip)), "docx", engines, conversion("pdf"))
    [reported] = [each for each in document.notices if each.code == "page-header-removed"]
    assert reported.data["pictures"] == 1 and "a picture" in reported.message
