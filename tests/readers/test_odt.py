"""ODT: files made by another program, and our own given back."""

from __future__ import annotations

import pytest

from service.ast import pandoc_ast
from service.containers import packages
from service.engines import Engines
from service.model.document import Document
from service.model.errors import Refused
from service.pipeline import steps
from service.readers.office import odt_flow, odt_groups
from tests.readers import office


def test_strangers_file(engines: Engines, conversion: office.Recipe) -> None:
    office.check(engines, conversion, "odt", "odt")


def test_damaged_file_is_refused(engines: Engines, conversion: office.Recipe) -> None:
    data = office.strangers("odt")
    with pytest.raises(Refused):
        office.read(data[: len(data) // 2], "odt", engines, conversion("pdf"))


def read(body: str, engines: Engines, conversion: office.Recipe) -> Document:
    document = office.read(office.open_text(body), "odt", engines, conversion("pdf"))
    assert "text-missing" not in {each.code for each in document.notices}
    return document


def line(*inside: str, style: str = "") -> str:
    named = f' text:style-name="{style}"' if style else ""
    return f"<text:p{named}>{''.join(inside)}</text:p>"


def frame(href: str, more: str = "") -> str:
    image = f'<draw:image xlink:href="{href}" xlink:type="simple"/>'
    return f'<draw:frame svg:width="2cm" svg:height="1cm">{image}{more}</draw:frame>'


def box(*blocks: str) -> str:
    return f"<draw:frame><draw:text-box>{''.join(blocks)}</draw:text-box></draw:frame>"


def grid(*cells: str) -> str:
    inside = "".join(f"<table:table-cell>{cell}</table:table-cell>" for cell in cells)
    return f"<table:table><table:table-column/><table:table-row>{inside}</table:table-row></table:table>"


def items(*blocks: str) -> str:
    return f"<text:list><text:list-item>{''.join(blocks)}</text:list-item></text:list>"


KEPT = line("kept")
FIELDS = (
    "date", "time", "author-name", "text-input", "placeholder", "page-number", "chapter", "title", "variable-set", "expression",
    "conditional-text", "user-defined", "meta", "database-display", "sequence", "sequence-ref", "note-ref", "invented-field",
)  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        *(line(f"<text:{field}>kept</text:{field}>") for field in FIELDS),
        line('<ext:content-control xmlns:ext="urn:other:program"><text:date>kept</text:date></ext:content-control>'),
        f'<ext:block xmlns:ext="urn:other:program">{KEPT}</ext:block>',
        line("<text:span><text:sequence>kept</text:sequence></text:span>"),
        line('<text:a xlink:href="https://x.example/">kept<text:s/></text:a>'),
        box(KEPT),
        f"<draw:custom-shape>{KEPT}</draw:custom-shape>",
        grid(grid(grid(KEPT))),
        items(grid(KEPT)),
        grid('<text:h text:outline-level="1">kept</text:h>'),
        grid(f"<text:section>{KEPT}</text:section>"),
        grid(box(KEPT)),
        f"<text:bibliography><text:index-body>{KEPT}</text:index-body></text:bibliography>",
        f"<text:numbered-paragraph>{KEPT}</text:numbered-paragraph>",
        f"<text:section><text:user-index><text:index-body>{KEPT}</text:index-body></text:user-index></text:section>",
    ],
)
def test_text_anywhere_is_kept(body: str, engines: Engines, conversion: office.Recipe) -> None:
    assert office.said(read(line("a") + body + line("z"), engines, conversion)) == "a kept z"


@pytest.mark.parametrize("shape", ["custom-shape", "rect", "ellipse", "line", "polygon", "caption"])
def test_shapes_and_boxes_follow_the_paragraph_that_anchors_them(shape: str, engines: Engines, conversion: office.Recipe) -> None:
    inner = line("outer ", box(line("inmost")))
    shapes = f"<draw:g><draw:{shape}>{line('shape')}</draw:{shape}></draw:g>"
    body = line("Before ", box(inner, items(line("item"))), shapes, "after.") + line("End.")
    assert office.said(read(body, engines, conversion)) == "Before after. outer inmost item shape End."


def test_notes_keep_their_lists(engines: Engines, conversion: office.Recipe) -> None:
    note = f"<text:note-citation>1</text:note-citation><text:note-body>{line('one')}{items(line('two'))}</text:note-body>"
    document = read(line("a", f'<text:note text:note-class="footnote">{note}</text:note>'), engines, conversion)
    assert office.said(document).split() == ["a", "one", "two"]


def test_nested_tables_stay_nested(engines: Engines, conversion: office.Recipe) -> None:
    document = read(grid(line("o1") + grid(line("in")) + line("o2")) + line("end"), engines, conversion)
    assert [node["t"] for node in document.blocks] == ["Table", "Para"]
    assert len(list(pandoc_ast.query(document.blocks, {"Table"}))) == 2
    assert office.said(document) == "o1 in o2 end"


@pytest.mark.parametrize("inside", ["", "<table:table-column/>", "<table:table-header-rows/>", "<table:table-row-group/>"])
def test_a_table_without_rows_is_nothing(inside: str, engines: Engines, conversion: office.Recipe) -> None:
    document = read(
        KEPT + f"<table:table>{inside}</table:table>" + items(f"<table:table>{inside}</table:table>", KEPT), engines, conversion
    )
    assert not list(pandoc_ast.query(document.blocks, {"Table"}))
    assert pandoc_ast.text(document.blocks).split() == ["kept", "kept"]


def test_picture_with_caption_is_a_figure(engines: Engines, conversion: office.Recipe) -> None:
    caption = "Figure <text:sequence>1</text:sequence>: A lamp"
    document = read(line("lead ", box(line(frame("Pictures/one.png"), caption)), "tail"), engines, conversion)
    figure = document.blocks[1]
    assert (figure["t"], pandoc_ast.text(figure["c"][1])) == ("Figure", "Figure 1: A lamp")
    assert office.said(document).startswith("lead tail")


@pytest.mark.parametrize("href", ["media/two.png", "./media/two.png", "Pictures/one.png"])
def test_pictures_of_any_folder(href: str, engines: Engines, conversion: office.Recipe) -> None:
    document = read(line(frame(href)), engines, conversion)
    artifact = steps.write(document, conversion("epub"), "epub", engines)
    assert office.PICTURE.read_bytes() in packages.unpack(artifact.data).values()


@pytest.mark.parametrize("href", ["https://pictures.example/dune.png", "Pictures/gone.png"])
def test_linked_and_missing_pictures_leave_a_placeholder(href: str, engines: Engines, conversion: office.Recipe) -> None:
    document = read(line("a", frame(href, "<svg:desc>A far dune</svg:desc>")), engines, conversion)
    artifact = steps.write(document, conversion("markdown"), "markdown", engines)
    assert "A far dune" in artifact.data.decode()
    assert "image-missing" in {each.code for each in artifact.notices}


def test_list_of_contents_goes_where_it_repeats_the_headings(engines: Engines, conversion: office.Recipe) -> None:
    heading = '<text:h text:outline-level="1">Dunes</text:h>'
    contents = "<text:table-of-content><text:index-body>{}</text:index-body></text:table-of-content>"
    repeated = read(line("a") + contents.format(line("1 Dunes<text:tab/>3")) + heading + line("b"), engines, conversion)
    assert "contents-removed" in {each.code for each in repeated.notices}
    own = read(line("a") + contents.format(line("Of winds<text:tab/>3")) + heading + line("b"), engines, conversion)
    assert "Of winds 3" in office.said(own)


def test_what_is_no_text_stays_out(engines: Engines, conversion: office.Recipe) -> None:
    deleted = f"<text:changed-region><text:deletion>{line('deleted')}</text:deletion></text:changed-region>"
    comment = f"<office:annotation>{line('comment')}</office:annotation>"
    body = f"<text:tracked-changes>{deleted}</text:tracked-changes>" + line("a", comment, "b")
    document = read(body, engines, conversion)
    assert office.said(document) == "ab"
    reported = [each.data for each in document.notices if each.code == "comment-removed"]
    assert reported == [{"count": 1, "comments": ["comment"]}, {"count": 1, "deletions": ["deleted"]}]


def test_title_page_becomes_metadata(engines: Engines, conversion: office.Recipe) -> None:
    body = line("Sand", style="Title") + line("A walk", style="Subtitle") + line("Ada Vogt", style="Author") + line("It moves.")
    document = read(body, engines, conversion)
    assert (document.metadata.title, document.metadata.subtitle) == ("Sand", "A walk")
    assert [author.name for author in document.metadata.authors] == ["Ada Vogt"]
    assert office.said(document) == "It moves."


def test_lost_text_is_reported(engines: Engines, conversion: office.Recipe, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = odt_flow.Straightened({}, frozenset(), (), 0)
    monkeypatch.setattr(odt_flow, "straightened", lambda body, inserts: nothing)
    body = line("Seen ", box(line("from the lighthouse at night")), "here.")
    document = office.read(office.open_text(body), "odt", engines, conversion("pdf"))
    reported = next(each for each in document.notices if each.code == "text-missing")
    assert reported.severity == "warning" and reported.data["part"] == "content.xml"
    assert "from the lighthouse at night" in reported.message


@pytest.mark.parametrize("count", ["1000000000", "101", "9" * 5_000])
def test_long_runs_of_spaces_are_one_space(count: str, engines: Engines, conversion: office.Recipe) -> None:
    document = read(
        line(f'low<text:span><text:s text:c="{count}"/></text:span>tide<text:s text:c="3"/>ends'), engines, conversion
    )
    assert sum(node["t"] == "Space" for node in pandoc_ast.query(document.blocks, {"Space"})) == 1 + 3
    assert [each.code for each in document.notices if "spaces" in each.message] == ["blanks-shortened"]


def test_very_many_runs_of_spaces_are_bounded(engines: Engines, conversion: office.Recipe) -> None:
    document = read(line("a" + '<text:s text:c="100"/>b' * 3_000), engines, conversion)
    assert sum(1 for _ in pandoc_ast.query(document.blocks, {"Space"})) < 105_000
    assert "blanks-shortened" in {each.code for each in document.notices}


def test_wide_elements_are_read_in_groups_and_nothing_of_it_is_seen(engines: Engines, conversion: office.Recipe) -> None:
    words = [f"w{number}" for number in range(1_200)]
    spans = "".join(f"<text:span>{word}</text:span><text:s/>" for word in words)
    body = line(spans) + "".join(line(word) for word in words) + items(*(line(word) for word in words[:3]))
    document = read(body, engines, conversion)
    assert [pandoc_ast.text(block["c"]) for block in document.blocks[1:-1]] == words
    assert pandoc_ast.text(document.blocks[0]["c"]).split() == words
    assert {block["t"] for block in document.blocks} == {"Para", "OrderedList"}


def test_what_no_group_helps_is_refused(engines: Engines, conversion: office.Recipe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(odt_groups, "MOST", 360_000)
    read(line("kept") + items(line("kept")), engines, conversion)
    with pytest.raises(Refused, match="Divide it"):
        read(f"<text:list>{'<text:list-item><text:p>a</text:p></text:list-item>' * 601}</text:list>", engines, conversion)


@pytest.mark.parametrize("place", ["header", "header-left", "header-first", "footer", "footer-left", "footer-first"])
def test_headers_and_footers_are_reported(place: str, engines: Engines, conversion: office.Recipe) -> None:
    inside = line("Harbour ", "<text:span>report</text:span>", "<text:s/>", "<text:page-number>3</text:page-number>")
    watermark = line(box(line("Draft")))
    styles = office.part(office.plain("odt"), "styles.xml")
    master = (
        f'<style:master-page style:name="Own"><style:{place}>{inside}{watermark}{line("7")}</style:{place}></style:master-page>'
    )
    assert "</office:master-styles>" in styles
    changed = styles.replace("</office:master-styles>", master + "</office:master-styles>")
    data = office.open_text(line("The text."), {"styles.xml": changed.encode()})
    document = office.read(data, "odt", engines, conversion("pdf"))
    [reported] = [each for each in document.notices if each.code == "page-header-removed"]
    assert office.said(document) == "The text."
    assert reported.data["lines"] == ["Harbour report3", "Draft"]


def test_descriptions_of_pictures(engines: Engines, conversion: office.Recipe) -> None:
    first, second = (
        frame("Pictures/one.png", "<svg:desc>A far dune</svg:desc>"),
        frame("Pictures/one.png", "<svg:title>Sand</svg:title>"),
    )
    document = read(line(first) + grid(line(second)) + line(frame("media/two.png")), engines, conversion)
    alts = [pandoc_ast.text(node["c"][1]) for node in pandoc_ast.query(document.blocks, {"Image"})]
    assert sorted(alts) == ["", "A far dune", "Sand"]
