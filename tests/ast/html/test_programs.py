"""Spellings of single programs: callouts, lists, boxes, formulas, code, page breaks, emphasis by style."""

from __future__ import annotations

from typing import Any

import pytest

from service.ast import callouts
from service.ast.html import Converter, emphasis, tree
from service.ast.pandoc_ast import query, text


def blocks(markup: str) -> list[Any]:
    return Converter().blocks(markup)


def shown(markup: str) -> str:
    return " ".join(text(blocks(markup)).split())


@pytest.mark.parametrize(
    ("markup", "kind", "title"),
    [
        ('<div class="admonition tip"><p class="admonition-title">Oil</p><p>Dry wicks.</p></div>', "tip", "Oil"),
        (
            '<div class="theme-admonition theme-admonition-danger x alert alert--danger"><div class="admonitionHeading_Gvgb">'
            '<span class="admonitionIcon_R"><svg><path d="M0"/></svg></span>Oil</div><div class="c"><p>Dry '
            'wicks.</p></div></div>',
            "danger", "Oil",
        ),
        ('<div class="markdown-alert markdown-alert-note"><p class="markdown-alert-title">Oil</p><p>Dry wicks.</p>'
        '</div>', "note", "Oil"),
        (
            '<div class="confluence-information-macro confluence-information-macro-information"><p class="title">Oil</p>'
            '<span class="aui-icon"></span><div class="confluence-information-macro-body"><p>Dry wicks.</p></div></div>',
            "info", "Oil",
        ),
        (
            '<div class="callout callout-style-default callout-warning callout-titled"><div class="callout-header"><div '
            'class="callout-icon-container"><i class="callout-icon"></i></div><div class="callout-title-container">'
            'Oil</div></div>'
            '<div class="callout-body"><p>Dry wicks.</p></div></div>',
            "warning", "Oil",
        ),
        ('<div class="custom-block tip"><p class="custom-block-title">Oil</p><p>Dry wicks.</p></div>', "tip", "Oil"),
        ('<div class="alert alert-info"><h4 class="alert-heading">Oil</h4>Dry wicks.</div>', "info", "Oil"),
        (
            '<div data-callout="bug" class="callout"><div class="callout-title"><div class="callout-icon"></div><div '
            'class="callout-title-inner">Oil</div></div><div class="callout-content"><p>Dry wicks.</p></div></div>',
            "bug", "Oil",
        ),
        (
            '<div class="admonitionblock note"><table><tr><td class="icon"><i title="Note"></i></td><td class="content">'
            "<p>Dry wicks.</p></td></tr></table></div>",
            "note", "Note",
        ),
        ('<aside class="starlight-aside starlight-aside--caution"><p>Dry wicks.</p></aside>', "caution", "Caution"),
    ],
)  # fmt: skip
def test_callout(markup: str, kind: str, title: str) -> None:
    (block,) = blocks(markup)
    found = callouts.of(block, "en")
    assert found is not None
    assert (found.kind, text(found.title), text(found.blocks).strip()) == (kind, title, "Dry wicks.")


@pytest.mark.parametrize(
    "markup", ['<div class="alert">a</div>', '<div class="notice-board">a</div>', '<p class="callout">a</p>']
)
def test_no_callout(markup: str) -> None:
    assert "callout" not in str(blocks(markup)[0]["c"][0])


MARK = (
    "<![if !supportLists]><span style='font-family:Symbol'><span style='mso-list:Ignore'>{}<span>&nbsp; </span>"
    "</span></span><![endif]>"
)


def word(label: str, level: int, words: str) -> str:
    style = f"text-indent:-18.0pt;mso-list:l0 level{level} lfo1"
    return f'<p class=MsoListParagraphCxSpMiddle style="{style}">{MARK.format(label)}{words}</p>\n'


def test_lists_of_word() -> None:
    page = word("·", 1, "oil") + word("o", 2, "whale") + word("·", 1, "tar") + word("3.", 1, "wick") + word("4.", 1, "wax")
    bullets, numbers = blocks(f"<div><p>a</p>{page}<p>b</p></div>")[1:3]
    assert (bullets["t"], len(bullets["c"]), numbers["t"], numbers["c"][0][0]) == ("BulletList", 2, "OrderedList", 3)
    assert bullets["c"][0][1]["t"] == "BulletList"
    assert "·" not in text([bullets]) and "3" not in text([numbers])


def test_lists_of_filtered_word_have_their_level_from_the_margin() -> None:
    mark = "<span style='font-family:Symbol'>·<span>&nbsp;</span></span>"
    page = (
        f'<p class=MsoListParagraph style="margin-left:36pt">{mark}oil</p><p class=MsoListParagraph '
        f'style="margin-left:72pt">{mark}tar</p>'
    )
    (found,) = blocks(page)
    assert [block["t"] for block in found["c"][0]] == ["Plain", "BulletList"]


def test_lists_of_google_docs_are_nested_by_their_names() -> None:
    page = '<ul class="lst-kix_a-0"><li>oil</ul><ul class="c1 lst-kix_a-1"><li>whale</ul><ul class="lst-kix_a-0"><li>tar</ul>'
    (found,) = blocks(page)
    assert len(found["c"]) == 2 and found["c"][0][1]["t"] == "BulletList"


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ('<ul><li><div class="checkbox checkbox-on"></div> <span>oil</span></li></ul>', "☒ oil"),
        ('<ul><li><div class="checkbox checkbox-off"></div> <span>oil</span></li></ul>', "☐ oil"),
        ('<ul class="inline-task-list"><li class="checked">oil</li><li>tar</li></ul>', "☒ oil ☐ tar"),
        ('<en-note><en-todo checked="true"/>oil<br/></en-note>', "☒ oil"),
        (
            "<p>Load <meter value=3 min=1 max=5></meter>, <progress value=2 max=8></progress>, <meter value=1>one</meter>",
            "Load 50%, 25%, one",
        ),
        ("<p><meter></meter><progress value=nan></progress>end", "end"),
        ("<form>Name<input value=Ann><select><option>Oil</select><button>Go</button></form>", "Name Ann Oil Go"),
        ("<p>(<input value=5>), <input type=checkbox>yes", "(5), ☐ yes"),
    ],
)
def test_fields_and_boxes(markup: str, words: str) -> None:
    assert shown(markup) == words


TEX = r"\rho V"
MATHML = f'<math><semantics><mi>V</mi><annotation encoding="application/x-tex">{TEX}</annotation></semantics></math>'


@pytest.mark.parametrize(
    ("markup", "display"),
    [
        (f'<span class="mwe-math-element"><span style="display: none">{MATHML}</span><img src="a.svg" alt="{TEX}">'
        f'</span>', False),
        (f'<span class="katex"><span class="katex-mathml">{MATHML}</span><span class="katex-html" '
        f'aria-hidden="true">ρV</span></span>', False),
        (f'<span class="katex-display"><span class="katex">{MATHML}<span aria-hidden="true">ρV</span></span></span>', True),
        (f'<mjx-container><svg><g></g></svg><mjx-assistive-mml>{MATHML}</mjx-assistive-mml></mjx-container>', False),
        (f'<span class="MathJax_Preview"></span><span class="MathJax">ρV</span><script type="math/tex">{TEX}</script>', False),
        (f'<script type="math/tex; mode=display">{TEX}</script>', True),
        (f'<math-renderer class="js-inline-math">${TEX}$</math-renderer>', False),
        (f'<span class="math inline">\\({TEX}\\)</span>', False),
        (f'<div class="math notranslate">\\[{TEX}\\]</div>', True),
        (f'<div class="arithmatex">$${TEX}$$</div>', True),
    ],
)  # fmt: skip
def test_formula(markup: str, display: bool) -> None:
    made = blocks(f"<p>a</p>{markup}<p>b</p>")
    (found,) = query(made, {"Math"})
    assert (found["c"][0]["t"] == "DisplayMath", found["c"][1]) == (display, TEX)
    assert "".join(text(made).split()) == "a" + "".join(TEX.split()) + "b"


@pytest.mark.parametrize(
    ("markup", "language"),
    [
        ('<div class="highlight-python notranslate"><div class="highlight"><pre>x</pre></div></div>', "python"),
        (
            '<div class="language-ruby highlighter-rouge"><div class="highlight"><pre class="highlight"><code>'
            "x</code></pre></div></div>",
            "ruby",
        ),
        ('<div class="highlight highlight-source-shell"><pre>x</pre></div>', "shell"),
        (
            '<div class="sourceCode"><pre class="sourceCode haskell"><code class="sourceCode haskell">x</code></pre></div>',
            "haskell",
        ),
        ('<pre><code class="hljs javascript">x</code></pre>', "javascript"),
        ('<pre class="chroma"><code data-lang="go">x</code></pre>', "go"),
        ('<pre data-syntaxhighlighter-params="brush: java; gutter: false">x</pre>', "java"),
        ('<pre lang="mermaid">x</pre>', "mermaid"),
        ('<pre class="mermaid">x</pre>', "mermaid"),
        ('<div class="mermaid">x</div>', "mermaid"),
        ('<pre lang="en">x</pre>', ""),
        ('<pre class="hljs"><code class="hljs">x</code></pre>', ""),
    ],
)
def test_language_of_code(markup: str, language: str) -> None:
    (found,) = query(blocks(markup), {"CodeBlock"})
    assert (found["c"][0][1], found["c"][1]) == ([language] if language else [], "x")


def test_numbers_next_to_code_are_numbered_lines() -> None:
    cells = (
        '<td class="lntd"><pre><code>7\n8\n</code></pre></td><td class="lntd"><pre><code data-lang="go">a\nb</code></pre></td>'
    )
    (found,) = query(blocks(f'<table class="lntable"><tr>{cells}</tr></table>'), {"CodeBlock"})
    assert found["c"] == [["", ["go", "numberLines"], [["startFrom", "7"]]], "a\nb"]


def test_table_of_numbers_and_code_with_other_words_stays() -> None:
    assert blocks("<table><tr><td>7</td><td>see <pre>a</pre></td></tr></table>")[0]["t"] == "Table"


@pytest.mark.parametrize(
    "mark", ["<br clear=all style='page-break-before:always'>", "<hr style='page-break-before:always;display:none;'>"]
)
def test_page_break(mark: str) -> None:
    made = blocks(f"<p>a</p><span>{mark}</span><p>b</p>")
    assert [each["c"][0][1] for each in made if each["t"] == "Div"] == [["page-break"]]


@pytest.mark.parametrize(
    ("markup", "tags"),
    [
        ('<p><span style="font-weight: 700">a</span>', ["Strong"]),
        ('<p><span style="FONT-STYLE:italic;font-weight:bold">a</span>', ["Emph", "Strong"]),
        ('<p><span style="text-decoration: underline line-through">a</span>', ["Strikeout", "Underline"]),
        ('<p><span style="vertical-align:super">a</span>', ["Superscript"]),
        ('<p><span style="font-variant: small-caps">a</span>', ["SmallCaps"]),
        ('<p style="font-weight:bold"><b>a</b> b', ["Strong"]),
        ('<p><b style="font-weight:normal">a</b>', []),
        ('<p><span style="text-decoration:underline"><a href="https://a.example">a</a></span>', []),
        ('<h2><span style="color: red">a</span></h2>', []),
        ('<p><code style="font-weight:bold">a</code>', []),
    ],
)
def test_emphasis_by_style(markup: str, tags: list[str]) -> None:
    assert sorted({each["t"] for each in query(blocks(markup), set(emphasis_tags()))}) == tags


def emphasis_tags() -> tuple[str, ...]:
    return ("Strong", "Emph", "Strikeout", "Underline", "Superscript", "Subscript", "SmallCaps")


def test_emphasis_by_classes_of_the_page() -> None:
    sheet = "/* p.c1 {} */ .c1{color:red;font-weight:700} p.c2, .c3 {font-style:italic} .c4 .c5{font-weight:700} @media x{.c6{}}"
    words = "".join(f"<span class=c{number}>{number}</span>" for number in range(1, 7))
    page = tree.parse(f"<html><head><style>{sheet}</style></head><body><p>{words}</p>")
    emphasis.apply_sheets(page)
    found = {text(each["c"]): each["t"] for each in query(Converter().shown(tree.body(page)), set(emphasis_tags()))}
    assert found == {"1": "Strong", "3": "Emph", "2": "Emph"}


@pytest.mark.parametrize(
    "mark",
    [
        '<a class="headerlink" href="#x" title="Permalink">¶</a>',
        '<a class="header-anchor" href="#x">#</a>',
        '<a class="hash-link" href="#x">\u200b</a>',
        '<a class="anchor" href="#x"><svg class="octicon"><path d="M0"/></svg></a>',
    ],
)
def test_mark_of_a_heading_goes(mark: str) -> None:
    assert shown(f'<h2 id="x">Oil {mark}</h2><p>a') == "Oil a"


def test_buttons_without_words_go() -> None:
    made = blocks(
        '<p>a <button aria-label="Copy"><svg><path d="M0"/></svg></button><clipboard-copy role="button"></clipboard-copy></p>'
    )
    assert next(query(made, {"Image"}), None) is None and text(made).strip() == "a"


@pytest.mark.parametrize(
    "markup",
    [
        '<div class="wp-caption alignright"><a href="/a"><img src="a.png" alt="A"></a><p class="wp-caption-text">Oil</p></div>',
        '<div class="thumb"><div class="thumbinner"><img src="a.png"><div class="thumbcaption"><b></b>Oil</div></div></div>',
    ],
)
def test_figure_of_divisions(markup: str) -> None:
    (found,) = query(blocks(markup), {"Figure"})
    assert text(found["c"][1][1]).strip() == "Oil"


def test_alignment_of_whole_pages_is_not_taken_from_a_sheet() -> None:
    assert emphasis.rules(".a{text-align:justify} .b{text-align:center;color:red} .c{font-weight:400}") == {
        "b": "text-align:center",
        "c": "font-weight:400",
    }
