"""Djot: what it has of its own, and what is refused."""

from __future__ import annotations

import pytest

from service.ast import pandoc_ast
from service.engines import Engines
from service.model.errors import TooComplex
from tests.readers import markups

ARTICLE = """\
---
title: Low tide
---

# Sand

A _low_ *tide* with {=marks=}, H~2~O and $`x^2`.[^1]

## Deep

{.note}
::: warning
Mind.
:::

[^1]: The note.
"""


def test_its_own_marks(engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read(ARTICLE, "a.dj", engines, conversion("pdf"))
    assert document.metadata.title == "Low tide"
    assert [node["c"][1][0] for node in pandoc_ast.query(document.blocks, {"Header"})] == ["Sand", "Deep"]
    assert document.blocks[0]["t"] == "Header"  # no section around it
    assert {node["t"] for node in pandoc_ast.query(document.blocks)} >= {"Emph", "Strong", "Subscript", "Math", "Note", "Div"}
    assert "text-missing" not in markups.codes(document)


def test_pandocs_own(engines: Engines, conversion: markups.Recipe) -> None:
    markups.check_text(engines, conversion, "djot", "a.dj")
    assert markups.lost("djot", "a.dj", engines, conversion("pdf")) == ""


@pytest.mark.parametrize("text", ["a\n\n" + "_" * 4000, "a\n\n" + "> " * 300 + "a"])
def test_bombs(engines: Engines, conversion: markups.Recipe, text: str) -> None:
    with pytest.raises(TooComplex, match="Line 3 ") as caught:
        markups.read(text, "a.dj", engines, conversion("pdf"))
    assert caught.value.places[0].line == 3


def test_boxes_of_tasks(engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read("- [x] oil\n- [ ] tar\n- [o] wax\n", "a.dj", engines, conversion("pdf"))
    assert markups.said(document) == "☒ oil ☐ tar [o] wax"
