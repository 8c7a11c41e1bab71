"""Any nesting of elements, closed or not: each word is in the blocks or among what was dropped, once."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.ast.html import Converter, elements
from service.model.errors import TooComplex
from tests.ast.html.test_every_element import strings

# `plaintext` and a `textarea`, a `title` … that nothing closes take the markup after them for their text.
NAMES = sorted(elements.KNOWN - elements.RAW_TEXT - {"frameset"})


@st.composite
def pages(draw: st.DrawFn) -> str:
    """Random tags around numbered words; tags may be left open, closed twice or closed in the wrong order."""
    chance = random.Random(draw(st.integers(0, 2**32)))
    parts: list[str] = []
    for number in range(draw(st.integers(1, 40))):
        tag = chance.choice(NAMES)
        end = chance.choice(["", f"</{tag}>", f"</{chance.choice(NAMES)}>"])
        parts.append(f"<{tag}{chance.choice(['', ' id=a', ' align=center', ' href=x src=y'])}>w{number}w{end} ")
    return "".join(parts)


def words(html: str) -> Iterator[str]:
    converter = Converter()
    blocks = converter.blocks(html)
    yield " ".join(strings(blocks))
    yield from (each.content for each in converter.dropped)


@given(pages())
def test_each_word_is_kept_once(html: str) -> None:
    reported = " ".join(words(html))
    for number in range(html.count("w") // 2):
        word = f"w{number}w"
        if word in html:
            assert reported.count(word) == 1, (word, html, reported)


@given(st.text(alphabet=st.sampled_from("<>/ab &;\"'=-!\0\n"), max_size=200))
def test_any_text_is_taken(html: str) -> None:
    Converter().blocks(html)


@pytest.mark.parametrize("name", NAMES)
def test_an_element_in_itself_ends_somewhere(name: str) -> None:
    try:
        Converter().blocks(f"<{name}>a" * 500)
    except TooComplex as refused:
        assert refused.places[0].line == 1
