"""The results of the Markdown reader, and its refusals."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from service.ast import pandoc_ast
from service.engines import Engines
from service.input import mojibake
from service.model.document import Conversion, Document, Source
from service.model.errors import EmptyDocument, TooComplex, TooLarge
from service.readers import markdown

Convert = Callable[..., Conversion]


@pytest.fixture
def blocks(engines: Engines, conversion: Convert) -> Callable[..., list[Any]]:
    """`blocks(text, dialect="gfm")`: the body's AST."""
    return lambda text, **options: list(markdown.blocks_of(text, conversion("pdf", **options), engines))


@pytest.fixture
def seen(blocks: Callable[..., list[Any]]) -> Callable[..., str]:
    return lambda text, **options: pandoc_ast.text(blocks(text, **options))


def tags(nodes: Any) -> list[str]:
    return [node["t"] for node in pandoc_ast.query(nodes) if node["t"] not in {"Str", "Space", "SoftBreak", "Para", "Plain"}]


@pytest.mark.parametrize(
    "text",
    [
        "He said \"no\" -- and 'left'... :) @somebody #tag a_b_c 2 * 3 ~ 5",
        "{{ template }} {#id} text {.class} [brackets] ::: x",
        "1~3岁，5~8岁，十~二十，C++和C++，a==b==c ^_^ 和 ^_^，i++,j++，~/bin 与 ~/lib",
        "It costs $5 and $6, or $1,000-$2,000; echo $HOME/bin:$PATH.",
        "C:\\Users\\me (x) \\d+ {=html}",
        "(1) first then 2) second",
        "a<b and c>d & e &amp f",
        "见https://example.com/a_b_c/d_e_，更多",
        "** not bold ** and * not emph *",
        "a password of **** or a****b",
        "价格$5和$6，变量$a,$b",
    ],
)
def test_characters_stay(seen: Callable[..., str], text: str) -> None:
    assert seen(text) == text


@pytest.mark.parametrize(
    ("text", "strong"),
    [
        ("**重点：**下文", ["重点："]),
        ("上文**“引用”**下文", ["“引用”"]),
        ("（**甲**）和（**乙**）", ["甲", "乙"]),
        ("**一、**甲**二、**乙", ["一、", "二、"]),
        ("**《书》**是**（好）**的", ["《书》", "（好）"]),
        ("**[链接](http://a.example)**下文", ["链接"]),
        ("`**`与**“甲”**乙", ["“甲”"]),
        ("甲\\**“乙”**丙", []),
        ("Latin **Note.**text stays CommonMark", []),
        ("**3.**Latin 与中文", ["3."]),
        ("乘方 2**(3)**4 与 a*(b)*c", []),
        ("**甲****乙。****丙**丁", ["甲", "乙。", "丙"]),
        ("**甲，****“乙”**和**丙****", ["甲，", "“乙”", "丙"]),
        ("**a** **Note****: b**", ["a", "Note", ": b"]),
        ("****甲****和`**乙****丙**`", ["甲", "甲"]),
    ],
)
def test_emphasis_next_to_cjk_punctuation(blocks: Callable[..., list[Any]], text: str, strong: list[str]) -> None:
    found = [pandoc_ast.text(node["c"]) for node in pandoc_ast.query(blocks(text)) if node["t"] == "Strong"]
    assert found == strong
    assert not re.search("[\U000f0000-\U000ffffd]", pandoc_ast.text(blocks(text)))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (r"\$5 and \\$6, `\$HOME`, \$x^2\$ or $x$", r"$5 and \$6, \$HOME, $x^2$ or x"),
        (r"见 https://a.example/x\_y\_z，`https://a.example/x\_y`", r"见 https://a.example/x_y_z，https://a.example/x\_y"),
    ],
)
def test_what_is_escaped_means_itself(seen: Callable[..., str], text: str, shown: str) -> None:
    assert seen(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("见[1]。\n\n[1]:张三《书》，2020", "见[1]。[1]:张三《书》，2020"),
        ("甲\n\n[来源]: https://a.example/x", "甲[来源]: https://a.example/x"),
        ("甲[^1]\n\n[^1]: 乙\n[^1]: 丙\n\n[^2]: 丁", "甲乙1 丙2 丁"),
        ("[甲][A  b] ![乙][c]\n\n[a B]: x.html\n[c]: <data:,>", "甲 乙"),
        ("`[x]`\n\n```\n[x]: y，z\n```", "[x][x]: y，z"),
        ("> [甲]：乙\n> [甲]:乙", "[甲]：乙[甲]:乙"),
        ("甲[^1]\n\n[^1]: 乙\n[^9]: 丙[^1]\n    [^1]", "甲乙9 丙乙乙"),
    ],
)
def test_no_text_is_lost_as_a_definition(seen: Callable[..., str], text: str, shown: str) -> None:
    assert seen(text).replace("\n", "") == shown


def test_notes_that_double_are_refused_where_nothing_calls_them(seen: Callable[..., str]) -> None:
    doubling = "".join(f"[^{number}]: [^{number + 1}][^{number + 1}]\n\n" for number in range(30))
    with pytest.raises(TooComplex, match="footnotes"):
        seen(f"甲\n\n{doubling}[^30]: 乙\n\n[^x]: [^0]")


def test_code_is_no_definition(seen: Callable[..., str]) -> None:
    assert seen("```\n[^1]\n```") == "[^1]"
    assert seen("```\na\n[x]: y，z\n```\n\n    [x]: y，z") == "a\n[x]: y，z[x]: y，z"


def test_an_address_with_spaces(blocks: Callable[..., list[Any]]) -> None:
    read = blocks("![长城](https://a.example/Great Wall 2.png?1) `[a](http://b c)` [甲](http://a.example 乙)")
    assert [node["c"][2][0] for node in pandoc_ast.query(read, {"Image"})] == ["https://a.example/Great Wall 2.png?1"]
    assert [node["c"][1] for node in pandoc_ast.query(read, {"Code"})] == ["[a](http://b c)"]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("[a](/b?c=d e)", "/b?c=d e"),
        ('[长城](../great wall.png "题目")', "../great wall.png"),
        ('[a](/b "c d")', "/b"),
        ("[a](see there)", None),
        ("[a](/b c", None),
    ],
)
def test_an_address_with_spaces_of_a_page_itself(blocks: Callable[..., list[Any]], text: str, address: str | None) -> None:
    links = [node["c"][2][0] for node in pandoc_ast.query(blocks(text), {"Link"})]
    assert links == ([address] if address else [])


def test_a_run_of_backticks_costs_no_time(seen: Callable[..., str]) -> None:
    """It was tried in each length from each place: 20,000 took minutes."""
    run = "`" * 20_000
    assert seen(f"**甲****乙**{run}丙") == f"甲乙{run}丙"


@pytest.mark.parametrize("text", ["a*$5*b", "a*$5 b_c*d"])
def test_a_stand_in_is_no_icon(seen: Callable[..., str], text: str) -> None:
    assert seen(text) == text


def test_emphasis_is_not_fixed_in_code(seen: Callable[..., str]) -> None:
    code = "**a****b** **c**** “d”"
    assert seen(f"**甲****乙**\n\n```\n{code}\n```\n\n    {code}") == f"甲乙{code}{code}"


@pytest.mark.parametrize(
    ("text", "formulas"),
    [
        ("Energy is $E=mc^2$.", ["E=mc^2"]),
        ("Let $x$ and $n+1$ be.", ["x", "n+1"]),
        ("Put $A = \\{x > 1\\}$. $\\blacksquare$", ["A = \\{x > 1\\}", "\\blacksquare"]),
        ("$$\n\\sum_{i=1}^n i\n$$", ["\n\\sum_{i=1}^n i\n"]),
        ("From $5 to $6 for $x_1$ in all", ["x_1"]),
        ("$5-10k$ and $100$ and $Id$ and $HOME$", []),
        ("`$x$` and $\\alpha$", ["\\alpha"]),
        ("$\\text{速度} = v$", ["\\text{速度} = v"]),
        ("\\$x\\$", []),
    ],
)
def test_dollars(blocks: Callable[..., list[Any]], text: str, formulas: list[str]) -> None:
    found = [node["c"][1] for node in pandoc_ast.query(blocks(text)) if node["t"] == "Math"]
    assert found == formulas


def test_math_on_and_off(blocks: Callable[..., list[Any]]) -> None:
    assert "Math" in tags(blocks("$5 or more$", math="on"))
    assert "Math" not in tags(blocks("$x^2$", math="off"))
    assert pandoc_ast.text(blocks("$x^2$", math="off")) == "$x^2$"


def urls(nodes: Any) -> list[tuple[str, str]]:
    return [(pandoc_ast.text(node["c"][1]), node["c"][2][0]) for node in pandoc_ast.query(nodes) if node["t"] == "Link"]


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("见https://a.example/x_y?z=1，更多", "https://a.example/x_y?z=1"),
        ("(see https://a.example/b(c))", "https://a.example/b(c)"),
        ("**https://a.example/q**", "https://a.example/q"),
        ("<https://a.example/>", "https://a.example/"),
        ("https://a.example/?a=1&b=2.", "https://a.example/?a=1&b=2"),
    ],
)
def test_bare_urls(blocks: Callable[..., list[Any]], text: str, url: str) -> None:
    assert urls(blocks(text)) == [(url, url)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Write to ann.lee+x@post.example.", ["ann.lee+x@post.example"]),
        ("信箱：ann@post.example。", ["ann@post.example"]),
        ("`a@b.example` and pkg@1.2.3 and git@host.example:team/x.git", []),
        ("https://ann@host.example/x", ["https://ann@host.example/x"]),
        ("a@b and a@b.example_ and @ann", []),
    ],
)
def test_bare_addresses_of_mail(blocks: Callable[..., list[Any]], text: str, found: list[str]) -> None:
    assert urls(blocks(text)) == [(one, one if "//" in one else f"mailto:{one}") for one in found]


@pytest.mark.parametrize(
    ("text", "dialect", "url"),
    [
        ("[a](/one 'Two')", "commonmark", "/one"),
        ("[a](one two.pdf 'Three')", "auto", "one two.pdf"),
        ("[a](b\\(c\\))", "commonmark", "b(c)"),
        ("[a](one two)", "commonmark", None),
        ("[a](one two.pdf)", "gfm", None),
        ("www.b.example/x?a=1&copy;", "gfm", "http://www.b.example/x?a=1"),
    ],
)
def test_addresses_as_the_specifications_have_them(
    blocks: Callable[..., list[Any]], text: str, dialect: str, url: str | None
) -> None:
    assert [target for _, target in urls(blocks(text, dialect=dialect))] == ([url] if url else [])


def test_www_and_no_link_within_a_link(blocks: Callable[..., list[Any]]) -> None:
    assert urls(blocks("www.a.example x")) == [("www.a.example", "http://www.a.example")]
    assert urls(blocks("[https://a.example](https://b.example)")) == [("https://a.example", "https://b.example")]
    assert urls(blocks("`https://a.example` xhttps://b.example")) == []


def test_metadata_in_mid_text_is_text(blocks: Callable[..., list[Any]]) -> None:
    for dialect in ("auto", "gfm", "commonmark", "commonmark_x", "markdown"):
        made = blocks("one\n\n---\n\ntitle: late\n\n---\n\ntwo", dialect=dialect)
        assert "title: late" in pandoc_ast.text(made), dialect


def test_line_ends(blocks: Callable[..., list[Any]]) -> None:
    assert tags(blocks("作者：甲\n来源：乙")) == ["LineBreak"]
    wrapped = """Prose that an editor has broken at some sixty columns, as is
the habit of many who write in plain text, so that the ends of
the lines mean nothing at all and are but spaces to a reader."""
    assert tags(blocks(wrapped)) == []
    assert tags(blocks("By\nTom", dialect="gfm")) == []


def test_tables_tasks_notes(blocks: Callable[..., list[Any]]) -> None:
    assert "Table" in tags(blocks("|a|b|\n|-|-|\n|1|2|"))
    assert pandoc_ast.text(blocks("- [x] done")).startswith("☒")
    assert "Note" in tags(blocks("a[^1]\n\n[^1]: note"))
    assert "Strikeout" in tags(blocks("~~gone~~"))


def test_definition_lists_and_spans_in_pandocs_dialect(blocks: Callable[..., list[Any]]) -> None:
    assert "DefinitionList" in tags(blocks("term\n:   meaning", dialect="markdown"))
    assert "Span" in tags(blocks("[x]{.y}", dialect="markdown"))
    assert "Quoted" not in tags(blocks('"x"', dialect="markdown"))


NESTED = {
    "quotes": "> " * 5_000 + "x",
    "lists": "- " * 5_000 + "x",
    "indents": "".join("  " * level + "- a\n" for level in range(1_000)),
    "notes": "[^0]\n\n" + "".join(f"[^{n}]: a[^{n + 1}]\n\n" for n in range(500)) + "[^500]: b",
    "emphasis": "*" * 200 + "a" + "*" * 200,
    "own note": "[^1]\n\n[^1]: a\nb [^1]\n",
    "doubling notes": "".join(f"[^{n}]: [^{n + 1}][^{n + 1}]\n\n" for n in range(30)) + "[^30]: b\n\n[^0]",
    "divs": "".join(f"::: x{n}\n\n" for n in range(300)) + ":::\n" * 300,
}
LINEAR = {
    "brackets": "[" * 5_000 + "x" + "]" * 5_000,
    "links": "[a](b)\n" * 20_000,
    "images": "![a](" * 20_000,
    "backticks": " ".join("`" * count for count in range(1, 400)),
    "cells": "|a" * 3_000 + "\n" + "|-" * 3_000,
    "rows": "|a|\n|-|\n" + "|x|\n" * 6_000,
    "angles": "<" * 3_000,
    "superscripts": "x^2^ " * 20_000,
    "highlights": "==a== " * 20_000,
    "comments": "%%a%% " * 20_000,
    "formulas": "\\(x\\) " * 20_000,
    "dollars": "$x$ " * 20_000,
    "carets": "^[" * 20_000,
}


PASSAGES = {
    "emphasis": "*a* ", "strong": "__a__ ", "code": "`a` ", "links": "[a](b) ", "struck": "~~a~~ ", "tags": "<b>a</b> ",
}  # fmt: skip


@pytest.mark.parametrize("dialect", ["auto", "gfm"])
@pytest.mark.parametrize("passage", PASSAGES.values(), ids=PASSAGES)
def test_more_marks_than_a_writer_takes_are_refused_before_they_are_read(
    blocks: Callable[..., list[Any]], passage: str, dialect: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit of a document is seen in the tree of the parser: 5 MB of marks took 10 s of CPU to read, and of tags 19 s."""
    monkeypatch.setattr("service.readers.markdown.limits.MAX_MARKED", 100)
    given = {} if dialect == "auto" else {"dialect": dialect}
    assert blocks("first\n\n" + passage * 100, **given)
    with pytest.raises(TooComplex, match="passages") as caught:
        blocks("first\n\nsecond\n\n" + passage * 102, **given)
    assert caught.value.places[0].line == 5


@pytest.mark.parametrize("bomb", NESTED.values(), ids=NESTED)
def test_what_nests_too_deep_is_refused_with_its_line(blocks: Callable[..., list[Any]], bomb: str) -> None:
    with pytest.raises(TooComplex) as caught:
        blocks("# first\n\n" + bomb)
    assert caught.value.places[0].line is not None
    assert caught.value.places[0].line >= 3


@pytest.mark.parametrize("text", LINEAR.values(), ids=LINEAR)
def test_no_shape_of_text_holds_the_parser(blocks: Callable[..., list[Any]], text: str) -> None:
    assert letters(pandoc_ast.text(blocks(text))) == letters(re.sub(r"\(b\)|\\\\[()]|^\|-.*", "", text)) or "%%" in text


def test_old_html_and_rules_are_no_bombs(blocks: Callable[..., list[Any]]) -> None:
    rows = "<table>" + "<tr><td>a<td>b" * 300 + "</table>"
    assert blocks(f"{'*' * 300}\n\n{rows}\n\n" + "<ul><li>x</ul>\n\n" * 300)


def test_brackets_that_hang_pandocs_dialect(blocks: Callable[..., list[Any]]) -> None:
    bomb = "[" * 12 + "x" + "]" * 12
    assert pandoc_ast.text(blocks(bomb)) == bomb
    with pytest.raises(TooComplex):
        blocks(bomb, dialect="markdown")


def test_long_sane_texts_pass(blocks: Callable[..., list[Any]]) -> None:
    text = "".join(f"- [{number}](https://a.example/{number})\n" for number in range(4_000))
    assert len(urls(blocks(text))) == 4_000
    assert blocks("```\n" + "[" * 500 + "\n" + "> " * 500 + "\n```")


def read(data: bytes, engines: Engines, conversion: Convert, **options: Any) -> Document:
    return markdown.read(Source("a.md", data), conversion("pdf", **options), engines)


@pytest.mark.parametrize("data", [b"", b" \n\t\n", "\u3000\n".encode()])
def test_empty(data: bytes, engines: Engines, conversion: Convert) -> None:
    with pytest.raises(EmptyDocument):
        read(data, engines, conversion)


def test_front_matter_alone_is_a_document(engines: Engines, conversion: Convert) -> None:
    document = read(b"---\ntitle: A\n---\n", engines, conversion)
    assert document.metadata.title == "A"
    assert document.blocks == ()
    assert document.source_front_matter.startswith("---\ntitle: A")


def test_names_of_files_with_blanks_are_addresses(blocks: Callable[..., list[Any]]) -> None:
    text = '![a](my picture (1).png) ![b](图 片.jpg "Words") [c](reading notes.md) [d](see above) `![e](f g.png)`'
    read = list(pandoc_ast.query(blocks(text)))
    assert [node["c"][2][0] for node in read if node["t"] == "Image"] == ["my picture (1).png", "图 片.jpg"]
    assert [node["c"][2][0] for node in read if node["t"] == "Link"] == ["reading notes.md"]
    assert "[d](see above)" in pandoc_ast.text(blocks(text))


def test_too_large(engines: Engines, conversion: Convert) -> None:
    with pytest.raises(TooLarge):
        read(b"a" * (engines.settings.max_text + 1), engines, conversion)


def test_line_of_a_bomb_counts_from_the_upload(engines: Engines, conversion: Convert) -> None:
    with pytest.raises(TooComplex) as caught:
        read(b"---\ntitle: A\n---\n\n" + b"> " * 100, engines, conversion)
    assert caught.value.places[0].line == 5


def letters(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


def test_no_letter_of_a_real_article_is_lost(corpus: list[Path], engines: Engines, conversion: Convert) -> None:
    """Letters of the body outside markup (URLs, HTML, code fences' words, escapes) are in the AST's text, in order."""
    for path in corpus:
        document = markdown.read(Source(path.name, path.read_bytes()), conversion("pdf"), engines)
        source, _ = mojibake.restored(path.read_text(encoding="utf-8").replace("\r\n", "\n"))
        body = source[len(document.source_front_matter) :]
        prose = [line for line in body.split("\n") if not re.search(r"[<\[\]`&\\|]|://|^\s*[-*+:~\d]|^\s{4}", line)]
        text = letters(pandoc_ast.text(document.blocks))
        position = 0
        for line in prose:
            at = text.find(letters(line), position)
            assert at >= 0, f"{path.name}: {line[:60]!r}"
            position = at


@pytest.mark.parametrize(
    "text", ["one\ntwo", "“one”\ntwo", "**a****b**\nc", "5 $ and 6 $\ntwo", "https://h.example/a_b\n\n[c](d e)"]
)
def test_what_pandoc_keeps_is_what_was_read(engines: Engines, conversion: Convert, text: str) -> None:
    """Blocks that no pass changes are not sent again, so what a reader itself changes it must not have kept."""
    read = markdown.blocks_of(text, conversion("docx"), engines)
    written = engines.pandoc.writing_blocks(read, {}, "json", {}, {})()
    assert pandoc_ast.loads(written) == list(read)


def test_lines_of_a_text(engines: Engines, conversion: Convert) -> None:
    with pytest.raises(TooComplex, match="one more than a text may have"):
        markdown.read(Source("a.md", b"a" + b"\n" * 1_000_001), conversion("pdf"), engines)
