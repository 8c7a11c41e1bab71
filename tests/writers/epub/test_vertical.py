"""Books in vertical lines."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from service.engines import Engines
from service.model.document import Conversion, Document, Metadata
from service.pipeline import steps
from service.writers.epub import vertical

XHTML = "http://www.w3.org/1999/xhtml"
Convert = Callable[..., Conversion]


@pytest.mark.parametrize(
    ("markup", "pairs"),
    [
        ("<p>令和6年11月3日</p>", ["6", "11", "3"]),
        ("<p>2024年と3.5 mと12:30と100%</p>", []),
        ("<p>本当!?<em>42</em>と12</p>", ["!?", "42", "12"]),
        ("<pre>12</pre>", []),
        ("<table><tr><td>12</td></tr></table>", []),
        ("<p><code>12</code>と12</p>", ["12"]),
    ],
)
def test_pairs_stand_upright(markup: str, pairs: list[str]) -> None:
    body = etree.fromstring(f'<body xmlns="{XHTML}">{markup}</body>')
    text = "".join(map(str, body.itertext()))
    vertical.combine(body)
    assert [each.text for each in body.iter(f"{{{XHTML}}}span")] == pairs
    assert "".join(map(str, body.itertext())) == text


@pytest.fixture
def written(make_document: Callable[..., Document], conversion: Convert, engines: Engines) -> Callable[..., Any]:
    def write(lang: str, target: str = "epub", **chosen: Any) -> Any:
        document = make_document("# 章\n\n11月の文章。\n\n| a | b |\n|---|---|\n| 1 | 2 |", Metadata(title="題", lang=lang))
        return steps.write(document, conversion(target, **chosen), target, engines)

    return write


def test_a_japanese_book_has_vertical_lines_and_turns_to_the_left(
    written: Callable[..., Any], epubcheck: Callable[..., Any], tmp_path: Path
) -> None:
    path = tmp_path / "a.epub"
    path.write_bytes(written("ja", writing_mode="vertical-rl").data)
    assert epubcheck([path]) == {str(path): []}
    with zipfile.ZipFile(path) as archive:
        assert b"writing-mode:vertical-rl" in archive.read("EPUB/styles/article.css")
        assert b'page-progression-direction="rtl"' in archive.read("EPUB/content.opf")
        assert b'<span class="tcy">11</span>' in archive.read("EPUB/text/ch001.xhtml")


def test_lines_are_horizontal_unless_asked_for(written: Callable[..., Any]) -> None:
    with zipfile.ZipFile(io.BytesIO(written("ja").data)) as archive:
        assert b"writing-mode" not in archive.read("EPUB/styles/article.css")


@pytest.mark.parametrize(("lang", "target"), [("en", "epub"), ("ja", "docx")])
def test_where_it_has_no_effect_a_notice_says_so(lang: str, target: str, written: Callable[..., Any]) -> None:
    made = written(lang, target, writing_mode="vertical-rl")
    reported = [each for each in made.notices if each.code == "option-ignored"]
    assert [each.data["options"] for each in reported] == [["writing_mode"]]
    assert not [each for each in written(lang, target).notices if each.code == "option-ignored"]
