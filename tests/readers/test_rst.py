"""reStructuredText: the fields at the top, files that are not read, and pages of real documentation."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from service.ast import pandoc_ast
from service.engines import Engines
from service.model.errors import TooComplex
from tests.corpus.text import letters
from tests.readers import markups

ARTICLE = """\
.. a comment

=====
Lamps
=====

:Authors: - Vogt, Ada
          - Li Wei
:Date: $Date: 2024-11-21 $
:Version: 2
:Copyright: Nobody's
:Abstract: Of light,
    and of dark.

    Twice.
:Shelf: 3

First *words*, ``code`` and a `link <https://lamps.example/>`__.

.. include:: /etc/passwd

.. csv-table::
   :file: /etc/shadow
"""
# Pages of every Python or CMake installation; never copied into the project.
PLACES = ("/usr/share/cmake-*/Help/manual", "/usr/share/doc", f"{sys.prefix}/lib/python3*/site-packages")


def test_fields_are_the_front_matter(engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read(ARTICLE, "a.rst", engines, conversion("pdf"))
    metadata = document.metadata
    assert (metadata.title, metadata.date, metadata.version, metadata.rights) == ("Lamps", "2024-11-21", "2", "Nobody's")
    assert [author.name for author in metadata.authors] == ["Vogt, Ada", "Li Wei"]
    assert metadata.description == "Of light, and of dark.\n\nTwice."
    assert metadata.custom == {"shelf": "3"}
    assert markups.said(document) == "Abstract Of light, and of dark. Twice. First words, code and a link."


def test_files_are_not_read_and_that_is_reported(engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read(ARTICLE, "a.rst", engines, conversion("pdf"))
    reported = [each for each in document.notices if each.code == "include-ignored"]
    assert [(each.line, each.data["file"]) for each in reported] == [(20, "/etc/passwd"), (23, "/etc/shadow")]
    assert "root" not in markups.said(document)


def test_front_matter_wins(engines: Engines, conversion: markups.Recipe) -> None:
    text = f"---\ntitle: Another\nby: Somebody\n---\n\n{ARTICLE}"
    metadata = markups.read(text, "a.rst", engines, conversion("pdf")).metadata
    assert (metadata.title, [author.name for author in metadata.authors], metadata.version) == ("Another", ["Somebody"], "2")


def test_pandocs_own(engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.check_text(engines, conversion, "rst", "a.rst")
    assert [author.name for author in document.metadata.authors] == ["Ada Vogt", "Li Wei"]
    assert markups.lost("rst", "a.rst", engines, conversion("pdf")) == ""


@pytest.mark.parametrize(
    "text",
    [
        ".. _a:\n\n" * 201,
        "`a " * 2000,
        "".join(" " * n + "x\n\n" for n in range(400)),
        "".join("   " * n + ".. note::\n\n" for n in range(99)),
        "== ==\na\n\n" * 99,
        "- ==\n  a\n\n" * 99,
        "- " * 99 + "a",
    ],
)
def test_bombs(engines: Engines, conversion: markups.Recipe, text: str) -> None:
    with pytest.raises(TooComplex):
        markups.read(text, "a.rst", engines, conversion("pdf"))


def real_pages() -> list[Path]:
    found = [file for place in PLACES for top in Path("/").glob(place.lstrip("/")) for file in sorted(top.rglob("*.rst"))]
    return [file for file in found if 1_000 < file.stat().st_size < 40_000][:25]


def test_real_pages_keep_their_words(engines: Engines, conversion: markups.Recipe) -> None:
    """Every word of a paragraph that has no markup in it is there, in order."""
    pages = real_pages()
    if not pages:
        pytest.skip("no reStructuredText of other projects on this machine")
    for page in pages:
        text = page.read_text(encoding="utf-8")
        document = markups.read(text, page.name, engines, conversion("pdf"))
        found = letters(document.metadata.title + markups.said(document))
        for paragraph in re.findall(r"(?m)(?<=\n\n)((?:[A-Z][^`*|_:<\\\n]+\n)+)(?=\n)", text):
            assert letters(paragraph) in found, f"{page}: {paragraph}"


def test_the_abstract_is_on_the_page(engines: Engines, conversion: markups.Recipe) -> None:
    text = "T\n=\n\n:Author: Ada\n:Abstract: Of *light*.\n\nText.\n"
    document = markups.read(text, "a.rst", engines, conversion("pdf"))
    assert (markups.said(document), document.metadata.description) == ("Abstract Of light. Text.", "Of light.")


def test_a_line_for_editors_names_the_encoding(engines: Engines, conversion: markups.Recipe) -> None:
    data = ".. vim: set fileencoding=latin-1 :\n\nGröße, garçon.\n".encode("latin-1")
    assert markups.said(markups.read(data, "a.rst", engines, conversion("pdf"))) == "Größe, garçon."


@pytest.mark.parametrize(
    ("directive", "shown"),
    [
        (".. code-block:: c\n   :caption: Low tide\n\n   run;", "Low tide run;"),
        (".. code-block:: c\n   :linenos:\n   :caption: Low tide\n   :name: x\n\n   run;", "Low tide run;"),
        ("- item\n\n  .. code:: c\n     :caption: Low tide\n\n     run;", "item Low tide run;"),
        (".. toctree::\n   :caption: Low tide\n\n   page", "Low tide page"),
    ],
)
def test_captions_of_code(directive: str, shown: str, engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read(f"Start.\n\n{directive}\n\nEnd.\n", "a.rst", engines, conversion("pdf"))
    assert "".join(markups.said(document).split()) == "".join(f"Start. {shown} End.".split())


def test_an_admonition_has_its_own_title(engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read("Start.\n\n.. admonition:: Oil\n\n   Dry wicks.\n", "a.rst", engines, conversion("pdf"))
    (_, classes, _), (title, *rest) = document.blocks[-1]["c"]
    assert (classes, title["c"][0][1]) == (["note"], ["title"])
    assert (pandoc_ast.text([title]).strip(), pandoc_ast.text(rest).strip()) == ("Oil", "Dry wicks.")
