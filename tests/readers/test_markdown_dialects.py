"""auto is a set of extensions of CommonMark, however few of them are named."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from service.engines import Engines
from service.engines.pandoc.process import binary
from service.model.document import Conversion
from service.model.errors import TooComplex
from service.readers.markdown import dialects, limits

WANTED = (
    "raw_html", "pipe_tables", "strikeout", "task_lists", "footnotes", "alerts", "gfm_auto_identifiers", "tex_math_dollars",
)  # fmt: skip
MARKUP = {
    "yaml_metadata_block": "---\ntitle: Hidden\n---\n\nText",
    "emoji": "He said :smile: and :+1:",
    "autolink_bare_uris": "See www.example.org, HTTP://example.org and me@example.org",
    "tex_math_gfm": "Inline $`a + b`$ and\n\n```math\na\n```\n\n~~~ Math\nb\n~~~",
}

FRAGMENTS = (
    "word ", "\n", "\n\n", "---\n", "a: b\n", ":", "smile", "+1", "www.", "example.org ", "http", "://", "me@", "mailto:", "$",
    "`", "```", "~~~ ", "math", "x^2", "* ", "1. ", "> ", "# ", "| a | b |\n|---|---|\n| 1 | 2 |\n", "[^1]", "[^1]: note\n",
    "- [ ] ", "~~", "<b>", "</b>", "[!NOTE]\n", " \n", "\\\n", "\t", "![a\nb](c)", "[a\nb](c)", "**", "\u3000\n",
)  # fmt: skip


def test_what_githubs_dialect_is_in_this_pandoc() -> None:
    """Where another version adds an extension, it must be spared or wanted."""
    told = subprocess.run([binary(), "--list-extensions=gfm"], capture_output=True, text=True, check=True, timeout=20).stdout
    on = {line[1:] for line in told.split() if line.startswith("+")}
    assert on == {*WANTED, *dialects.SPARED}
    assert MARKUP.keys() == dialects.SPARED.keys()


@pytest.fixture(scope="module")
def both(engines: Engines, conversion: Callable[..., Conversion]) -> Callable[[str], tuple[bytes, bytes]]:
    """A text as it is read, and by the extensions one by one."""

    def read(text: str) -> tuple[bytes, bytes]:
        chosen = dialects.pandoc_format(text, conversion("pdf"))
        whole = "commonmark" + "".join(f"+{name}" for name in WANTED) + "+" + chosen.rpartition("+")[2]
        return engines.pandoc.read(text, chosen)[0], engines.pandoc.read(text, whole)[0]

    return read


@pytest.mark.parametrize("name", MARKUP)
def test_what_is_spared_is_not_read(both: Callable[[str], tuple[bytes, bytes]], name: str, engines: Engines) -> None:
    ours, wanted = both(MARKUP[name])
    assert ours == wanted
    assert engines.pandoc.read(MARKUP[name], "gfm")[0] != wanted, "the text tells nothing"


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=12).map("".join))
def test_any_text_is_read_the_same(both: Callable[[str], tuple[bytes, bytes]], text: str) -> None:
    assume(_is_let_in(text))
    ours, wanted = both(text)
    assert ours == wanted


def _is_let_in(text: str) -> bool:
    """What is refused never comes to pandoc, which does not end on a footnote that calls itself."""
    try:
        limits.check(text)
    except TooComplex:
        return False
    return True
