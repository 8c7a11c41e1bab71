"""Margins are drawn when their numbers are known; until then, no box of the text stays in memory."""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from typing import Any

import pydyf
import pytest
import weasyprint

from service.engines.weasyprint import patches
from service.engines.weasyprint.sections import Unjoinable, margins, merging
from service.engines.weasyprint.sections.page_offsets import Place

CSS = """@page { size: 300px 200px; margin: 40px;
    @bottom-center { content: counter(page) " of " counter(pages) } @top-left { content: string(chapter) } }
    h2 { string-set: chapter content(); break-before: page; bookmark-level: 1 } """
TEXT = "<html lang=en><body><p>Begins without a heading.</p><h2>Second</h2><p>Text, <a href='#far'>a link</a>.</p></body></html>"
OPTIONS = {"pdf_tags": True, "pdf_variant": None}


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Draws a section, and puts WeasyPrint's functions back."""
    patches.install()
    for name in ("resolve_links", "build_fonts_dictionary"):
        monkeypatch.setattr(weasyprint.pdf, name, getattr(weasyprint.pdf, name))

    def draw(html: str = TEXT, css: str = CSS) -> tuple[margins.Margins, merging.Piece, weakref.ref[Any]]:
        with margins.left_out(0) as left:
            document = weasyprint.HTML(string=html).render(stylesheets=[weasyprint.CSS(string=css)])
        box = weakref.ref(document.pages[0]._page_box.children[0])
        piece = merging.draw(document, OPTIONS)
        left.let_go()
        return left, piece, box

    return draw


def shown(piece: merging.Piece) -> Sequence[bytes]:
    return [b"\n".join(map(pydyf._to_bytes, stream.stream)) for stream in piece.streams()]


def test_boxes_of_the_text_are_gone_and_bookmarks_are_not(drawn: Any) -> None:
    left, piece, box = drawn()
    assert box() is None
    assert left.extent.pages == len(piece.outline) == 2
    assert [each[1] for page in piece.outline for each in page.bookmarks] == ["Second"]


def test_margins_are_drawn_with_the_place_in_the_document(drawn: Any) -> None:
    left, piece, _ = drawn()
    texts, before = list[str](), shown(piece)
    plain = margins.make_margin_boxes

    def recorded(*args: Any) -> Any:
        for box in plain(*args):
            texts.append("".join(each.text for each in box.descendants() if hasattr(each, "text")))
            yield box

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(margins, "make_margin_boxes", recorded)
        piece.place_in(Place(7, 12, ["far"], {"chapter": "First"}), left)
    assert texts == ["First", "8 of 12", "Second", "9 of 12"]
    for old, new in zip(before, shown(piece), strict=True):
        added = new.removeprefix(old)
        assert added.count(b"/Artifact") == 2 and b"MCID" not in added
        assert added.count(b"q\n") == added.count(b"\nQ")


def test_a_picture_in_a_margin_is_an_object_of_the_piece(drawn: Any) -> None:
    left, piece, _ = drawn(css=CSS + "@page { @top-right { content: ''; background: linear-gradient(red, blue); width: 20px } }")
    objects = len(piece.pdf.objects)
    piece.place_in(Place(0, 2, ["far"]), left)
    piece.reported()
    assert len(piece.pdf.objects) > objects


def test_what_needs_the_whole_document_is_not_joined(drawn: Any) -> None:
    left, piece, _ = drawn()
    with pytest.raises(Unjoinable):
        piece.place_in(Place(0, 2, ["near"]), left)
    with pytest.raises(Unjoinable):
        drawn(css=CSS + "p { position: running(head) } @page { @top-right { content: element(head) } }")
