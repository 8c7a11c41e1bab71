"""Every word of the HTML is on a page, even if elements are taller than one."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pypdfium2
import pytest

from service.engines.weasyprint import completeness, rendering
from service.model import profiles
from service.model.errors import TextMissing


def words(name: str, count: int) -> str:
    return " ".join(f"{name}{number}z" for number in range(count))


def paragraphs(name: str, count: int) -> str:
    return "".join(f"<p>{words(f'{name}{number}p', 12)}</p>" for number in range(count))


def rows(name: str, count: int) -> str:
    return "".join(f"<tr><td>{words(f'{name}{number}r', 30)}</td></tr>" for number in range(count))


TALL = paragraphs("tall", 60)
CONSTRUCTS: Mapping[str, str] = {
    "head": f"<table><thead><tr><th>{TALL}</th></tr></thead><tr><td>body</td></tr></table>",
    "head alone": f"<table><thead><tr><th>{TALL}</th></tr></thead></table>",
    "foot": f"<table><tfoot><tr><td>{TALL}</td></tr></tfoot><tr><td>body</td></tr></table>",
    "row": f"<table><thead><tr><th>head</th></tr></thead><tr><td>{TALL}</td><td>{words('b', 4)}</td></tr></table>",
    "cell of one paragraph": f"<table><tr><td>{words('c', 1500)}</td></tr></table>",
    "rows that span": f"<table><tr><td rowspan=2>{TALL}</td><td>{paragraphs('d', 70)}</td></tr><tr><td>{TALL}</td></tr></table>",
    "table in a row": f"<table><tr><td><table>{rows('e', 60)}</table></td><td>{words('f', 4)}</td></tr></table>",
    "table in a head": f"<table><thead><tr><th><table>{rows('g', 60)}</table></th></tr></thead></table>",
    "caption": f"<table><caption>{words('h', 1500)}</caption><tr><td>body</td></tr></table>",
    "float": f'<div style="float: left; width: 40%">{TALL}</div><p>{words("i", 30)}</p>',
    "kept together": f'<div style="break-inside: avoid">{TALL}</div>',
    "item": f'<ul><li style="break-inside: avoid">{TALL}</li></ul>',
    "figure": f"<figure>{TALL}<figcaption>{words('j', 900)}</figcaption></figure>",
    "inline block": f'<p>x <span style="display: inline-block">{words("k", 1200)}</span></p>',
    "flexible": f'<div style="display: flex"><div>{TALL}</div><div>{paragraphs("l", 9)}</div></div>',
    "heading": f"<h2>{words('m', 900)}</h2>",
}


WORD = re.compile(r"\b[a-z]+\d\w*z\b")


def printed(data: bytes) -> str:
    """The text within the pages, without blanks; what is below the edge of a page is not seen."""
    pages = pypdfium2.PdfDocument(data)
    return re.sub(r"[\s\x02\ufffe-]", "", "".join(page.get_textpage().get_text_bounded() for page in pages))


@pytest.mark.parametrize("construct", CONSTRUCTS)
def test_what_is_taller_than_a_page_keeps_its_words(construct: str) -> None:
    body = f"<p>{words('before', 9)}</p>{CONSTRUCTS[construct]}<p>{words('after', 9)}</p>"
    html = f"<html lang=en><body><main>{body}</main></body></html>"
    found = printed(rendering.render(html, profiles.load("article").print_css, {}).data)
    assert [each for each in WORD.findall(html) if each not in found] == []


def test_lost_text_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(completeness, "loosen", lambda *_: None)
    with pytest.raises(TextMissing, match="tall0p0z tall0p1z"):
        rendering.render(f"<table><thead><tr><th>{TALL}</th></tr></thead></table>", ["thead { break-inside: avoid }"], {})


def test_a_section_that_lost_text_is_printed_in_one_piece() -> None:
    chapter = f"<h2 class=chapter>one</h2><table><thead><tr><th>{TALL}</th></tr></thead></table>"
    division = rendering.Division(lambda _: "<p>front</p>", [chapter], profiles.load("article").print_css)
    with pytest.raises(rendering.Unjoinable, match="lost text"):
        rendering.render_sections(division, profiles.load("article").print_css, {}, identifier=lambda: b"1")
