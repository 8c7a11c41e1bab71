"""Bibliographies and citation styles that were made to hold a worker, and those that are only large."""

from __future__ import annotations

import pytest

from service.model.errors import ValidationFailed
from service.readers.markdown import bibtex, citation_styles
from service.readers.shared.expansion import LOOP, expanded

HEAD = '<style xmlns="http://purl.org/net/xbiblio/csl" version="1.0" class="in-text">\n'
END = '\n<citation><layout><text macro="m0"/></layout></citation></style>'
LAST = "<macro name='m30'><text variable='title'/></macro>"


def macros(calls: int, count: int = 30) -> str:
    return "\n".join(f"<macro name='m{n}'>" + f"<text macro='m{n + 1}'/>" * calls + "</macro>" for n in range(count))


def works(count: int, fields: str) -> str:
    return "\n".join(f"@book{{w{n}, title = {{A}}, {fields.format(n + 1)}}}" for n in range(count))


@pytest.mark.parametrize(
    ("style", "says", "line"),
    [
        (HEAD + "<macro name='m0'><text macro='m0'/></macro>" + END, "calls itself", 2),
        (HEAD + "\n<macro name='m0'><text macro='b'/></macro><macro name='b'><text macro='m0'/></macro>" + END, "itself", 3),
        (HEAD + macros(2) + LAST + END, "more than 100,000 elements", 1),
        (HEAD + "<group>" * 300 + "</group>" * 300 + END, "nests more than 200", 2),
        (HEAD + "<text" + END, "not well-formed", 3),
        ("<!DOCTYPE style [<!ENTITY a 'b'>]>\n" + HEAD + END, "declares XML entities", 1),
        (HEAD + '<link href="https://p.example/" rel="independent-parent"/>' + END, "depends on another style", None),
        ("", "not well-formed", 1),
    ],
)  # fmt: skip
def test_styles_that_are_refused(style: str, says: str, line: int | None) -> None:
    with pytest.raises(ValidationFailed, match=says) as caught:
        citation_styles.check("a.csl", style.encode())
    (place,) = caught.value.places
    assert place.pointer == "/csl"
    assert place.line == line


def test_a_chain_of_macros_is_no_bomb() -> None:
    citation_styles.check("a.csl", (HEAD + macros(1) + LAST + END).encode())
    citation_styles.check("a.csl", (HEAD + macros(9, 3) + END).encode())


@pytest.mark.parametrize(
    ("text", "says", "line"),
    [
        ("@book{a,crossref={a}}", "inherits from itself", 1),
        ("@book{b,}\n@book{a, title={T}, crossref = c}\n\n@book{c,\n CROSSREF = \"a\"}", "inherits from itself", 2),
        ("@book{a,\nxdata={b, a}}", "inherits from itself", 1),
        ("\n" + works(30, "xdata = {{w{0},w{0}}}"), "more than 1,000 works", 22),
        ("@book{a,\ntitle={" + "\\begin{a}" * 250 + "}}", "environments in one another", 2),
        ("@book{a,title={" + "\\iftrue " * 20 + "}}", "conditions in one another", 1),
    ],
)  # fmt: skip
def test_bibliographies_that_are_refused(text: str, says: str, line: int) -> None:
    with pytest.raises(ValidationFailed, match=says) as caught:
        bibtex.check("a.bib", text.encode())
    (place,) = caught.value.places
    assert place.pointer == "/bibliography"
    assert place.line == line


def test_environments_one_after_another_are_no_bomb() -> None:
    formulas = "\\begin{math}x\\end{math} \\ifx a\\else b\\fi " * 40
    bibtex.check("a.bib", f"@book{{a, abstract = {{{formulas}}}}}".encode())


def test_works_of_one_volume_are_no_bomb() -> None:
    chapters = "\n".join(f"@incollection{{c{n}, title = {{{{A}} lamp}}, crossref = {{volume}}}}" for n in range(2_000))
    bibtex.check("a.bib", f"{chapters}\n@book{{volume, title = {{The lamps}}}}".encode())
    bibtex.check("a.bib", works(900, "crossref = {{w{0}}}").encode())


def test_sizes_of_definitions() -> None:
    calls = {"a": {"b": 2, "none": 7}, "b": {"c": 3}, "c": {}, "d": {"e": 1}, "e": {"d": 1}, "f": {"d": 1}}
    sizes = expanded(dict.fromkeys(calls, 1), calls, 100)
    assert sizes == {"a": 9, "b": 4, "c": 1, "d": LOOP, "e": LOOP, "f": 101}
    assert expanded({"a": 5, "b": 60}, {"a": {"b": 2}, "b": {}}, 100) == {"a": 101, "b": 60}
