"""Plain text: paragraphs, line ends, a title, and nothing taken for markup."""

from __future__ import annotations

import pytest

from service.ast import pandoc_ast
from service.engines import Engines
from tests.corpus.text import letters
from tests.readers import markups

POEM = "Lamps\n\nThe first line,\nthe second.\n\n*not bold* [x](y) <b> # no\n"


def blocks(text: str, engines: Engines, conversion: markups.Recipe) -> list[pandoc_ast.Node]:
    return list(markups.read(text, "a.txt", engines, conversion("pdf", clean="none")).blocks)


def test_first_line_alone_is_the_title(engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read(POEM, "a.txt", engines, conversion("pdf"))
    assert (document.reader, document.metadata.title) == ("text", "Lamps")
    assert [node["t"] for node in document.blocks] == ["Para", "Para"]


def test_front_matter_wins_and_the_line_stays(engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read(f"---\ntitle: Other\nshelf: 3\n---\n{POEM}", "a.txt", engines, conversion("pdf"))
    assert (document.metadata.title, document.metadata.custom) == ("Other", {"shelf": 3})
    assert markups.said(document).startswith("Lamps")


def test_nothing_is_markup_and_all_is_there(engines: Engines, conversion: markups.Recipe) -> None:
    found = blocks(POEM, engines, conversion)
    assert "*not bold* [x](y) <b> # no" in pandoc_ast.text(found)
    article = markups.ARTICLE.read_text(encoding="utf-8").partition("\n---\n")[2]
    assert letters(pandoc_ast.text(blocks(article, engines, conversion))) in letters(article)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("It ends here.\nAnother line.", ["LineBreak"]),
        ("\n".join(["word " * 14 + "x"] * 12), ["SoftBreak"] * 11),
        ("这是第一行，它有很多字，一直写到这里为止，编辑器才换行，\n" * 12, []),
    ],
)
def test_line_ends(engines: Engines, conversion: markups.Recipe, text: str, kinds: list[str]) -> None:
    found = [node["t"] for node in pandoc_ast.query(blocks(text, engines, conversion)) if node["t"].endswith("Break")]
    assert found == kinds


def test_indented_lines_begin_paragraphs(engines: Engines, conversion: markups.Recipe) -> None:
    assert [node["t"] for node in blocks("第一章。\n　　第一段。\n　　第二段。\n", engines, conversion)] == ["Para"] * 3


def test_layout_by_blanks_is_kept(engines: Engines, conversion: markups.Recipe) -> None:
    table = "name    age\nAda      36\nWei       4"
    found = blocks(f"A sentence.\n\n{table}\n\n* * *\n\nEnd.", engines, conversion)
    assert [node["t"] for node in found] == ["Para", "CodeBlock", "HorizontalRule", "Para"]
    assert found[1]["c"][1] == table
