"""The checks of Word's accessibility checker and screen readers: title, language, headings, heads of tables, names of links."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from lxml import etree

from tests.writers.docx.conftest import Opened

docx = pytest.importorskip("docx")
Make = Callable[..., Opened]
TEXT = """
# One

## Two

A [link](https://e.example/) and ![a lamp](colophon.png).

| Name | Size |
|---|---|
| a | 1 |

: Sizes of *all* lamps
"""


def test_the_file_has_title_and_language(opened: Make) -> None:
    made = opened(TEXT, lang="de")
    assert docx.Document(io.BytesIO(made.data)).core_properties.title == "A title"
    assert docx.Document(io.BytesIO(made.data)).core_properties.language == "de"
    styles = etree.fromstring(made.parts["word/styles.xml"])
    assert [each.get(f"{{{made.SPACES['w']}}}val") for each in made.find("//w:docDefaults//w:lang", styles)] == ["de"]


def test_headings_skip_no_level(opened: Make) -> None:
    levels = [int(match[1]) for style in opened(TEXT).styles() if (match := re.fullmatch(r"Heading(\d)", style))]
    assert levels == [1, 2]


def test_a_table_has_a_head_that_is_repeated_and_a_title(opened: Make) -> None:
    made = opened(TEXT)
    (head,) = made.find("//w:tr[w:trPr/w:tblHeader]")
    assert [text.text for text in made.find(".//w:t", head)] == ["Name", "Size"]
    (look,) = made.find("//w:tblPr/w:tblLook")
    assert look.get(f"{{{made.SPACES['w']}}}firstRow") == "1"
    (title,) = made.find("//w:tblPr/w:tblCaption")
    assert title.get(f"{{{made.SPACES['w']}}}val") == "Sizes of all lamps"


def test_a_link_looks_like_one(opened: Make) -> None:
    (style,) = opened(TEXT).find("//w:hyperlink/w:r/w:rPr/w:rStyle")
    assert list(style.attrib.values()) == ["Hyperlink"]
