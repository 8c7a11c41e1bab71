"""The text of Markdown without its markup, as the count of letters expects it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.readers.markdown import plain

EXAMPLES = sorted((Path(__file__).parent / "examples").glob("*.txt"))
PIECES = (
    "{>>", "<<}", "【1†", "】", ":contentReference[", "]", "\ue200", "\ue201", "\\newpage", "\\alpha", "Table: ", "{{", "}}",
    "{% x %}", "import a", "export b", "{/*", "*/}", "*[a]: b", " ^block", "<!--", "-->", "%%", "<style>", "</style>", "```",
    "~~~", "```{r, echo=FALSE}", "![a](b)", "](c)", "][d]", "[^1]", "[e]: f", "<b>", "https://a.b", "mailto:c", "data:d",
    "[!NOTE]", "::: x", "!!! y", ":smile:", "1. ", "a) ", "[x] ", "@key", "[[p|", "{.k}", "\n", " ", "word", "字",
)  # fmt: skip


def searched(text: str) -> str:
    """`text` without what the cuts find, each of them searched for."""
    text = plain.HIDDEN_START.sub("", text)
    for pattern, _ in plain.CUTS:
        text = plain.letters.without(text, pattern)
    return plain.html.unescape(text).replace("\r", " ")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_what_a_cut_needs_is_in_each_of_its_matches(path: Path) -> None:
    for example in path.read_text(encoding="utf-8").split("\n\n"):
        assert plain.plain(example) == searched(example)


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_the_same_in_any_order(text: str) -> None:
    assert plain.plain(text) == searched(text)
