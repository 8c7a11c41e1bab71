"""References by id become links with a number; what names nothing stays."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.ast import pandoc_ast
from service.engines import Engines
from service.model.document import Conversion, Document, Metadata, Source
from service.passes import cross_references, figures
from service.readers import markdown

PICTURES = '![One](a.png "The first dune"){#fig:a}\n\n![Two](b.png){#fig-b}\n\n## Sand {#sec:sand}\n\n$$x^2$$ {#eq:a}\n\n'


@pytest.fixture
def run(engines: Engines, conversion: Callable[..., Conversion]) -> Callable[..., Document]:
    def running(text: str, lang: str = "en") -> Document:
        blocks = markdown.blocks_of(PICTURES + text, conversion("pdf"), engines)
        document = Document(Metadata(lang=lang), blocks, Source("a.md", b""))
        return cross_references.run(figures.run(document, conversion("pdf")), conversion("pdf"))

    return running


@pytest.mark.parametrize(
    ("text", "shown", "targets"),
    [
        ("See @fig:a.", "See Figure 1.", ["#fig:a"]),
        ("See [@fig-b] and @fig:a", "See Figure 2 and Figure 1", ["#fig-b", "#fig:a"]),
        ("@Fig:a, {@fig:a}", "Figure 1, Figure 1", ["#fig:a", "#fig:a"]),
        ("@sec:sand and @eq:a", "Sand and (1)", ["#sec:sand", "#eq:a"]),
        ("@fig:none, me@fig-a.example, @ann", "@fig:none, me@fig-a.example, @ann", ["mailto:me@fig-a.example"]),
        ("`@fig:a`", "@fig:a", []),
    ],
)
def test_references(run: Callable[..., Document], text: str, shown: str, targets: list[str]) -> None:
    last = [run(text).blocks[-1]]
    assert pandoc_ast.text(last).strip() == shown
    assert [node["c"][2][0] for node in pandoc_ast.query(last, {"Link"})] == targets


def test_the_word_is_of_the_articles_language(run: Callable[..., Document]) -> None:
    assert pandoc_ast.text([run("@fig:a", "de").blocks[-1]]).strip() == "Abbildung 1"


def test_an_equation_has_its_id(run: Callable[..., Document]) -> None:
    document = run("Text.")
    assert "{#eq" not in pandoc_ast.text(list(document.blocks))
    assert [node["c"][0][0] for node in pandoc_ast.query(document.blocks, {"Span"})] == ["eq:a"]


@pytest.mark.parametrize(
    "text",
    [
        "$$\\label{eq:two} y$$\n\nSee \\eqref{eq:two}.", "$$y \\label{eq:two}$$\n\nSee $\\eqref{eq:two}$.",
        "\\begin{equation}\\label{eq:two}\ny\n\\end{equation}\n\nSee \\ref{eq:two}.",
    ],
)  # fmt: skip
def test_labels_of_formulas(text: str, run: Callable[..., Document]) -> None:
    document = run(text)
    links = list(pandoc_ast.query(document.blocks, {"Link"}))
    assert [(pandoc_ast.text([link]), link["c"][2][0]) for link in links] == [("(2)", "#eq:two")]
    formula = [node["c"][1] for node in pandoc_ast.query(document.blocks, {"Math"})][-1]
    assert "label" not in formula


def test_a_reference_to_no_label_stays_text(run: Callable[..., Document]) -> None:
    assert "eq:none" in pandoc_ast.text(run("See \\eqref{eq:none}.").blocks)
