"""Pictures and callouts as programs for notes write them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.ast import pandoc_ast
from service.engines import Engines
from service.model.document import Conversion
from service.readers import markdown
from service.readers.markdown.obsidian import put_in


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("![[a plan.png]]", "![](<a plan.png>)"),
        ("![[a.PNG|300]] ![[b.jpg|300x200]]", "![](<a.PNG>) ![](<b.jpg>)"),
        ("| ![[a.png\\|The plan]] |", "| ![The plan](<a.png>) |"),
        ("![[Another note]]", None),
        ("[[Another note|alias]]", None),
        ("`![[a.png]]`", None),
        ("```\n![[a.png]]\n```", None),
        ("> [!NOTE]\n> a", None),
        ("> [!tip]- Try\n> a", "> [!tip]\n> **Try**\n>\n> a"),
        ("> [!tip]+\n> a", "> [!tip]\n> a"),
        ("> [!question] Why?\n> a", "> **Question: Why?**\n>\n> a"),
        ("> [!info]\n> a", "> **Info**\n>\n> a"),
        ("> [!note] Is *it*\n> a", "> [!note]\n> Is *it*\n>\n> a"),
        ("> > [!info]\n> > a", "> > **Info**\n> >\n> > a"),
        ("```\n> [!info]\n```", None),
        ("a [!info] b", None),
    ],
)
def test_put_in(given: str, shown: str | None) -> None:
    assert put_in(given) == (given if shown is None else shown)


def test_a_callout_keeps_its_words(engines: Engines, conversion: Callable[..., Conversion]) -> None:
    text = "> [!tip]- Try **this**\n> One.\n\n> [!example] Two\n> Three.\n\n![[plan.png|A plan]]"
    blocks = list(markdown.blocks_of(text, conversion("pdf"), engines))
    assert pandoc_ast.text(blocks).split() == ["Tip", "Try", "this", "One.", "Example:", "Two", "Three.", "A", "plan"]
    assert [node["c"][2][0] for node in pandoc_ast.query(blocks, {"Image"})] == ["plan.png"]
