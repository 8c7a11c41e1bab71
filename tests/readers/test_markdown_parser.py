"""The parser's tree, its positions, and texts that hold other parsers for minutes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.ast import pandoc_ast
from service.engines import Engines
from service.model.document import Conversion, Source
from service.readers import READERS
from service.readers.markdown.dialects import AUTO
from service.readers.markdown.parser import kind, nodes, parse

Convert = Callable[..., Conversion]
WIDE = "![[a.png]]\n\n| a | b |\n|---|---|\n| 1 | 2 | 3 |\n"


@pytest.mark.parametrize(
    ("text", "prose"),
    [
        ("a `b` c", "a \0\0\0 c"),
        ("汉 `字` 后", "汉 \0\0\0 后"),
        ("```\na\n```\nb\n", "\0\0\0\n\0\n\0\0\0\nb\n"),
        ("a\n\n    b\nc", "a\n\n    \0\nc"),
        ("no code", "no code"),
    ],
)
def test_prose_is_the_text_with_its_code_blanked(text: str, prose: str) -> None:
    assert parse(text, AUTO).prose == prose


def test_the_source_of_a_node() -> None:
    parsed = parse("汉字 **粗体** end\n", AUTO)
    strong = next(node for node in nodes(parsed.root) if kind(node) == "Strong")
    assert parsed.source(strong) == "**粗体**"


@pytest.mark.parametrize(
    "unit",
    ["[", "![", "> ", "**a ", "`` ` ", "[a](", "<div>", "*", "_a ", "~~", "[^1]", "$a", "==a", "^[", "[[", ":::a\n", "%%", "- "],
)
def test_every_text_ends_in_a_document_or_a_problem(engines: Engines, conversion: Convert, unit: str) -> None:
    try:
        READERS["markdown"].read(Source("a.md", (unit * 20_000).encode()), conversion("pdf"), engines)
    except Exception as error:
        assert type(error).__name__ == "TooComplex"


def test_a_code_span_of_three_ticks_opens_no_block(engines: Engines, conversion: Convert) -> None:
    text = f"```npm i``` installs it.\n\n{WIDE}"
    document = READERS["markdown"].read(Source("a.md", text.encode()), conversion("pdf"), engines)
    assert [node["t"] for node in document.blocks] == ["Para", "Para", "Table"]
    assert "3" in pandoc_ast.text([document.blocks[2]])


@pytest.mark.parametrize(("opening", "closing"), [("```md", "```"), ("~~~md", "~~~~"), ("````md", "````  ")])
def test_a_fence_inside_code_is_code(engines: Engines, conversion: Convert, opening: str, closing: str) -> None:
    inside = f"```python\n{WIDE}"
    text = f"{opening}\n{inside}{closing}\n\nAfter.\n"
    document = READERS["markdown"].read(Source("a.md", text.encode()), conversion("pdf"), engines)
    assert [node["t"] for node in document.blocks] == ["CodeBlock", "Para"]
    assert document.blocks[0]["c"][1] + "\n" == inside
