"""Code spans reach from a run of backticks to the next as long."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.ast import pandoc_ast
from service.engines import Engines
from service.model.document import Conversion, Source
from service.readers import READERS
from service.readers.markdown.code import outside_spans


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("", [""]),
        ("a `b` c", ["a ", " c"]),
        ("a ``b`c`` d", ["a ", " d"]),
        ("`a ``b` c", ["", " c"]),
        ("``x` y", ["``x` y"]),
        ("`a``b``c", ["`a", "c"]),
        ("\\`a` b", ["\\`a` b"]),
        ("\\\\`a` b", ["\\\\", " b"]),
        ("`a\\` b", ["", " b"]),
        ("`a` `b`", ["", " ", ""]),
    ],
)
def test_outside_spans(line: str, parts: list[str]) -> None:
    assert [line[start:stop] for start, stop in outside_spans(line)] == parts


@pytest.mark.parametrize("unit", ["``", "`", "`[", "` `` ", "` `` ``` ", "\\`"])
def test_time_grows_with_the_line_alone(unit: str) -> None:
    assert list(outside_spans(unit * 100_000))


REPAIRED = "![[a.png]]\n\n| a | b |\n|---|---|\n| 1 | 2 | 3 |\n"


def test_a_code_span_of_three_ticks_opens_no_block(engines: Engines, conversion: Callable[..., Conversion]) -> None:
    """All repairs of the rest of the document were turned off."""
    text = f"```npm i``` installs it.\n\n{REPAIRED}"
    document = READERS["markdown"].read(Source("a.md", text.encode()), conversion("pdf"), engines)
    assert [node["t"] for node in document.blocks] == ["Para", "Para", "Table"]
    assert list(pandoc_ast.query(document.blocks, {"Image"}))
    assert "3" in pandoc_ast.text([document.blocks[2]])


@pytest.mark.parametrize(("opening", "closing"), [("```md", "```"), ("~~~md", "~~~~"), ("````md", "````  ")])
def test_a_fence_inside_code_is_code(engines: Engines, conversion: Callable[..., Conversion], opening: str, closing: str) -> None:
    """What closes a block has no info string; the block was taken for text, and rewritten."""
    inside = f"```python\n{REPAIRED}"
    text = f"{opening}\n{inside}{closing}\n\nAfter.\n"
    document = READERS["markdown"].read(Source("a.md", text.encode()), conversion("pdf"), engines)
    assert [node["t"] for node in document.blocks] == ["CodeBlock", "Para"]
    assert document.blocks[0]["c"][1] + "\n" == inside
