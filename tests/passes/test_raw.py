"""Raw HTML becomes AST, or goes and says so; trees before and after."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from service.ast import pandoc_ast
from service.engines import Engines
from service.model.document import Conversion, Document, Metadata, Source
from service.model.errors import TooComplex
from service.passes import raw
from service.readers import markdown

Through = Callable[..., Document]


@pytest.fixture
def through(engines: Engines, conversion: Callable[..., Conversion]) -> Through:
    """`through(markdown)`: the document after the pass, which a second run leaves as it is."""

    def run(text: str, **options: Any) -> Document:
        recipe = conversion("pdf", **options)
        before = Document(Metadata(), tuple(markdown.blocks_of(text, recipe, engines)), Source("a.md", b""))
        after = raw.run(before, recipe)
        assert raw.run(after, recipe) == after
        assert not [node for node in pandoc_ast.query(list(after.blocks)) if node["t"].startswith("Raw")]
        assert pandoc_ast.loads(engines.pandoc.read(pandoc_ast.dumps(after.blocks), "json")[0]) == list(after.blocks)
        return after

    return run


@pytest.mark.parametrize(
    ("text", "shown", "markup"),
    [
        ("Light <?php lamp(); ?> here", "Light here", "<?php>"),
        ("A\n\n<?php\nlamp();\n?>\n\nB", "A B", "<?php>"),
        ('<?xml version="1.0"?>\n\nA', "A", "<?xml>"),
        ("A <canvas>no *lamp*</canvas> B", "A no lamp B", "<canvas>"),
        ("A <canvas id=x width=3></canvas> B", "A B", "<canvas>"),
        ("A <script src=x.js>lamp()</script> B", "A lamp() B", "<script>"),
    ],
)
def test_what_shows_nothing_leaves_no_markup(through: Through, text: str, shown: str, markup: str) -> None:
    document = through(text)
    assert " ".join(pandoc_ast.text(document.blocks).split()) == shown
    assert [(each.code, each.data["markup"]) for each in document.notices] == [("raw-html-dropped", markup)]


def test_a_program_that_nothing_ends_is_shown(through: Through) -> None:
    document = through("A\n\n<?php lamp();\n\nThe rest of the text.")
    assert "The rest of the text." in outline(document.blocks) and not document.notices


def outline(nodes: Any) -> str:
    """The tree in short: `Para(Strong(a) b)`."""
    parts = []
    for node in nodes:
        tag, content = node["t"], node.get("c")
        if tag == "Str":
            parts.append(content)
        elif tag in pandoc_ast.BREAKS:
            parts.append({"Space": "_", "SoftBreak": "~", "LineBreak": "/"}[tag])
        elif tag in ("Code", "CodeBlock", "Math"):
            parts.append(f"{tag}({content[1]})")
        else:
            parts.append(f"{tag}({outline(children(content))})")
    return "".join(parts)


def children(content: Any) -> list[Any]:
    if isinstance(content, dict):
        return [content] if "t" in content and content["t"] not in pandoc_ast.ENUMERATIONS else []
    if isinstance(content, list):
        return [child for part in content for child in children(part)]
    return []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a <b>b *c*</b> d", "Para(a_Strong(b_Emph(c))_d)"),
        ("<strong>甲</strong>乙<i>丙</i>", "Para(Strong(甲)乙Emph(丙))"),
        ("x<sup>2</sup> H<sub>2</sub>O <u>u</u> <s>s</s> <del>d</del>",
         "Para(xSuperscript(2)_HSubscript(2)O_Underline(u)_Strikeout(s)_Strikeout(d))"),
        ("a<br>b<br/>c", "Para(a/b/c)"),
        ("<kbd>Ctrl</kbd> <code>a *b*</code>", "Para(Code(Ctrl)_Code(a_b))".replace("a_b", "a b")),
        ("<q>a</q>", "Para(Quoted(a))"),
        ("<span>a</span> <font color='red'>b</font>", "Para(a_b)"),
        ('<mark>a</mark> <span lang="ja">b</span>', "Para(Span(a)_Span(b))"),
        ('<a href="https://a.example">a <b>b</b></a>', "Para(Link(a_Strong(b)))"),
        ('<a href="https://a.example">https://a.example</a>', "Para(Link(https://a.example))"),
        ('<a id="x"></a>a', "Para(Span()a)"),
        ('<a id="x"/>a', "Para(Span()a)"),
        ('<img src="a.png" alt="A b" onerror="x()">', "Para(Image(A_b))"),
        ("a <!-- hidden --> b", "Para(a__b)"),
        ("<ruby>漢<rt>かん</rt></ruby>", "Para(Span(漢Span(()Span(かん)Span())))"),
        ("- a <b>b</b>\n- c", "BulletList(Plain(a_Strong(b))Plain(c))"),
        ("# a <i>b</i>", "Header(a_Emph(b))"),
        ("a<span hidden> b</span><b class=sr-only> c *d*</b>", "Para(a)"),
        ("*a <b>b</b>*", "Para(Emph(a_Strong(b)))"),
        ("<b>a *b</b> c*", "Para(a_Emph(b_c))"),
    ],
)  # fmt: skip
def test_inline(through: Through, text: str, expected: str) -> None:
    assert outline(through(text).blocks) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<div>\n\na *b*\n\n</div>", "Para(a_Emph(b))"),
        ('<div style="display:none">\n\na *b*\n\n- c\n\n</div>\n\nd', "Para(d)"),
        ('<div class="note" onclick="x()">\n\na\n\n</div>', "Div(Para(a))"),
        ("<p>a</p><p>b <b>c</b></p>", "Para(a)Para(b_Strong(c))"),
        ("<h2>a</h2>\n<hr>", "Header(a)HorizontalRule()"),
        ("<ul><li>a<li>b<ol start=3><li>c</ol></ul>", "BulletList(Plain(a)Plain(b)OrderedList(Plain(c)))"),
        ("<dl><dt>t<dd>d</dl>", "DefinitionList(tPara(d))"),
        ('<pre><code class="language-py">a\n  b\n</code></pre>', "CodeBlock(a\n  b)"),
        ("<blockquote>\n\na\n\n</blockquote>", "BlockQuote(Para(a))"),
        ("<details>\n<summary>s</summary>\n\na\n\n</details>", "Div(Para(Strong(s))Para(a))"),
        ('<figure><img src="a.png"><figcaption>c</figcaption></figure>', "Figure(Para(c)Plain(Image()))"),
        ("<center>a</center>", "Div(Para(a))"),
        ("<p>a\n\n- b\n\n</p>", "Para(a)BulletList(Plain(b))"),
        ("a <ul><li>b</li></ul> c", "Para(a)BulletList(Plain(b))Para(c)"),
        ("<!-- x -->", ""),
        ("<div></div>", ""),
        ("<?php echo 1;\n\nb", "CodeBlock(<?php echo 1;\n\nb)"),
        ("<!DOCTYPE html>\n<html><body><p>a</p></body></html>", "Para(a)"),
        ("</div>\n\na", "Para(a)"),
        ("<b>a\n\nb", "Para(<b>a)Para(b)"),
        ("<b>a\n\nb</b>", "Para(a)Para(b)"),
    ],
)
def test_block(through: Through, text: str, expected: str) -> None:
    assert outline(through(text).blocks) == expected


DRAWING = '<svg width="20" height="10" viewBox="0 0 20 10"><path d="M0 0h20v10z"/><text>Hi</text></svg>'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The class<wbr> x is org.<wbr>example. More.", "Para(The_class_x_is_org.example._More.)"),
        ("a <textarea>some *marked*\ntext</textarea> b", "Para(a_some_marked/text_b)"),
        ("a <math><mfrac><mi>x</mi><mi>y</mi></mfrac></math> b", "Para(a_Math(\\frac{x}{y})_b)"),
        (f"a {DRAWING} b", "Para(a_Image(Hi)_b)"),
        (DRAWING.replace("><", ">\n\n    <"), "Para(Image(Hi))"),
        ("<embed src='a.pdf'>\n\nAfter.\n\n## b", "Para(Link(a.pdf))Para(After.)Header(b)"),
        ('<h1 align="center">a</h1>', "Header(a)"),
        ('<div align="center">\n\n# a\n\nb *c*\n\n</div>', "Header(a)Div(Para(b_Emph(c)))"),
        ('<p align="right">\n\nb\n\n</p>', "Div(Para(b))"),
        ("<table>\n<tr><td>a\n\nb", "Table(Plain(a))Para(b)"),
        ("<ul>\n<li>a\n\nb", "BulletList(Plain(a))Para(b)"),
        ("<div id=x>\n\na\n\nb", "Div()Para(a)Para(b)"),
        ("<div>\n<div>\n\na\n\n    </div>\n</div>\n\nb", "Para(a)Para(b)"),
        ('<a href="x">\n\n![p](y.png)\n\n</a>', "Para(Link(Image(p)))"),
        ("<template>a</template>\n\nb", "Para(b)"),
        ("<plaintext>a</plaintext>\n\nb *c*", "CodeBlock(a)Para(b_Emph(c))"),
        ("<noscript><img src=a.png></noscript>", "Para(Image())"),
    ],
)
def test_fragments_of_an_element_find_each_other(through: Through, text: str, expected: str) -> None:
    assert outline(through(text).blocks) == expected


def table(document: Document) -> Any:
    return next(node for node in pandoc_ast.query(list(document.blocks)) if node["t"] == "Table")["c"]


def shape(rows: Any) -> list[list[tuple[str, int, int]]]:
    return [[(pandoc_ast.text(cell[4]), cell[2], cell[3]) for cell in cells] for _, cells in rows]


def test_table(through: Through) -> None:
    made = table(through(
        "<table><caption>t</caption><thead><tr><th>a<th align=right>b</thead>\n<tbody><tr><td rowspan=2>1<td>2<tr><td>3</tbody>"
        "<tfoot><tr><td colspan=2>f</tfoot></table>"
    ))  # fmt: skip
    assert pandoc_ast.text(made[1]) == "t"
    assert len(made[2]) == 2
    assert shape(made[3][1]) == [[("a", 1, 1), ("b", 1, 1)]]
    assert made[3][1][0][1][1][1] == {"t": "AlignRight"}
    assert shape(made[4][0][3]) == [[("1", 2, 1), ("2", 1, 1)], [("3", 1, 1)]]
    assert shape(made[5][1]) == [[("f", 1, 2)]]


def test_table_with_markdown_in_its_cells(through: Through) -> None:
    made = table(through("<table>\n<tr>\n<td>\n\n*a*\n\n</td>\n<td>\n\n- b\n\n</td>\n</tr>\n</table>"))
    assert outline(made[4][0][3][0][1][0][4]) == "Plain(Emph(a))"
    assert outline(made[4][0][3][0][1][1][4]) == "BulletList(Plain(b))"


def test_spans_beyond_the_grid(through: Through) -> None:
    made = table(through('<table><tr><td colspan="1000000" rowspan="99">a</td></tr><tr><td>b</td></tr></table>'))
    assert len(made[2]) <= 64
    assert "b" in pandoc_ast.text(made)


@pytest.mark.parametrize(
    ("text", "seen", "codes"),
    [
        ("copy to <target volume> now", "copy to <target volume> now", []),
        ("#include <iostream> done", "#include <iostream> done", []),
        ("the <section> and <script> elements", "the <section> and <script> elements", []),
        ("say <script>alert(1)</script> twice", "say <script>alert(1)</script> twice", []),
        ("<script>alert(1)</script>\n\na", "a", ["raw-html-dropped"]),
        ("<style>p{}</style>\n\na", "a", ["raw-html-dropped"]),
        ("a</b> b", "a b", ["raw-html-dropped"]),
        ("<iframe src='https://v.example/1' title='Film'></iframe>", "Film", ["raw-html-dropped"]),
        ("<video controls><source src='https://v.example/1.mp4'></video>", "https://v.example/1.mp4", ["raw-html-dropped"]),
        ("a <!-- x --> b", "a  b", ["comment-removed"]),
        ("<x-node n=0></x-node>a <b>b</b>", "a b", ["raw-html-dropped"]),
        ("<div>\n<x-node n=0></x-node>\n</div>\n\na", "a", ["raw-html-dropped"]),
        ("<my-card>a</my-card> b", "a b", ["raw-html-dropped"]),
        ("a <my-card> b", "a <my-card> b", []),
        ("<script>never closed\n\n# all the rest", "<script>never closed\n\n# all the rest", []),
    ],
)
def test_what_is_seen_and_reported(through: Through, text: str, seen: str, codes: list[str]) -> None:
    document = through(text)
    assert pandoc_ast.text(list(document.blocks)).strip("\n").replace("\n\n\n", "") == seen or pandoc_ast.text(
        list(document.blocks)
    ).replace("\n", "") == seen.replace("\n", "")
    assert [one.code for one in document.notices] == codes


def test_what_was_removed_is_in_the_notice(through: Through) -> None:
    (reported,) = through("<script>alert(1)</script>").notices
    assert reported.data["removed"] == "alert(1)"


def test_attributes_that_may_stay(through: Through) -> None:
    document = through(
        '<div id="x" class="a b" style="color:red" onclick="x()" lang="ja" dir="rtl" data-x="1">\n\na\n\n</div>\n\n'
        '[s]{#i .c onclick="x()" style="y" width=3}',
        dialect="commonmark_x",
    )
    found = [node["c"][0] for node in pandoc_ast.query(list(document.blocks)) if node["t"] in ("Div", "Span")]
    assert found == [["x", ["a", "b"], [["lang", "ja"], ["dir", "rtl"]]], ["i", ["c"], [["width", "3"]]]]


def test_other_raw_formats_go(conversion: Callable[..., Conversion]) -> None:
    blocks = (
        {"t": "RawBlock", "c": ["latex", "\\input{/etc/passwd}"]},
        pandoc_ast.para([{"t": "RawInline", "c": ["openxml", "<w:r/>"]}]),
    )
    document = raw.run(Document(Metadata(), blocks, Source("a", b"")), conversion("pdf"))
    assert document.blocks == ()
    assert [one.data["markup"] for one in document.notices] == ["raw latex", "raw openxml"]


@pytest.mark.parametrize("bomb", ["<div>" * 20_000, "<ul><li>" * 400 + "x", "<table><tr><td>" * 300])
def test_depth(through: Through, bomb: str) -> None:
    with pytest.raises(TooComplex):
        through(bomb)
