"""XHTML that EPUB does not allow is removed, without a loss of text."""

from __future__ import annotations

import pytest
from lxml import etree

from service.containers import attributes


def settled(markup: str) -> str:
    body = etree.fromstring(f'<body xmlns="http://www.w3.org/1999/xhtml">{markup}</body>')
    attributes.settle(body)
    return etree.tostring(body, encoding="unicode").split(">", 1)[1].removesuffix("</body>")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ('<span datetime="2026">x</span>', "<span>x</span>"),
        ('<time datetime="2026">x</time>', '<time datetime="2026">x</time>'),
        ('<table width="9" height="9"><tr><td width="1">x</td></tr></table>', "<table><tr><td>x</td></tr></table>"),
        ('<img width="9" src="a.png"/>', '<img width="9" src="a.png"/>'),
        ('<ul start="3"><li>x</li></ul>', "<ul><li>x</li></ul>"),
        ('<p data-startFrom="3">x</p>', '<p data-startfrom="3">x</p>'),
        ('<p id="a">x</p><p id="a">y</p>', '<p id="a">x</p><p>y</p>'),
        ('<a href="#gone">x</a>', "<a>x</a>"),
        ('<p id="a"><a href="#a">x</a></p>', '<p id="a"><a href="#a">x</a></p>'),
        ('<a href="https://a%20b.example/">x</a>', "<a>x</a>"),
        ('<a href="https://b.example/a">x</a>', '<a href="https://b.example/a">x</a>'),
        ('<a href="mailto:">x</a>', "<a>x</a>"),
        ('<a href="mailto:a@b.example">x</a>', '<a href="mailto:a@b.example">x</a>'),
        ("<dl><dt>x</dt></dl>", "<dl><dt>x</dt><dd/></dl>"),
        ("<dl><dd>x</dd></dl>", "<dl><dt/><dd>x</dd></dl>"),
        ("<dl/>", "<div/>"),
    ],
)
def test_settled(given: str, expected: str) -> None:
    assert settled(given) == expected
