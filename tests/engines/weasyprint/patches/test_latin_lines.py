"""Lines that are found by adding up widths are those that Pango finds, to the last bit."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from weasyprint.css import InitialStyle
from weasyprint.css.properties import INITIAL_VALUES
from weasyprint.text.line_break import split_first_line

from service.engines.weasyprint import rendering
from service.engines.weasyprint.patches import latin_lines, word_widths

CONTEXT = SimpleNamespace(dictionaries={})
PIECES = st.one_of(
    st.sampled_from(
        ["the", "characteristically", "office", "fluffily", "AVATAR", "hyphenation", "well-known", "of", "Straße", "l’état"]
    ),
    st.text("abfiltAVWTé.,-–—/'’“”()!?:;%$…0123456789", min_size=1, max_size=14),
)
TEXTS = st.lists(PIECES, min_size=1, max_size=40).map(" ".join)


def styled(**values: Any) -> Any:
    style = InitialStyle(rendering._fonts())
    named = {"font_family": ("Noto Serif",), "lang": "en", "hyphens": "auto", "hyphenate_character": "-"}
    style.update({**INITIAL_VALUES, "font_size": 12, "overflow_wrap": "break-word", **named, **values})
    return style


def reported(text: str, style: Any, skip: int, width: float | None) -> tuple[Any, ...] | None:
    return latin_lines.split(SimpleNamespace(text=text, style=style, justification_spacing=0), skip, width)


def shown(line: tuple[Any, ...]) -> tuple[Any, ...]:
    return line[0].text, line[0].max_width, line[0].first_line_direction, *line[1:]


@settings(max_examples=150, deadline=None)
@given(
    TEXTS,
    st.floats(50, 500),
    st.sampled_from(["Noto Serif", "Noto Sans", "Noto Sans Mono CJK SC"]),
    st.sampled_from(["en", "de", "fr"]),
)
def test_same_lines(text: str, width: float, family: str, lang: str) -> None:
    style, skip = styled(font_family=(family,), lang=lang), 0
    while True:
        plain = split_first_line(text.encode()[skip:].decode(), style, CONTEXT, width, 0)
        found = reported(text, style, skip, width)
        assert found is None or shown(found) == shown(plain)
        if plain[2] is None:
            break
        skip += plain[2]


def test_most_lines_of_a_paragraph_are_reported() -> None:
    text, style, skip, count = "The characteristically plain words of a paragraph, well-known, " * 20, styled(), 0, 0
    while (found := reported(text, style, skip, 310.7)) and found[2]:
        skip, count = skip + found[2], count + 1
    assert count > 20


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Ο φάρος", {}), ("一段中文", {}), ("soft\u00adhyphen", {}), ("a\nb", {}), ("النص", {}), ("e\u0301", {}), ("😀", {}),
        ("words", {"letter_spacing": 1}), ("words", {"word_spacing": 2}), ("words", {"font_variant_caps": "small-caps"}),
        ("words", {"direction": "rtl"}), ("words", {"font_family": ("Noto Serif CJK SC",)}),
    ],
)  # fmt: skip
def test_all_else_is_asked(text: str, values: dict[str, Any]) -> None:
    assert reported(text, styled(**values), 0, 400) is None


def test_a_font_with_rules_for_the_space_is_asked() -> None:
    assert word_widths.of(styled(font_family=("Noto Serif CJK SC",))) is None
    assert word_widths.of(styled(font_family=("Noto Serif",))) is not None


def test_words_are_set_once(monkeypatch: pytest.MonkeyPatch) -> None:
    face = word_widths.of(styled(font_size=12.345))
    assert face is not None
    face.shape("lighthouse")
    monkeypatch.setattr(face, "_set", pytest.fail)
    assert face.shape("lighthouse").width > 12 * 1024


def test_words_are_bounded_over_all_faces_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_widths, "MOST", 1_000)
    one, other = word_widths.of(styled(font_size=31)), word_widths.of(styled(font_size=32))
    assert one and other
    for number in range(300):
        (one, other)[number % 2].shape(f"word{number}")
        assert sum(len(word) for face in word_widths.Face.known for word in (*face.words, *face.signs)) <= 1_000
    assert other.words, "the last are there"


@pytest.mark.parametrize(
    "text", ["a" * (word_widths.LONGEST + 1), "9" * (word_widths.LONGEST + 1), "word " * (latin_lines.LONGEST // 5 + 1)]
)
def test_what_is_long_is_not_kept(text: str) -> None:
    style = styled(font_size=33)
    assert reported(text, style, 0, 100.0) is None
    face = word_widths.of(style)
    assert face and text not in face.words and text not in face.signs
