"""LaTeX: what the preamble says, what it would read, and what its parser does not end on."""

from __future__ import annotations

import pytest

from service.ast import pandoc_ast
from service.engines import Engines
from service.model.errors import TooComplex
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


def test_nothing_is_read_and_what_is_dropped_is_reported(engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read(ARTICLE, "a.tex", engines, conversion("pdf"))
    assert [each.data["file"] for each in document.notices if each.code == "include-ignored"] == ["/etc/passwd"]
    dropped = next(each for each in document.notices if each.code == "raw-html-dropped")
    assert dropped.data["commands"] == {r"\mystery": 1}
    assert "Here is a lamp, 5% of hidden words" in markups.said(document)
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
        r"\def\a{\a\a}\a",
        r"\newenvironment{a}{\begin{b}}{\end{b}}\newenvironment{b}{\begin{a}}{\end{a}}\begin{a}x\end{a}",
        "".join(
            rf"\newenvironment{{a{n}}}{{\begin{{a{n + 1}}}\end{{a{n + 1}}}\begin{{a{n + 1}}}\end{{a{n + 1}}}}}{{}}"
            for n in range(30)
        ),
    ],
)
def test_bombs(engines: Engines, conversion: markups.Recipe, text: str) -> None:
    with pytest.raises(TooComplex):
        markups.read(text, "a.tex", engines, conversion("pdf"))


def paper(body: str, preamble: str = "") -> str:
    return "\\documentclass{article}\n" + preamble + "\n\\begin{document}\n" + body + "\n\\end{document}\n"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (r"\begin{theorem}[Of light]Lamps burn.\end{theorem}", "Theorem 1 (Of light). Lamps burn."),
        (r"\begin{lem}Ropes hold.\end{lem}\begin{lem}Tar sticks.\end{lem}", "Lemma 1. Ropes hold. Lemma 2. Tar sticks."),
        (r"\begin{CJK}{UTF8}{min}\section{Sea}Lamps burn.\end{CJK}", "Sea Lamps burn."),
        (r"\begin{spacing}{1.5}Lamps burn.\end{spacing}", "Lamps burn."),
        (r"\begin{multicols}{3}Lamps \begin{small}burn\end{small}.\end{multicols}", "Lamps burn ."),
        (r"\begin{keepsake}[width=3cm]{Of the harbour}Lamps burn.\end{keepsake}", "Of the harbour Lamps burn."),
        ("\\begin{logbook}\nLamps burn.\n\n\\begin{entry}Ropes hold.\\end{entry}\n\\end{logbook}", "Lamps burn. Ropes hold."),
        (r"\begin{compactitem}\item one\item two\end{compactitem}", "one two"),
        (r"\begin{wrapfigure}{r}{4cm}\includegraphics{lamp.png}\caption{A lamp}\end{wrapfigure}", "A lamp"),
        ("\\begin{pythonlisting}[x=1]\nif a $ b_c % d:\n\\end{pythonlisting}", "if a $ b_c % d:"),
        (r"\begin{tcolorbox}[colback=red, title=The quay]Ropes hold.\end{tcolorbox}", "The quay. Ropes hold."),
        (r"\begin{multicols}{2}[The quay]Ropes hold.\end{multicols}", "The quay. Ropes hold."),
        (r"\begin{tabu} to 0.8\textwidth {X[2] X}tar & rope\\ oar & sail\end{tabu}", "tar rope. oar sail"),
        (r"\begin{tblr}{colspec={ll}}tar & rope\\ oar & sail\end{tblr}", "tar rope. oar sail"),
        (r"\begin{tasks}(2)\task tar \task rope\end{tasks}", "tar. rope"),
        (r"\begin{questions}\question[5] Why tar?\begin{parts}\part Rope\end{parts}\end{questions}", "Why tar?. Rope"),
        (
            "\\begin{lstlisting}[caption={The \\emph{quay}},label=q]\nrope=1\n\\end{lstlisting}\\ref{q}.",
            "Listing 1. The quay. rope=1 1",
        ),
        ("\\begin{listing}\n\\begin{minted}{c}\nrope\n\\end{minted}\n\\caption{The quay}\\end{listing}", "The quay. rope"),
        (r"\begin{frame}{The quay}Ropes hold.\end{frame}", "The quay Ropes hold."),
        (r"\begin{table*}\caption{Ropes}\begin{tabular}{c}tar\end{tabular}\end{table*}", "Ropes tar"),
        (r"\begin{equation*}\begin{aligned}a&=b\end{aligned}\end{equation*} Then \(\begin{odd}x\end{odd}\).", "Then"),
    ],
)
def test_environments_keep_their_words(engines: Engines, conversion: markups.Recipe, body: str, text: str) -> None:
    document = markups.read(paper(r"\title{T}Before. " + body + " After."), "a.tex", engines, conversion("pdf"))
    said = " ".join(pandoc_ast.text(document.blocks).split())
    for part in text.split(". "):
        assert part in said
    assert said.startswith("Before.") and said.endswith("After.")
    assert "{" not in said or "Then" in text
    assert "text-missing" not in markups.codes(document)


def test_algorithms_are_lines(engines: Engines, conversion: markups.Recipe) -> None:
    body = r"""\begin{algorithm}[H]\caption{To moor}\begin{algorithmic}[1]
\Require a rope
\Procedure{Moor}{rope, bollard}
\If{the rope is wet} \State dry it \Comment{well} \ElsIf{it is short} \State \Return none \EndIf
\STATE call \Call{Tie}{rope}
\EndProcedure
\end{algorithmic}\end{algorithm}"""
    document = markups.read(paper(r"\title{T}" + body), "a.tex", engines, conversion("pdf"))
    (lines,) = (node["c"] for node in pandoc_ast.query(document.blocks, {"Para"}))
    text = "".join("|" if node["t"] == "LineBreak" else pandoc_ast.text([node]) for node in lines)
    shown = [" ".join(line.replace("\u00a0", ".").split()) for line in text.split("|")]
    assert shown == [
        "Require: a rope", "procedure Moor(rope, bollard)", "....if the rope is wet then", "........dry it (well)",
        "....else if it is short then", "........return none", "....end if", "....call Tie(rope)", "end procedure",
    ]  # fmt: skip
    assert "To moor" in markups.said(document) and "text-missing" not in markups.codes(document)


def test_the_heading_of_the_abstract_is_no_title(engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read(paper(r"\begin{abstract}Of light.\end{abstract}Lamps."), "harbour.tex", engines, conversion("pdf"))
    assert document.metadata.title == "harbour"


def test_own_environments_by_others_of_the_author(engines: Engines, conversion: markups.Recipe) -> None:
    own = r"\newenvironment{inner}{\begin{quote}}{\end{quote}}\newenvironment{outer}{\begin{inner}Note: }{\end{inner}}"
    document = markups.read(paper(r"\begin{outer}Lamps burn.\end{outer}", own), "a.tex", engines, conversion("pdf"))
    assert markups.said(document) == "Note: Lamps burn."


def test_references_are_numbers_or_keys(engines: Engines, conversion: markups.Recipe) -> None:
    body = r"""\title{T}\section{Sea}\label{sea}
\begin{figure}\includegraphics{lamp.png}\caption{A lamp}\label{fig}\end{figure}
\begin{equation}\label{eq}x\end{equation}
\begin{lemma}\label{lem}Ropes hold.\end{lemma}
See \ref{sea}, \ref{fig}, \eqref{eq}, \autoref{lem}, \cref{sea,fig}, \nameref{sea}, \pageref{sea}, \ref{gone},
\cite{vogt}, \citep[p.~3]{li, wei}.
\begin{thebibliography}{9}\bibitem{vogt} Vogt, Lamps.\end{thebibliography}"""
    document = markups.read(paper(body), "a.tex", engines, conversion("pdf"))
    wanted = "See 1, 1, (1), Lemma 1, Section 1, Figure 1, Sea, [sea], [gone], [1], [li; wei, p. 3]."
    said = markups.said(document).replace("\u00a0", " ")
    assert wanted in said and "References[1] Vogt, Lamps." in said
    assert "dead-internal-link" not in markups.codes(document)


def test_the_abstract_is_on_the_page(engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read(
        paper(r"\title{T}\begin{abstract}Of \emph{light}.\end{abstract}Text."), "a.tex", engines, conversion("pdf")
    )
    assert markups.said(document) == "Abstract Of light. Text."
    assert document.metadata.description == "Of light."


@pytest.mark.parametrize(
    ("declared", "charset"), [("latin1", "latin-1"), ("ansinew", "cp1252"), ("applemac", "mac_roman"), ("latin9", "iso8859-15")]
)
def test_inputenc_is_believed(engines: Engines, conversion: markups.Recipe, declared: str, charset: str) -> None:
    data = paper("Größe, garçon.", rf"\usepackage[{declared}]{{inputenc}}").encode(charset)
    document = markups.read(data, "a.tex", engines, conversion("pdf"))
    assert markups.said(document) == "Größe, garçon."


def test_a_drawing_is_reported(engines: Engines, conversion: markups.Recipe) -> None:
    text = paper(r"Text. \begin{tikzpicture}\draw (0,0) -- (1,1);\end{tikzpicture}")
    document = markups.read(text, "a.tex", engines, conversion("pdf"))
    assert markups.said(document) == "Text."
    assert "draw" in next(each for each in document.notices if each.code == "raw-html-dropped").data["removed"]


@pytest.mark.parametrize(
    ("preamble", "body", "shown"),
    [
        (r"\newcommand{\si}{sea}", r"At \si{} by \si.", "At sea by sea."),
        ("", r"Of \ac to the \gls.", "Of ac to the gls."),
        ("", r"\begin{multicols}{2}[\section{Other ropes}] tar\end{multicols}", "tar"),
        ("", "Lamps.\n\\iffalse\nNot a word of this is printed, and none is missing.\n\\fi\n", "Lamps."),
    ],
)
def test_macros_of_the_author(engines: Engines, conversion: markups.Recipe, preamble: str, body: str, shown: str) -> None:
    document = markups.read(paper(body, preamble), "a.tex", engines, conversion("pdf"))
    assert markups.said(document) == shown
    assert "text-missing" not in markups.codes(document)


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (
            r"\begin{methoddesc}[Rope]{tie}{end, knot=None, tar='no'} Ties.\end{methoddesc}",
            "Rope tie end, knot=None, tar=’no’ Ties.",
        ),
        (r"\begin{adjustbox}{width=3cm,center} Tar.\end{adjustbox}", "Tar."),
        (r"\begin{somebox}[colback=red, enhanced] Tar.\end{somebox}", "Tar."),
        (r"\makebox[3cm][c]{Tar} and \framebox[2cm]{rope}", "Tar and rope"),
        (r"\subfloat[By day]{Tar} \captionof{table}{Ropes}", "Tar By day Ropes"),
        (r"\pdftooltip{Tar}{a sticky liquid}", "Tar a sticky liquid"),
        ("\\begin{LVerbatim}\n\\tar{} x\n\\end{LVerbatim}", r"\tar{} x"),
        (r"Rope\footnotemark[2] here.\footnotetext[2]{Of hemp.}", "Rope here. Of hemp."),
        (r"Rope.\sidenote{Hemp.}\marginpar{Tar.}\endnote{End.}", "Rope. Hemp. Tar. End."),
    ],
)
def test_words_of_arguments(engines: Engines, conversion: markups.Recipe, body: str, shown: str) -> None:
    document = markups.read(paper(body), "a.tex", engines, conversion("pdf"))
    assert markups.said(document) == shown


def test_marginal_and_separate_notes_are_notes(engines: Engines, conversion: markups.Recipe) -> None:
    text = paper(r"A\footnotetext{One.}\marginpar[l]{Two.}\sidenote{Three.} \ce{H2O}")
    blocks = markups.read(text, "a.tex", engines, conversion("pdf")).blocks
    assert sum(1 for _ in pandoc_ast.query(blocks, {"Note"})) == 3
    assert [node["c"][1] for node in pandoc_ast.query(blocks, {"Math"})] == [r"\ce{H2O}"]


def test_options_of_unknown_commands_are_reported(engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read(paper(r"\knot[over and under]{Tar}"), "a.tex", engines, conversion("pdf"))
    assert markups.said(document) == "Tar"
    assert "over and under" in [each.data.get("removed") for each in document.notices]


def test_commands_of_document_classes(engines: Engines, conversion: markups.Recipe) -> None:
    preamble = (
        r"\title{Ropes\thanks{Paid by the quay.}}\author{Ada Vogt\orcidID{0000-0002-1825-0097}\and Li Wei}"
        r"\institute{North Bank\\ \email{ada@lamps.example}}\affiliation[2]{organization={South Bank}, city={Oslo}}"
        r"\titlerunning{On ropes}\received{May}\date{2020\footnote{Late.}}\newcommand{\address}[1]{#1}"
    )
    metadata = markups.read(paper("Text.", preamble), "a.tex", engines, conversion("pdf")).metadata
    assert (metadata.title, [each.name for each in metadata.authors], metadata.date) == ("Ropes", ["Ada Vogt", "Li Wei"], "2020")
    assert metadata.custom == {
        "author_notes": ["Paid by the quay."],
        "orcids": ["0000-0002-1825-0097"],
        "affiliations": ["North Bank, ada@lamps.example", "South Bank, Oslo"],
        "emails": ["ada@lamps.example"],
        "running_title": ["On ropes"],
        "history": ["May"],
        "date_notes": ["Late."],
    }


@pytest.mark.parametrize(
    ("head", "people"),
    [
        (r"\author{Ada Vogt \\ Bank of Sand \\ \texttt{ada@sand.example}}", [("Ada Vogt", "Bank of Sand", "ada@sand.example")]),
        (r"\author{Ada Vogt\\[2pt] Bank of Sand \and Li Wei}", [("Ada Vogt", "Bank of Sand", ""), ("Li Wei", "", "")]),
        (r"\author{Ada Vogt\thanks{Paid.} \and J\"org Lind$^{1,2}$}", [("Ada Vogt", "", ""), ("Jörg Lind", "", "")]),
        (r"\author{Ada Vogt\inst{2} \and Li Wei\inst{1}}\institute{Sea \and Sand}",
         [("Ada Vogt", "Sand", ""), ("Li Wei", "Sea", "")]),
        (r"\author{Ada Vogt\textsuperscript{1}}", [("Ada Vogt", "", "")]),
        (r"\author{\IEEEauthorblockN{Ada Vogt}\IEEEauthorblockA{Bank of Sand}}", [("Ada Vogt", "", "")]),
        (r"\author{\Large Ada Vogt \newline Sea}", [("Ada Vogt", "Sea", "")]),
    ],
)  # fmt: skip
def test_lines_of_an_author(head: str, people: list[tuple[str, str, str]], engines: Engines, conversion: markups.Recipe) -> None:
    text = rf"\documentclass{{article}}\title{{Ropes}}{head}\begin{{document}}\maketitle Text.\end{{document}}"
    metadata = markups.read(text, "a.tex", engines, conversion("pdf")).metadata
    assert [(each.name, each.affiliation, each.email) for each in metadata.authors] == people


@pytest.mark.parametrize(
    ("title", "shown", "kept"),
    [
        (r"\title{Ropes \\ \large and knots}", "Ropes and knots", {}),
        (r"\title[Knots]{Ropes and knots}", "Ropes and knots", {"running_title": ["Knots"]}),
        (r"\title{Ropes\thanks{Paid.}}", "Ropes", {"author_notes": ["Paid."]}),
        (r"\title{\bfseries Ropes}", "Ropes", {}),
    ],
)
def test_title_lines(title: str, shown: str, kept: dict[str, list[str]], engines: Engines, conversion: markups.Recipe) -> None:
    text = rf"\documentclass{{article}}{title}\begin{{document}}\maketitle Text.\end{{document}}"
    metadata = markups.read(text, "a.tex", engines, conversion("pdf")).metadata
    assert (metadata.title, metadata.custom) == (shown, kept)


def test_keywords_in_an_abstract_are_not_its_text(engines: Engines, conversion: markups.Recipe) -> None:
    text = r"\begin{document}\begin{abstract}Of ropes.\keywords{knots, sand}\end{abstract}Text.\end{document}"
    metadata = markups.read(text, "a.tex", engines, conversion("pdf")).metadata
    assert (metadata.description, metadata.keywords) == ("Of ropes.", ("knots", "sand"))


@pytest.mark.parametrize(
    ("command", "entries"),
    [
        (r"\index{dune!low}", ["dune, low"]),
        (r"\index{alpha@\emph{Alpha}|textbf}", ["Alpha"]),
        (r"\index[names]{Vogt}", ["Vogt"]),
    ],
)
def test_index_entries_are_reported(command: str, entries: list[str], engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read(rf"\begin{{document}}Sand{command} and more.\end{{document}}", "a.tex", engines, conversion("pdf"))
    assert [each.data["entries"] for each in document.notices if each.code == "index-entry-removed"] == [entries]
    assert markups.said(document) == "Sand and more."


def test_quotation_marks_of_tex(engines: Engines, conversion: markups.Recipe) -> None:
    body = r"She said ``light `it' now'' and \verb|a`b|."
    document = markups.read(rf"\begin{{document}}{body}\end{{document}}", "a.tex", engines, conversion("pdf"))
    assert markups.said(document) == "She said \u201clight \u2018it\u2019 now\u201d and a`b."


def test_labels_of_items_are_words(engines: Engines, conversion: markups.Recipe) -> None:
    inner = r"\begin{description}\item[Oil] burns\end{description}"
    body = rf"\begin{{enumerate}}\item[(a)] tar {inner}\item[Step 2] wax\item[--] wick\item[$\bullet$] end\end{{enumerate}}"
    document = markups.read(rf"\begin{{document}}{body}\end{{document}}", "a.tex", engines, conversion("pdf"))
    assert "".join(markups.said(document).split()) == "(a)tarOilburnsStep2waxwickend"
