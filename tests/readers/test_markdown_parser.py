"""The parser's tree, its positions, and texts that hold other parsers for minutes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.ast import pandoc_ast
from service.engines import Engines
from service.model.document import Conversion, Source
from service.readers import READERS
from service.readers.markdown.dialects import AUTO
from service.readers.markdown.parser import Parsed, kind, nodes, parse

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
    [
        "[",
        "![",
        "> ",
        "**a ",
        "`` ` ",
        "[a](",
        "<div>",
        "*",
        "_a ",
        "~~",
        "[^1]",
        "$a",
        "==a",
        "^[",
        "[[",
        ":::a\n",
        "%%",
        "- ",
        "\\begin{a}\n",
        "\\begin{a}\\end{b}\n",
        "{{ page.title }} ",
        "{{< meta title >}}",
        "{{< meta ",
        "{frontmatter.a} ",
        '<Tip a="b">',
        '<Tip a="b">x</Tip> ',
        "[quote]\n",
        "[quote]\nx\n[/quote]\n",
        "[b]",
        "◦ a\n",
        "o\ta\n",
        "```markdown\n```js\n",
        "<div\n\n",
        "w[^1] ",
        "citeturn0a0",
        "<!date^1^",
        "++ctrl",
        ":material-a",
        "| `a|b` |\n|---|\n",
        "a. x\n\n",
        "\n\n|---|---|\n| a | b |\n",
    ],
)
def test_every_text_ends_in_a_document_or_a_problem(engines: Engines, conversion: Convert, unit: str) -> None:
    try:
        READERS["markdown"].read(Source("a.md", (unit * 20_000).encode()), conversion("pdf"), engines)
    except Exception as error:
        assert type(error).__name__ == "TooComplex"


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ('<Tip a="b">\n', "\n</Tip>"), ("[quote]\n", "\n[/quote]"), ("[details]\n", "\n[/details]"),
        ("{{#tabs}}\n", "\n{{#endtabs}}"),
        ("[b]", "[/b]"), ("[color=red]", "[/color]"), ("```markdown\n", "\n```"), ("\\begin{quote}\n", "\n\\end{quote}"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("depth", [500, 5_000])
def test_what_nests_ends_in_a_document_or_a_problem(
    engines: Engines, conversion: Convert, opening: str, closing: str, depth: int
) -> None:
    try:
        READERS["markdown"].read(Source("a.md", (opening * depth + "x" + closing * depth).encode()), conversion("pdf"), engines)
    except Exception as error:
        assert type(error).__name__ == "TooComplex"


def test_a_text_with_every_repair_is_parsed_twice(engines: Engines, conversion: Convert, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "# 题\n\n**“甲”**乙 `c`\n\n| a |\n|---|\n| 1 | 2 |\n\n[x\n\ny](/z)\n\n[1]: 张三\n\n{{< meta a >}}\n\nEnd [half](https://ex..."
    parsed: list[str] = []

    def counted(text: str, extensions: frozenset[str]) -> Parsed:
        parsed.append(text)
        return parse(text, extensions)

    monkeypatch.setattr("service.readers.markdown.preparing.parse", counted)
    document = READERS["markdown"].read(Source("a.md", text.encode()), conversion("pdf"), engines)
    assert len(parsed) == 2
    assert [node["t"] for node in document.blocks] == ["Header", "Para", "Table", "Para", "Para", "Para", "Para"]


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
