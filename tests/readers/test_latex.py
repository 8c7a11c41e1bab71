"""LaTeX: what the preamble says, what it would read, and what its parser does not end on."""

from __future__ import annotations

import pytest

from service.ast import pandoc_ast
from service.engines import Engines
from service.model.errors import InvalidDocument, TooComplex
from tests.readers import markups

ARTICLE = r"""% \title{Commented}
\documentclass{article}
\usepackage[english,ngerman]{babel}
\hypersetup{pdftitle={Other}, pdfsubject={Of light}}
\newcommand{\lamp}{a lamp}
\title{Lamps at \emph{sea}}
\author{Ada Vogt \and Li Wei}
\date{\today}
\begin{document}
\maketitle
\begin{abstract}Of light, and of dark.\end{abstract}
\keywords{lamps, the sea}
\section{First}
Here is \lamp, 5\% of \mystery{hidden words}, and $x^2$.
\input{/etc/passwd}
\includegraphics{lamp.png}
\begin{verbatim}
\input{/etc/shadow} {{{{{{{{{{{{{{{{{{{{
\end{verbatim}
\end{document}
"""


def test_preamble_is_the_front_matter(engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read(ARTICLE, "a", engines, conversion("pdf"))
    metadata = document.metadata
    assert document.reader == "latex"
    assert (metadata.title, metadata.lang, metadata.date) == ("Lamps at sea", "de", "")
    assert [author.name for author in metadata.authors] == ["Ada Vogt", "Li Wei"]
    assert metadata.description == "Of light, and of dark."
    assert metadata.keywords == ("lamps", "the sea")


def test_nothing_is_read_and_what_is_dropped_is_told(engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read(ARTICLE, "a.tex", engines, conversion("pdf"))
    assert [each.data["file"] for each in document.notices if each.code == "include-ignored"] == ["/etc/passwd"]
    dropped = next(each for each in document.notices if each.code == "raw-html-dropped")
    assert r"\mystery{hidden words}" in dropped.data["removed"]
    assert "Here is a lamp, 5% of" in markups.said(document)
    assert not any(node["t"].startswith("Raw") for node in pandoc_ast.query(document.blocks))


def test_pandocs_own(engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.check_text(engines, conversion, "latex", "a.tex")
    assert [author.name for author in document.metadata.authors] == ["Ada Vogt", "Li Wei"]
    assert (document.metadata.date, document.metadata.keywords) == ("2024-11-21", ("lamps", "sea"))
    assert markups.lost("latex", "a.tex", engines, conversion("pdf")) == ""


@pytest.mark.parametrize(
    "text",
    [
        "{" * 500,
        r"\begin{itemize}\item " * 200,
        r"\begin{tabular}{c}" * 30 + "x" + r"\end{tabular}" * 30,
        r"\iftrue " * 500 + "x" + r"\fi " * 500,
        r"\newenvironment{a}{\begin{a}}{\end{a}}\begin{a}x\end{a}",
        r"\newenvironment{a}{\begin{b}}{\end{b}}\newenvironment{b}{\begin{a}}{\end{a}}\begin{a}x\end{a}",
    ],
)
def test_bombs(engines: Engines, conversion: markups.Recipe, text: str) -> None:
    with pytest.raises(TooComplex):
        markups.read(text, "a.tex", engines, conversion("pdf"))


def test_macros_that_call_themselves(engines: Engines, conversion: markups.Recipe) -> None:
    with pytest.raises(InvalidDocument):
        markups.read(r"\def\a{\a\a}\a", "a.tex", engines, conversion("pdf"))
