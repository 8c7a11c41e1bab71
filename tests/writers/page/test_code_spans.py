"""Invisible spans of highlighted code are not boxes; visible ones, and targets of links, stay."""

from __future__ import annotations

import pytest

from service.writers.page import code_spans, fixes

LINE = '<span id="cb1-1"><span class="kw">def</span> f<span class="op">()</span>:</span>'
CODE = (
    f'<pre class="sourceCode"><code class="sourceCode python">{LINE}\n'
    '<span id="cb1-2">    <span class="cf">pass</span></span></code></pre>'
)


def thinned(markup: str, css: str = "code span.kw, code span.cf { color: red }") -> str:
    body = fixes.fix(markup)
    code_spans.thin([body], [css], code_spans.targets_of(body))
    return fixes.inner(body)


def test_what_is_coloured_stays_and_the_text_with_it() -> None:
    code = '<span class="kw">def</span> f():\n    <span class="cf">pass</span>'
    assert thinned(CODE) == f'<pre class="sourceCode"><code class="sourceCode python">{code}</code></pre>'


def test_pieces_of_text_stay_in_order() -> None:
    code = 'a<span id="l1">b<span class="kw">c<span class="op">d</span>e</span>f</span>g<span class="va">h</span>i'
    assert (
        thinned(f'<code class="sourceCode">{code}</code>') == '<code class="sourceCode">ab<span class="kw">cde</span>fghi</code>'
    )


def test_a_line_that_is_linked_to_stays() -> None:
    assert 'id="cb1-2"' in thinned(f'<p><a href="#cb1-2">line 2</a></p>{CODE}')
    assert 'id="cb1-1"' not in thinned(f'<p><a href="#cb1-2">line 2</a></p>{CODE}')


@pytest.mark.parametrize("markup", ['<p><span class="op">a</span></p>', '<pre><code><span id="x">a</span></code></pre>'])
def test_other_spans_stay(markup: str) -> None:
    assert thinned(markup) == markup
