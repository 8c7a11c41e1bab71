"""Org: keys as metadata, marks that stay open, and files that are not read."""

from __future__ import annotations

import pytest

from service.ast import pandoc_ast
from service.engines import Engines
from service.model.errors import TooComplex
from tests.readers import markups

ARTICLE = """\
#+TITLE: Lamps
#+TITLE: at sea
#+AUTHOR: Ada Vogt
#+AUTHOR: Li Wei
#+DATE: <2024-11-21 Thu>
#+FILETAGS: :lamps:sea:
#+KEYWORDS: light, dark
#+LANGUAGE: it
#+SHELF: 3
#+OPTIONS: toc:nil
#+INCLUDE: "/etc/passwd"

* First

Words *bold*.

#+begin_src org
#+SOURCE: none
#+end_src
"""


def test_keys_are_the_front_matter(engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read(ARTICLE, "a.org", engines, conversion("pdf"))
    metadata = document.metadata
    assert (metadata.title, metadata.date, metadata.lang) == ("Lamps at sea", "2024-11-21", "it")
    assert [author.name for author in metadata.authors] == ["Ada Vogt", "Li Wei"]
    assert metadata.keywords == ("lamps", "sea", "light", "dark")
    assert metadata.custom == {"shelf": "3"}
    assert metadata.source_name == ""
    reported = [(each.line, each.data["file"]) for each in document.notices if each.code == "include-ignored"]
    assert reported == [(11, '"/etc/passwd"')]
    assert markups.said(document) == "First Words bold.#+SOURCE: none"


def test_pandocs_own(engines: Engines, conversion: markups.Recipe) -> None:
    assert markups.check_text(engines, conversion, "org", "a.org").metadata.description == "Of light, and of dark."
    assert markups.lost("org", "a.org", engines, conversion("pdf")) == ""


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("ls /usr /etc /var /opt /bin /lib *x _y end", []),
        ("a *bold /it/ x* and ~x *y~ z", ["Strong", "Emph", "Code"]),
        ("*a /b* c/ d", ["Emph"]),
        ("=a *b= c*", ["Code"]),
        ("*a /a _a +a =a ~a " * 200, []),
        ("=a /b " * 200, []),
        ("*a*" * 2000, None),
        ("#+TITLE: t\n\n* /usr *bold* head\n\ntext", ["Header", "Strong"]),
    ],
)
def test_marks_that_stay_open_are_text(engines: Engines, conversion: markups.Recipe, text: str, marked: list[str] | None) -> None:
    blocks = list(markups.read(text, "a.org", engines, conversion("pdf", clean="none")).blocks)
    found = [node["t"] for node in pandoc_ast.query(blocks) if node["t"] in ("Strong", "Emph", "Code", "Header", "Underline")]
    assert marked is None or found == marked
    if marked == []:
        assert pandoc_ast.text(blocks).split() == text.split()


@pytest.mark.parametrize(
    "text",
    [
        "[" * 2000,
        "#+MACRO: a {{{a}}} {{{a}}}\n{{{a}}}",
        "".join("  " * n + "- x\n" for n in range(200)),
        "*" * 300 + " a",
        "|a" * 2000,
        "a [fn:: b " * 20,
        "a [fn:1: =]= " * 20,
        "| [fn:: b " * 20,
        "a src_b{ " * 300,
        "#+MACRO: a b\n" * 400,
        "#+CAPTION: a\n" * 300,
    ],
)
def test_bombs(engines: Engines, conversion: markups.Recipe, text: str) -> None:
    with pytest.raises(TooComplex):
        markups.read(text, "a.org", engines, conversion("pdf"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Strike \\ once.", "Strike \\ once."),
        ("Look in C:\\Lamps\\old.", "Look in C:\\Lamps\\old."),
        ("| D:\\ | disk |\n| \\^ | hat |", "D:\\ disk \\^ hat"),
        ("\\par Lamps", "\\par Lamps"),
        ("- a \\ b\n* Head \\ line", "a \\ b Head \\ line"),
        ("An \\alpha, \\(x\\), =a\\b= and an end\\\\\nhere.", "An α, x, a\\b and an end here."),
    ],
)
def test_backslashes_are_text(engines: Engines, conversion: markups.Recipe, text: str, shown: str) -> None:
    document = markups.read("#+TITLE: T\n\n" + text, "a.org", engines, conversion("pdf"))
    assert markups.said(document) == shown


@pytest.mark.parametrize(
    ("stamp", "date"),
    [
        ("<2024-11-21 Thu>", "2024-11-21"),
        ("<2024-11-21 10:00>", "2024-11-21T10:00"),
        ("[2024-11-21 Thu 9:05]", "2024-11-21T09:05"),
    ],
)
def test_a_time_is_part_of_the_date(engines: Engines, conversion: markups.Recipe, stamp: str, date: str) -> None:
    document = markups.read(f"#+TITLE: T\n#+DATE: {stamp}\n\nA lamp.\n", "a.org", engines, conversion("pdf"))
    assert document.metadata.date == date


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("| tar |\n| rope | sail |", "tar rope sail"),
        ("| tar | oil |\n|---+---|\n| rope | sail | oar |\n\nText.\n\n| a |\n|   | b |", "tar oil rope sail oar Text. a b"),
    ],
)
def test_rows_wider_than_the_first(engines: Engines, conversion: markups.Recipe, text: str, shown: str) -> None:
    assert markups.said(markups.read(f"#+TITLE: T\n\n{text}\n", "a.org", engines, conversion("pdf"))) == shown


def test_commands_of_latex_leave_their_words(engines: Engines, conversion: markups.Recipe) -> None:
    text = "#+TITLE: T\n\nA \\emph{bright} and \\keeper{tall} lamp, \\vspace{3cm}\\LaTeX{}.\n"
    document = markups.read(text, "a.org", engines, conversion("pdf"))
    assert markups.said(document).startswith("A bright and tall lamp,")
    assert "raw-html-dropped" in markups.codes(document)


def test_a_line_for_editors_names_the_encoding(engines: Engines, conversion: markups.Recipe) -> None:
    data = "# -*- mode: org; coding: latin-1 -*-\n\nGröße, garçon.\n".encode("latin-1")
    document = markups.read(data, "a.org", engines, conversion("pdf"))
    assert markups.said(document) == "Größe, garçon."
    assert "encoding-converted" in markups.codes(document)


def test_parts_that_are_not_for_readers(engines: Engines, conversion: markups.Recipe) -> None:
    text = "#+TITLE: T\n\n* Sea\nLamps.\n* To do :noexport:\nBuy tar and rope.\n** Later\nMore.\n* Quay\nRopes.\n"
    document = markups.read(text, "a.org", engines, conversion("pdf"))
    assert markups.said(document) == "Sea Lamps. Quay Ropes."
    reported = next(each for each in document.notices if each.code == "comment-removed")
    assert reported.line == 5 and reported.data["removed"] == ["* To do :noexport:\nBuy tar and rope.\n** Later\nMore."]
    assert "text-missing" not in markups.codes(document)


@pytest.mark.parametrize(
    ("text", "removed"),
    [
        ("* One\nCLOSED: [2025-03-04 Tue 08:39]\nText.", ["CLOSED: [2025-03-04 Tue 08:39]"]),
        ("* One\n  SCHEDULED: <2025-03-04 Tue> DEADLINE: <2025-03-05 Wed>\nText.",
         ["SCHEDULED: <2025-03-04 Tue> DEADLINE: <2025-03-05 Wed>"]),
        ("* One\n:PROPERTIES:\n:effort: low\n:END:\nText.", [":effort: low"]),
        ("* One\nDEADLINE: <2025-03-05 Wed>\n:LOGBOOK:\n- Note taken\n:END:\nText.",
         ["DEADLINE: <2025-03-05 Wed>", "- Note taken"]),
        ("* One\nText.\nCLOSED: no date", None),
    ],
)  # fmt: skip
def test_planning_is_reported(text: str, removed: list[str] | None, engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read(text, "a.org", engines, conversion("pdf"))
    reported = [each for each in document.notices if each.code == "comment-removed"]
    assert [each.data["removed"] for each in reported] == ([removed] if removed else [])
    assert "Text." in markups.said(document)


@pytest.mark.parametrize("mark", ["#+begin_src", "#+begin_x", ":lamp:"])
def test_blocks_and_drawers_that_nothing_ends_are_text(engines: Engines, conversion: markups.Recipe, mark: str) -> None:
    """pandoc looked for the end of each in all that follows, and tried the marks behind it as emphasis."""
    document = markups.read(f"{mark}\n\n" * 4_000 + "*a /b _c " * 20, "a.org", engines, conversion("pdf"))
    assert "".join(markups.said(document).split()) == mark * 4_000 + "*a/b_c" * 20
