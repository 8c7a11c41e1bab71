"""TeX beyond pandoc's becomes TeX that pandoc reads, and a formula that is not understood stays as it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.ast import pandoc_ast
from service.engines import Engines
from service.model.document import Conversion, Document, Metadata, Source
from service.passes import tex
from service.pipeline import steps
from tests.passes.conftest import codes

Recipe = Callable[..., Conversion]
READ = {
    r"\pu{1.2e3 kg m s-2}": r"1.2\cdot 10^{3}\,\mathrm{kg}\,\mathrm{m}\,\mathrm{s}^{-2}",
    r"\pu{120 kJ//mol}": r"120\,\mathrm{kJ}/\mathrm{mol}",
    r"\pu{2 m*s}": r"2\,\mathrm{m}\cdot \mathrm{s}",
    r"\ce{H2O}": r"\mathrm{H}_{2}\mathrm{O}",
    r"\ce{NH4+}": r"\mathrm{N}\mathrm{H}_{4}^{+}",
    r"\ce{CrO4^2-}": r"\mathrm{Cr}\mathrm{O}_{4}^{2-}",
    r"\ce{2H2 + O2 -> 2H2O}": r"2\,\mathrm{H}_{2} + \mathrm{O}_{2}  \rightarrow  2\,\mathrm{H}_{2}\mathrm{O}",
    r"\ce{A ->[heat][MnO2] B}": r"\mathrm{A}  \xrightarrow[\mathrm{Mn}\mathrm{O}_{2}]{\text{heat}}  \mathrm{B}",
    r"\ce{A <=>[k] B}": r"\mathrm{A}  \overset{\text{k}}{\rightleftharpoons}  \mathrm{B}",
    r"\ce{^{14}_{6}C}": r"{}^{14}_{6}\mathrm{C}",
    r"\ce{AgCl v}": r"\mathrm{Ag}\mathrm{Cl}  \downarrow",
    r"\ce{CO2 ^}": r"\mathrm{C}\mathrm{O}_{2}  \uparrow",
    r"\ce{NaOH(aq)}": r"\mathrm{Na}\mathrm{O}\mathrm{H}\text{(aq)}",
    r"\ce{CaSO4*2H2O}": r"\mathrm{Ca}\mathrm{S}\mathrm{O}_{4}\cdot 2\,\mathrm{H}_{2}\mathrm{O}",
    r"\ce{HC#CH}": r"\mathrm{H}\mathrm{C}\text{≡}\mathrm{C}\mathrm{H}",
    r"k = \ce{1/2 O2}": r"k = \frac{1}{2} \mathrm{O}_{2}",
    r"a \over b": r"\frac{a}{b}",
    r"1 + {n \choose k}": r"1 + {\binom{n}{k}}",
    r"x = 1 \tag{3}": r"x = 1 \qquad \text{(3)}",
    r"x = 1 \tag*{see above}": r"x = 1 \qquad \text{see above}",
}
KEPT = (
    "x^2",
    r"\overline{x}",
    r"\ce{R-\bond{~}X @}",
    r"\ce{",
    r"{a \over b",
    r"\over}{",
    r"\ce",
    r"\celsius",
    "{" * 70 + r"\over" + "}" * 70,
)


def document(*formulae: str) -> Document:
    nodes = [{"t": "Math", "c": [{"t": "DisplayMath"}, each]} for each in formulae]
    return Document(Metadata(), (pandoc_ast.para(nodes),), Source("a.md", b""))


@pytest.mark.parametrize(("source", "wanted"), READ.items())
def test_rewritten(source: str, wanted: str, conversion: Recipe) -> None:
    after = tex.run(document(source), conversion("epub"))
    assert after.blocks[0]["c"][0]["c"][1] == wanted
    assert tex.run(after, conversion("epub")) == after


@pytest.mark.parametrize("source", KEPT)
def test_what_is_not_understood_stays(source: str, conversion: Recipe) -> None:
    assert tex.run(document(source), conversion("epub")) == document(source)


@pytest.mark.parametrize("target", ["markdown", "ast"])
def test_targets_that_show_tex_show_the_source(target: str, conversion: Recipe) -> None:
    assert tex.run(document(r"\ce{H2O}"), conversion(target)) == document(r"\ce{H2O}")


@pytest.mark.parametrize("target", ["pdf", "epub", "docx"])
def test_every_target_sets_them(target: str, conversion: Recipe, engines: Engines) -> None:
    artifact = steps.write(document(*READ), conversion(target), target, engines)
    assert "math-unreadable" not in [notice.code for notice in artifact.notices]
    assert not codes(document(*READ))


COMMANDS = {
    r"\cfrac[l]{1}{1+\cfrac12}": r"\dfrac{1}{1+\dfrac{1}{2}}",
    r"\textcolor{blue}{x^2} + {\color{red} y}": r"{x^2} + { y}",
    r"\bra{\psi}\ket{\phi}": r"\langle \psi||\phi\rangle ",
    r"\pdv{f}{x} \pdv[2]{f}{x}": r"\frac{\partial f}{\partial x} \frac{\partial^{2} f}{\partial x^{2}}",
    r"\argmin_{x} f": r"\operatorname*{arg\,min}_{x} f",
    r"\xleftrightarrow[u]{o}": r"\underset{u}{\overset{o}{\leftrightarrow}}",
    r"\sideset{_1^2}{_3^4}\sum": r"{}_1^2\sum_3^4",
    r"\prescript{14}{6}{C}": r"{}^{14}_{6}C",
    r"\newcommand{\abs}[1]{|#1|} \abs{x}": r"\newcommand{\abs}[1]{|#1|} \abs{x}",
    r"{\abs}": r"{\abs}",
    r"\ce{CH2=CH-Cl}": r"\mathrm{C}\mathrm{H}_{2}\text{=}\mathrm{C}\mathrm{H}\text{–}\mathrm{Cl}",
    r"\ce{A\bond{...}B}": r"\mathrm{A}\text{···}\mathrm{B}",
    r"\ce{$K = \ce{H2}$}": r"{K = \mathrm{H}_{2}}",
    r"\ce{Fe^{III}2O3}": r"\mathrm{Fe}^{\mathrm{III}}_{2}\mathrm{O}_{3}",
}


@pytest.mark.parametrize("source", COMMANDS)
def test_commands_of_packages(source: str) -> None:
    assert tex.rewritten(source) == COMMANDS[source]


@pytest.mark.parametrize(
    "source",
    [
        *COMMANDS, r"\def\half{\frac{1}{2}} \half x", r"\let\a\alpha \a", r"\begin{dcases} a \\ b \end{dcases}",
        r"\begin{rcases} a \\ b \end{rcases} c", r"\sum_{\begin{subarray}{c} i \\ j \end{subarray}} x", r"\nonumber x",
        r"\boxed{x} \cancel{y}", r"\SI{9.8}{\meter\per\second}", r"\mathchoice{a}{b}{c}{d} \coloneqq 1", r"20\degree",
        r"\left\{ \Set{x | y} \right\}", r"\text{速度} + \text{مسافة}", r"\begin{gather} a \\ b \end{gather}",
        r"\DeclareMathOperator{\lcm}{lcm} \lcm(a, b)", r"\substack{a \\ b} \overarc{AB} \cancelto{0}{x}",
    ],
)  # fmt: skip
def test_pandoc_reads_them(source: str, engines: Engines) -> None:
    if source == r"{\abs}":
        pytest.skip("a command without its argument is code")
    block = {"t": "Para", "c": [{"t": "Math", "c": [{"t": "DisplayMath"}, tex.rewritten(tex.commands.prepared(source))]}]}
    written = engines.pandoc.write(pandoc_ast.dumps([block]), "html5", {"html_math_method": "mathml"}).decode()
    assert "<math" in written


def formulas(*sources: str) -> Document:
    blocks = tuple({"t": "Para", "c": [{"t": "Math", "c": [{"t": "InlineMath"}, each]}]} for each in sources)
    return Document(Metadata(title="T"), blocks, Source("a.md", b""))


def shown(document: Document) -> list[str]:
    return [node["c"][1] for node in pandoc_ast.query(document.blocks, {"Math"})]


def test_a_macro_of_one_formula_is_known_in_those_after_it(conversion: Recipe) -> None:
    document = formulas(
        r"\newcommand{\R}{\mathbb{R}} \newcommand{\Rn}{\R^n}", r"x \in \Rn", "y", r"\def\q#1{#1^2} \q{2}", r"\q x"
    )
    found = shown(tex.run(document, conversion("pdf")))
    assert found == [
        r"\newcommand{\R}{\mathbb{R}}\newcommand{\Rn}{\R^n}x \in \Rn", "y", r"\newcommand{\q}[1]{#1^2} \q{2}",
        r"\newcommand{\q}[1]{#1^2}\q x",
    ]  # fmt: skip
    assert shown(tex.run(document, conversion("markdown"))) == shown(document)


def test_lost_colours_are_a_notice(conversion: Recipe) -> None:
    made = tex.run(formulas(r"\color{red} x", "y", r"\textcolor{blue}{z}"), conversion("epub"))
    assert codes(made) == ["math-colour-dropped"] * 2


@pytest.mark.parametrize("target", ["pdf", "epub", "docx"])
def test_what_cannot_be_set_is_code_with_the_same_notice(target: str, conversion: Recipe, engines: Engines) -> None:
    document = steps.read(
        Source("a.md", b"---\ntitle: T\nlang: en\n---\n\n$$\n\\unknowncommand{x}\n$$\n"), conversion(target), engines
    )
    made = steps.write(document, conversion(target), target, engines)
    assert [each.code for each in made.notices] == ["math-unreadable"]
