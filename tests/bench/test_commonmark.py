"""The comparison with the specifications: its own examples, in the form of theirs."""

from __future__ import annotations

import pytest

from bench import commonmark
from service.engines import Engines

TICKS = "`" * 32
SPECIFICATION = f"""Words around.

{TICKS} example
# A *b*

- one→two
{TICKS[:3]}js
x
{TICKS[:3]}
.
<h1>A <em>b</em></h1>
<ul><li>one two</li></ul>
<pre><code class="language-js">x
</code></pre>
{TICKS}

{TICKS} example table
| a | b |
|--:|---|
| ~~c~~ | d |
.
<table><thead><tr><th align="right">a</th><th>b</th></tr></thead>
<tbody><tr><td align="right"><del>c</del></td><td>d</td></tr></tbody></table>
{TICKS}

{TICKS} example
wrong
.
<p>right</p>
{TICKS}
"""


def test_examples_are_counted_and_those_that_differ_are_found(engines: Engines) -> None:
    count, found = commonmark.differing(SPECIFICATION, "gfm", engines)
    assert count == 3
    assert [(example.number, html) for example, html in found] == [(3, "<p>wrong</p>\n")]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("<p>a\n b</p>", "<p>a b</p>\n", True),
        ('<a href="x" title="y">', '<a title="y" href="x">', True),
        ("<pre>a\n</pre>", "<pre>a</pre>", False),
        ("a <em>b</em>", "a<em>b</em>", False),
        ("&quot;", '"', True),
        ('<a href="%C3%A4">', '<a href="ä">', True),
        ("<p>a</p>", "<p>b</p>", False),
    ],
)
def test_what_is_the_same(one: str, other: str, same: bool) -> None:
    assert (commonmark.tokens(one) == commonmark.tokens(other)) is same
