"""Each construct in each spelling, from the text to the AST; and prose that has the same marks and means none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from service.ast import callouts, pandoc_ast
from service.engines import Engines
from service.model.document import Conversion, Document, Source
from service.passes import figures
from service.readers import READERS

Read = Callable[..., Document]


@pytest.fixture
def read(engines: Engines, conversion: Callable[..., Conversion]) -> Read:
    def reading(text: str, **options: Any) -> Document:
        return READERS["markdown"].read(Source("a.md", text.encode()), conversion("pdf", **options), engines)

    return reading


def shown(document: Document) -> str:
    blocks = pandoc_ast.walk(list(document.blocks), lambda _: None, {"RawInline", "RawBlock"})
    return " ".join(pandoc_ast.text(blocks).split())


def nodes(document: Document, tag: str) -> list[Any]:
    return list(pandoc_ast.query(document.blocks, {tag}))


CALLOUTS = {
    "GitHub": "> [!WARNING]\n> Mind the *step*.",
    "Obsidian, folded and titled": "> [!warning]- Stairs\n> Mind the *step*.",
    "container": "::: warning Stairs\nMind the *step*.\n:::",
    "container with a label": ":::warning[Stairs]\nMind the *step*.\n:::",
    "pandoc": '::: {.warning title="Stairs"}\nMind the *step*.\n:::',
    "Quarto": "::: {.callout-warning}\n## Stairs\n\nMind the *step*.\n:::",
    "MkDocs": '!!! warning "Stairs"\n    Mind the *step*.',
    "MkDocs, folded": '???+ warning "Stairs"\n\n    Mind the *step*.',
    "MyST": "```{warning} Stairs\nMind the *step*.\n```",
    "MyST, of a class": "```{admonition} Stairs\n:class: warning\n\nMind the *step*.\n```",
    "AsciiDoc": "[WARNING]\n====\nMind the *step*.\n====",
    "Hugo": '{{% alert color="warning" title="Stairs" %}}\nMind the *step*.\n{{% /alert %}}',
    "GitBook": '{% hint style="warning" %}\nMind the *step*.\n{% endhint %}',
    "Markdoc": '{% callout type="warning" title="Stairs" %}\nMind the *step*.\n{% /callout %}',
    "component": '<Admonition type="warning" title="Stairs">\n\n  Mind the *step*.\n\n</Admonition>',
    "component of that name": "<Warning>\nMind the *step*.\n</Warning>",
    "kramdown": "> Mind the *step*.\n{: .prompt-warning }",
    "kramdown above": "{: .warning }\nMind the *step*.",
}


@pytest.mark.parametrize("text", CALLOUTS.values(), ids=CALLOUTS.keys())
def test_a_callout_has_one_shape(read: Read, text: str) -> None:
    block = read(f"Before.\n\n{text}\n\nAfter.").blocks[1]
    if block["t"] == "BlockQuote":
        block = block["c"][0]
    found = callouts.of(block, "en")
    assert found is not None
    assert found.kind == "warning"
    assert pandoc_ast.text(found.title) in {"Warning", "Stairs"}
    assert pandoc_ast.text(found.blocks).strip() == "Mind the step."
    assert [node["t"] for node in pandoc_ast.query(found.blocks, {"Emph"})] == ["Emph"]


def test_a_callout_has_links_and_notes_that_are_defined_outside(read: Read) -> None:
    document = read('!!! tip "One"\n    See [it][x].[^n]\n\nText.\n\n[x]: https://h.example/x\n[^n]: The note.\n')
    assert nodes(document, "Link")[0]["c"][2][0] == "https://h.example/x"
    assert pandoc_ast.text(nodes(document, "Note")[0]["c"]).strip() == "The note."
    assert shown(document).count("The note.") == 1


SECRETS = [
    "Open. %%secret%% End.",
    "Open.\n\n%%\nsecret\n\nsecret too\n%%\n\nEnd.",
    "Open.\n\n[//]: # (secret)\n[//]: # (secret (again))\n\nEnd.",
    "Open.\n\n[comment]: <> (secret)\n\nEnd.",
    '[//]: # "secret"\n\nOpen.\n\nEnd.',
    "Open. {/* secret */}\n\nEnd.",
    "Open.\n\n{% comment %}\nsecret\n{% endcomment %}\n\nEnd.",
]


@pytest.mark.parametrize("text", SECRETS)
def test_a_comment_is_in_no_output(read: Read, text: str) -> None:
    assert shown(read(text)) == "Open. End."


BREAKS = [
    "\\newpage", "\\pagebreak", "\\clearpage{}", "<!-- pagebreak -->", "{{< pagebreak >}}", '<div class="page-break"></div>',
    '<div style="page-break-after: always;"></div>', '<p style="break-before: page">&nbsp;</p>', "\f", "<pagebreak />",
    "```{=latex}\n\\newpage\n```", '```{=openxml}\n<w:p><w:r><w:br w:type="page"/></w:r></w:p>\n```', "::: page-break\n:::",
]  # fmt: skip


@pytest.mark.parametrize("mark", BREAKS)
def test_a_page_break_has_one_shape(read: Read, mark: str) -> None:
    blocks = list(read(f"One.\n\n{mark}\n\nTwo.").blocks)
    assert [block["t"] for block in blocks] == ["Para", "Div", "Para"]
    assert blocks[1]["c"] == [["", ["page-break"], []], []]


@pytest.mark.parametrize(
    "mark", ["[TOC]", "[[toc]]", "[[_TOC_]]", "{:toc}", "* Contents\n{:toc}", "{{TOC}}", "\\tableofcontents"]
)
def test_the_place_of_contents_is_no_text(read: Read, mark: str) -> None:
    document = read(f"One.\n\n{mark}\n\n## Two")
    assert shown(document) == "One. Two"
    assert [(each.code, each.line) for each in document.notices] == [("site-code-removed", 3)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[Dunes]] and [[Dunes|sand]]", "Dunes and sand"),
        ("[[Dunes#Part]]", "Dunes > Part"),
        ("Words. ^a1b2c3", "Words."),
        ("| a |\n|---|\n| b |\n^tab-1", "a b"),
        ("[Words]{.smallcaps}", "Words"),
        ("*Words*{: .red} more", "Words more"),
        ("\u200b## Words", "Words"),
        ("See [x]({{ site.baseurl }}/y) {{ page.title }}now", "See x now"),
        ('See [x]({{< ref "y.md" >}})', "See x"),
        ("{% raw %}{{ x }}{% endraw %}", "{{ x }}"),
        ("A <Tooltip>word</Tooltip>.\n\n<Note>\nx\n</Note>", "A word. Note x"),
    ],
)
def test_markup_goes_and_words_stay(read: Read, text: str, words: str) -> None:
    assert shown(read(text)) == words


PROSE = [
    "重量 1~3 公斤，5~8 公斤", "C++和C++", "a==b 且 c==d", "^_^ 和 x^2", "100%% sure and 200%% more", "{{7*7}} and {{ message }}",
    "{% for x in a.b() %}", "import duties rose from 'low' levels", "export of goods", "Host: 192.0.2.1",
    "NOTE: read this", "::: x", "a {b|c} d", "Words ^12", "Use [TOC] here", "{#id} text", "[a] {.b}", "=== equal ===",
    "2 ^ 3 ^ 4",
]  # fmt: skip


@pytest.mark.parametrize("text", PROSE)
def test_prose_stays_letter_for_letter(read: Read, text: str) -> None:
    assert shown(read(text)).replace("“", '"') == text


@pytest.mark.parametrize(
    "code",
    [
        "{{< figure >}}", "%%a%%", "[TOC]", "\\newpage", "<Tabs>", "{% if %}", "{/* a */}", "import a from 'b'", "x ^abc123",
        "[//]: # (a)", "{: .note }", "!!! note", "*[A]: B",
    ],
)  # fmt: skip
def test_code_stays_letter_for_letter(read: Read, code: str) -> None:
    for text in (f"```\n{code}\n```", f"`{code}`", f"> ```\n> {code}\n> ```", f"- x\n\n      {code}"):
        document = read(text)
        found = [node["c"][1] for tag in ("Code", "CodeBlock") for node in nodes(document, tag)]
        assert found == [code]
        assert not document.notices


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("![a](p.png){width=50%}", [["width", "50%"]]),
        ('![a](p.png){: width="300" }', [["width", "300"]]),
        ("![a](p.png =300x200)", [["width", "300"], ["height", "200"]]),
        ("![a|300](p.png)", [["width", "300"]]),
        ("![[p.png|300x200]]", [["width", "300"], ["height", "200"]]),
        ("![a](p.png)\n{: width=300 }", [["width", "300"]]),
    ],
)
def test_the_size_of_a_picture(read: Read, text: str, pairs: list[list[str]]) -> None:
    (image,) = nodes(read(text), "Image")
    assert image["c"][0][2] == pairs
    assert image["c"][2][0] == "p.png"


@pytest.mark.parametrize(
    "text",
    [
        '![Alt](p.png "The harbour")',
        '{{< figure src="p.png" alt="Alt" caption="The harbour" >}}',
        "![The harbour](p.png){#fig:a}",
        "```{figure} p.png\n:alt: Alt\n\nThe harbour\n```",
    ],
)
def test_a_figure_has_its_caption(read: Read, conversion: Callable[..., Conversion], text: str) -> None:
    (figure,) = nodes(figures.run(read(text), conversion("pdf")), "Figure")
    assert pandoc_ast.text(figure["c"][1][1]).strip() == "The harbour"


@pytest.mark.parametrize("title", ["p.png", "2024", "null", "Ann"])
def test_the_title_that_a_program_wrote_is_no_caption(read: Read, conversion: Callable[..., Conversion], title: str) -> None:
    assert not nodes(figures.run(read(f'![Alt](p.png "{title}")'), conversion("pdf")), "Figure")


@pytest.mark.parametrize(
    ("info", "language", "title"),
    [
        ("js:src/a.js", "js", "src/a.js"), ('ts title="a b.ts" {1,3}', "ts", "a b.ts"), ("{.python file=a.py}", "python", "a.py"),
        ("rust,ignore", "rust", ""), ("{python}", "python", ""), ('{r, fig.cap="x"}', "r", ""), ("go", "go", ""),
    ],
)  # fmt: skip
def test_what_stands_behind_a_fence(read: Read, info: str, language: str, title: str) -> None:
    (code,) = nodes(read(f"```{info}\nx\n```"), "CodeBlock")
    assert code["c"][0][1] == [language]
    assert dict(code["c"][0][2]).get("title", "") == title


@pytest.mark.parametrize("text", ["```{r setup, include=FALSE}\nx\n```", "```{python}\n#| echo: false\nx\n```"])
def test_a_chunk_that_its_author_hides(read: Read, text: str) -> None:
    document = read(f"One.\n\n{text}")
    assert shown(document) == "One."
    assert [(each.code, each.line) for each in document.notices] == [("site-code-removed", 3)]


def test_ruby_and_abbreviations(read: Read) -> None:
    document = read("{漢字|かんじ} by WHO\n\n*[WHO]: World Health Organization")
    assert [node["c"][1] for node in nodes(document, "RawInline")] == ["<ruby>", "<rt>", "</rt>", "</ruby>"]
    assert [node["c"][0] for node in nodes(document, "Span")] == [["", ["abbr"], [["title", "World Health Organization"]]]]


def test_one_notice_for_each_kind_names_the_lines_of_the_upload(read: Read) -> None:
    text = "---\ntitle: A\n---\n\nimport A from 'a';\n\n<A b={1} />\n\nText.\n\n{{< unknown >}}\n\n{{< other >}}\n\n![[page]]\n"
    notices = [(each.code, each.data.get("kind"), each.data.get("lines")) for each in read(text).notices]
    assert notices == [
        ("site-code-removed", "import", [5]),
        ("site-code-unknown", "component", [7]),
        ("site-code-unknown", "shortcode", [11, 13]),
        ("include-ignored", "embedded file", [15]),
    ]


@pytest.mark.parametrize(
    "unit", ["{{< a >}}", "{% a %}", "<Note>\n", "{/*", "{: .a}\n", "!!! a\n    ", '=== "a"\n    ', "[a]{.b} ", "{"]
)
def test_many_marks_take_no_time(read: Read, unit: str) -> None:
    try:
        read("import a from 'b'\n\n" + unit * 5_000)
    except Exception as error:
        assert type(error).__name__ == "TooComplex"


@pytest.mark.parametrize(
    ("dialect", "text", "words"),
    [
        ("obsidian", "x ==y== {{< z >}}", "x y {{< z >}}"),
        ("mkdocs", "%%x%% [[y]]", "%%x%% [[y]]"),
        ("docusaurus", "==x== <Widget />", "==x=="),
        ("chat", "a++b++ {{< z >}} [x]{.y}", "a++b++ {{< z >}} [x]{.y}"),
        ("gfm", "{{< z >}} %%x%%", "{{< z >}} %%x%%"),
    ],
)
def test_a_preset_reads_its_own_spellings(read: Read, dialect: str, text: str, words: str) -> None:
    assert shown(read(text, dialect=dialect)) == words


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("| One *two*\n| three\n|\n| four", ["One two", "three", "", "four"]),
        ("> | One\n> | two", ["One", "two"]),
        ("| One\n|   *two*\n|     three", ["One", "\u00a0\u00a0two", "\u00a0\u00a0\u00a0\u00a0three"]),
        ("> | One\n> |   two", ["One", "\u00a0\u00a0two"]),
        ("| a | b |\n| c | d |", None),
        ("| one line", None),
        ("|one\n|two", None),
    ],
)
def test_line_blocks(read: Read, text: str, lines: list[str] | None) -> None:
    found = nodes(read(text), "LineBlock")
    assert [[pandoc_ast.text(line) for line in node["c"]] for node in found] == ([lines] if lines else [])


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("Low %%a remark%% tide.", "comment-removed", (5, 5)),
        ("Low 潮 %%a remark%% tide.", "comment-removed", (5, 7)),
        ("First.\n\n  {{< unheard >}}", "site-code-unknown", (7, 3)),
        ("First.\n\nSecond ![[other]] and ![[more]].", "include-ignored", (7, 8)),
        ("First.\n\nA long way to [the end](https://shore.exam", "text-cut-off", (7, 15)),
    ],
)
def test_a_notice_has_line_and_column_of_the_upload(read: Read, text: str, code: str, place: tuple[int, int]) -> None:
    document = read(f"---\ntitle: Tides\n---\n\n{text}\n")
    assert [(each.line, each.column) for each in document.notices if each.code == code] == [place]
