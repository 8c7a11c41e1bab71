"""Reading tag by tag gives the tree of the standard's algorithm; doubtful pages are left to that."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
import tinyhtml5
from hypothesis import given, settings
from hypothesis import strategies as st

from service.engines.weasyprint import rendering
from service.engines.weasyprint.patches import html_parsing
from service.engines.weasyprint.patches.html_parsing import BLOCKS, PARENTS, PHRASES, VOID, Doubtful, tree_of

assert rendering  # installs the shortcuts: `plain` is below
HEAD = '<head>\n<meta charset="utf-8">\n<title>A &amp; b</title>\n\n</head>'
PAGE = f'<!DOCTYPE html>\n<html lang="en">\n{HEAD}\n<body>\n{{}}\n</body>\n</html>\n'
NESTED = {
    "table": ["thead", "tbody", "colgroup", "caption"],
    "tbody": ["tr"],
    "tr": ["td", "th"],
    "ul": ["li"],
    "dl": ["dt", "dd"],
}
NAMES = sorted((BLOCKS | PHRASES | set(PARENTS) | {"form", "button", "svg", "nobr"}) - {"meta", "title"})
TEXTS = ["x", "\n", " ", "é&nbsp;", "&lt;p&gt;", "a &amp; b", "&copy", "&amp;copy;", "]]>", "\r", "\x00", "\x85"]
ATTRIBUTES = ["", ' class="a b"', ' id="x" title="&quot;&lt;"', " open", ' data-x="1" data-x="2"', ' href="#">', " a=b"]


def plain(html: str) -> Any:
    return tinyhtml5.parse.plain(StringIO(html), namespace_html_elements=False)


def shape(element: Any) -> Any:
    return element.tag, element.text, element.tail, list(element.attrib.items()), [shape(child) for child in element]


@st.composite
def markup(draw: st.DrawFn, within: str = "div", depth: int = 0) -> str:
    """Mostly as it should be: what may not stand where it stands is left to chance."""
    out = []
    for _ in range(draw(st.integers(0, 4 - depth // 2))):
        if draw(st.integers(0, 2)) == 0 and within not in ("table", "tbody", "tr"):
            out.append(draw(st.sampled_from(TEXTS[: 12 if draw(st.integers(0, 9)) == 0 else 6])))
        usual = NESTED.get(within, NAMES) if draw(st.integers(0, 19)) else NAMES
        name = draw(st.sampled_from(usual))
        attributes = draw(st.sampled_from(ATTRIBUTES[: 7 if draw(st.integers(0, 9)) == 0 else 3]))
        inside = draw(markup(name, depth + 1)) if depth < 6 and name not in VOID else ""
        closed = name not in VOID and (name != "li" or inside or draw(st.booleans())) and draw(st.integers(0, 49))
        out.append(f"<{name}{attributes}>{inside}" + (f"</{name}>" if closed else "") + draw(st.sampled_from(["", "", "\n"])))
    return "".join(out)


@settings(max_examples=400, deadline=None)
@given(markup())
def test_what_is_read_is_what_the_standard_says(body: str) -> None:
    html = PAGE.format(body)
    try:
        tree = tree_of(html)
    except Doubtful:
        return
    assert shape(tree) == shape(plain(html))


@pytest.mark.parametrize(
    "body",
    [
        "<h2 id=\"a\">A <em>b</em></h2>\n<p>One<br>two <a href=\"#a\">&lt;3</a> <img src=\"a.png\" alt=\"\"></p>",
        "<ul>\n<li><p>One</p></li>\n<li>\n<li>Two<ol><li></ol></li>\n</ul><dl><dt>T</dt><dd><dt>U<dd><p>V</p></dl>",
        "<table>\n<caption>C</caption>\n<colgroup>\n<col style=\"width: 9%\">\n</colgroup>\n"
        "<tbody>\n<tr>\n<td>1</td>\n</tr></tbody></table>",
        "<pre><code>\none\n</code></pre><blockquote>\n<p>x</p>\n</blockquote>&nbsp;",
    ],
)  # fmt: skip
def test_what_we_write_is_read_here(body: str) -> None:
    assert shape(tree_of(PAGE.format(body))) == shape(plain(PAGE.format(body)))


@pytest.mark.parametrize(
    "body",
    [
        "<p>One<p>Two", "<p><div>x</div></p>", "<b><i>x</b></i>", "<table>x<tbody></tbody></table>", "<table><tr></tr></table>",
        "<a href=\"a\"><a>x</a></a>", "<h2><h3>x</h3></h2>", "<pre>\nx</pre>", "<svg></svg>", "<!-- x -->", "<P>x</P>",
        "<p class='a'>x</p>", "<p a=\"1\" a=\"2\">x</p>", "&copy x", "&nosuch;", "&#60;", "&", "\r", "\x00", "\f", "\ufeff",
        "<select><option>x</select>", "<script>1 < 2</script>", "<li>x</li>", "<ul><li><div><li></div></ul>", "<p>", "</p>",
        "</body>", "x<y", "<br/>", "<head></head>",
    ],
)  # fmt: skip
def test_what_is_doubtful_is_left_to_the_standard(body: str) -> None:
    with pytest.raises(Doubtful):
        tree_of(PAGE.format(body))
    given = tinyhtml5.parse(StringIO(PAGE.format(body)), namespace_html_elements=False)
    assert shape(given) == shape(plain(PAGE.format(body)))


def test_pages_of_others_are_left_to_the_standard() -> None:
    with pytest.raises(Doubtful):
        tree_of("<p>No frame")
    assert tinyhtml5.parse("<p>x").tag == "{http://www.w3.org/1999/xhtml}html"
    html_parsing.install()
    assert not hasattr(tinyhtml5.parse.plain, "plain")
