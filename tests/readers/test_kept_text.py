"""The words of an upload are in the document, in any markup: one row for each kind that was lost or refused."""

from __future__ import annotations

import pytest

from service.engines import Engines
from tests.readers import markups


def jats(body: str = "<p>Body.</p>", front: str = "", back: str = "") -> str:
    title = "<title-group><article-title>T</article-title></title-group>"
    return (
        f'<article xmlns:xlink="http://www.w3.org/1999/xlink"><front><article-meta>{title}{front}</article-meta></front>'
        f"<body>{body}</body><back>{back}</back></article>"
    )


def latex(body: str) -> str:
    return f"\\documentclass{{article}}\\title{{T}}\\begin{{document}}\n{body}\n\\end{{document}}\n"


def docbook(body: str) -> str:
    return f'<article xmlns="http://docbook.org/ns/docbook" version="5.0"><info><title>T</title></info>{body}</article>'


REFERENCE = (
    "<ref-list><title>Works</title><ref><label>[3]</label><mixed-citation><name><surname>Vogt</surname></name> "
    "<source>Of ropes</source>. <year>1999</year></mixed-citation></ref></ref-list>"
)
NOTES = "<fn-group><title>Notes</title><fn><p>Tar is black.</p></fn></fn-group><ack><title>Thanks</title><p>To all.</p></ack>"
FIGURE = "<fig><label>Scheme 2</label><caption><title>Knots.</title><p>Three.</p></caption><attrib>By Ada.</attrib></fig>"
ROWS = [
    ("a.jats", jats(back=REFERENCE), "Works [3] Vogt ropes 1999"),
    ("a.jats", jats(front="<abstract><title>In short</title><p>Of light.</p></abstract>"), "short light. Body."),
    ("a.jats", jats(front="<trans-abstract xml:lang='de'><p>Vom Licht.</p></trans-abstract>"), "Vom Licht."),
    ("a.jats", jats(FIGURE), "Scheme 2. Knots. Three. Ada."),
    ("a.jats", jats("<boxed-text><label>Box 1</label><p>Dry rope.</p></boxed-text>"), "Box 1 Dry rope."),
    ("a.jats", jats(back=NOTES), "Notes Tar black. Thanks all."),
    ("a.tex", latex(r"\begin{remark}Ropes hold.\end{remark}"), "Remark 1. Ropes hold."),
    ("a.tex", latex(r"\begin{doublespace}Ropes hold.\end{doublespace}"), "Ropes hold."),
    ("a.tex", latex(r"\begin{mdframed}[frametitle={The quay}]Ropes hold.\end{mdframed}"), "quay Ropes hold."),
    ("a.tex", latex(r"See \Cref{gone} and \citet{vogt}, \autocite[12]{wei}."), "[gone] [vogt] [wei, 12]"),
    ("a.tex", latex(r"\frobnicate{Ropes} \emph{hold}."), "Ropes hold"),
    ("a.wiki", "Tar.<ref>{{cite journal |title=Of ropes |journal=Quay |year=1999}}</ref>", "ropes Quay 1999"),
    ("a.wiki", "{{Infobox|name=North Lamp}} {{quote|Ropes hold.|Ada}}", "North Lamp Ropes hold. Ada"),
    ("a.wiki", 'Tar.<ref name="a/b/c">\nOver\nlines.</ref></ref>', "Tar. Over lines."),
    ("a.org", "Path \\\\server\\ropes, \\ and C:\\Tar\\n.", "server\\ropes C:\\Tar\\n"),
    ("a.org", "| \\ | \\_ |\n| tar\\ | rope | sail |", "\\ \\_ tar\\ rope sail"),
    ("a.html", "<p>Call open<wbr>Rope and<wbr/> then tie.</p><p>Next.</p>", "openRope then tie. Next."),
    ("a.html", f"<p>Tar.</p><svg>{'<path/>' * 200}</svg><script>var a = '{'<b>' * 200}';</script>", "Tar."),
    ("a.dbk", docbook("<bibliography><biblioentry><title>Of ropes</title></biblioentry></bibliography>"), "ropes"),
    ("a.dbk", docbook("<equation><title>Law</title><mathphrase>a=b</mathphrase></equation>"), "Law a=b"),
    ("a.rst", "T\n=\n\n:Abstract: Of light.\n\nLamps burn.\n", "Of light. Lamps burn."),
    ("a.tex", "%" * 60 + "\nLamps burn.\n", "Lamps burn."),
    ("a.md", "%" * 60 + "\nLamps burn.\n", "Lamps burn."),
    ("a.qmd", "---\ntitle: T\n---\n\nLamps burn.\n", "Lamps burn."),
    ("a.md", "Lamps burn.\n\n# Tar\n\nBlack.\n\n# Rope\n\nBrown.\n", "burn. Tar Black. Rope Brown."),
]


@pytest.mark.parametrize(("name", "text", "words"), ROWS)
def test_words_are_kept(engines: Engines, conversion: markups.Recipe, name: str, text: str, words: str) -> None:
    document = markups.read(text, name, engines, conversion("pdf", clean="none"))
    said = f" {markups.said(document)} "
    at = 0
    for word in words.split():
        at = said.find(word, at) + len(word)
        assert at >= len(word), f"{word!r} is not in {said!r}"
    assert "text-missing" not in markups.codes(document)
