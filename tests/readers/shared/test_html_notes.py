"""Notes of a page: what a call leads to is in the place of the call."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.ast.pandoc_ast import query, text
from service.engines import Engines
from service.model.document import Conversion, Document, Source
from service.readers import READERS

Recipe = Callable[..., Conversion]
# Program → a call and its note, as the program writes them.
PROGRAMS = {
    "pandoc": (
        '<a href="#fn1" class="footnote-ref" id="fnref1" role="doc-noteref"><sup>1</sup></a>',
        '<section id="footnotes" class="footnotes footnotes-end-of-document" role="doc-endnotes"><hr><ol><li id="fn1"><p>Of tar.'
        '<a href="#fnref1" class="footnote-back" role="doc-backlink">↩︎</a></p></li></ol></section>',
    ),
    "GitHub": (
        '<sup><a href="#user-content-fn-1" id="user-content-fnref-1" data-footnote-ref="">1</a></sup>',
        '<section data-footnotes="" class="footnotes"><h2 id="l" class="sr-only">Footnotes</h2><ol><li id="user-content-fn-1">'
        '<p dir="auto">Of tar. <a href="#user-content-fnref-1" data-footnote-backref="">↩</a></p></li></ol></section>',
    ),
    "Word": (
        '<a style="mso-footnote-id:ftn1" href="#_ftn1" name="_ftnref1"><span class=R><span>[1]</span></span></a>',
        '<div style="mso-element:footnote-list"><br clear=all><hr size=1><div style="mso-element:footnote" id=ftn1><p><a '
        'href="#_ftnref1" name="_ftn1"><span><span>[1]</span></span></a> Of tar.</p></div></div>',
    ),
    "Google Docs": (
        '<sup><a href="#ftnt1" id="ftnt_ref1">[1]</a></sup>',
        '<hr><div><p><a href="#ftnt_ref1" id="ftnt1">[1]</a><span>&nbsp;Of tar.</span></p></div>',
    ),
    "MediaWiki": (
        '<sup id="cite_ref-a_1-0" class="reference"><a href="#cite_note-a-1"><span>&#91;</span>1<span>&#93;</span></a></sup>',
        '<div class="mw-references-wrap"><ol class="references"><li id="cite_note-a-1"><span class="mw-cite-backlink"><b><a '
        'href="#cite_ref-a_1-0">^</a></b></span> <span class="reference-text">Of tar.</span></li></ol></div>',
    ),
    "WordPress": (
        '<sup data-fn="u" class="fn"><a href="#u" id="u-link">1</a></sup>',
        '<ol class="wp-block-footnotes"><li id="u">Of tar. <a href="#u-link" aria-label="Back">↩︎</a></li></ol>',
    ),
    "Substack": (
        '<a class="footnote-anchor" id="footnote-anchor-1" href="#footnote-1">1</a>',
        '<div class="footnote"><a id="footnote-1" href="#footnote-anchor-1" class="footnote-number">1</a><div><p>'
        'Of tar.</p></div></div>',
    ),
    "Sphinx": (
        '<a class="footnote-reference brackets" href="#id2" id="id1" role="doc-noteref"><span>[</span>1<span>]</span></a>',
        '<aside class="footnote brackets" id="id2" role="doc-footnote"><span class="label"><span>[</span><a role="doc-backlink" '
        'href="#id1">1</a><span>]</span></span><p>Of tar.</p></aside>',
    ),
    "kramdown": (
        '<sup id="fnref:1"><a href="#fn:1" class="footnote" rel="footnote">1</a></sup>',
        '<div class="footnotes"><ol><li id="fn:1"><p>Of tar. <a href="#fnref:1" class="reversefootnote">&#8617;</a>'
        '</p></li></ol></div>',
    ),
    "by hand": ('[<a name="r" href="#n">1</a>]', '<hr><p><a name="n" href="#r">1</a>. Of tar.</p>'),
}  # fmt: skip


def read(page: str, engines: Engines, conversion: Recipe) -> Document:
    return READERS["html"].read(Source("a.html", f"<html><body>{page}".encode()), conversion("pdf"), engines)


@pytest.mark.parametrize("program", PROGRAMS)
def test_note_of_a_program(program: str, engines: Engines, conversion: Recipe) -> None:
    call, note = PROGRAMS[program]
    document = read(f"<p>A lamp{call} burns.</p>{note}", engines, conversion)
    (found,) = query(document.blocks, {"Note"})
    assert " ".join(text(found["c"]).split()) == "Of tar."
    assert len(document.blocks) == 1 and next(query(document.blocks, {"HorizontalRule", "Link"}), None) is None


def test_note_that_is_called_twice(engines: Engines, conversion: Recipe) -> None:
    calls = '<sup id="r1"><a href="#n">1</a></sup> and again<sup id="r2"><a href="#n">1</a></sup>'
    note = '<ol><li id="n"><p>Of tar. <a href="#r1">a</a> <a href="#r2">b</a></p></li></ol>'
    document = read(f"<p>Lamps{calls}.</p>{note}", engines, conversion)
    assert [" ".join(text(each["c"]).split()) for each in query(document.blocks, {"Note"})] == ["Of tar."] * 2


def test_heading_of_notes_is_in_a_notice(engines: Engines, conversion: Recipe) -> None:
    call, note = PROGRAMS["GitHub"]
    document = read(f"<p>A lamp{call}.</p>{note}", engines, conversion)
    (reported,) = [each for each in document.notices if each.code == "boilerplate-removed"]
    assert reported.data["removed"] == ["Footnotes"]


@pytest.mark.parametrize(
    "page",
    [
        '<ul><li><a id="t" href="#s">1</a></li></ul><div id="s"><h2><a href="#t">One</a></h2><p>Words.</p></div>',
        '<p><a id="t" href="#s">Sails and masts</a></p><p id="s"><a href="#t">Sails and masts</a> are wood.</p>',
        '<p><a href="#s">2</a></p><p id="s">Words.</p>',
        '<p id="s"><a id="u" href="#t">1</a> before</p><p><a id="t" href="#v">1</a></p>',
    ],
)
def test_other_links_are_no_calls(page: str, engines: Engines, conversion: Recipe) -> None:
    assert next(query(read(page, engines, conversion).blocks, {"Note"}), None) is None
