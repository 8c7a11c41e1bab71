"""Pictures with and without descriptions."""

from __future__ import annotations

import pytest

from service.ast import pandoc_ast
from service.ast.descriptions import DECORATIVE, described, undescribed


@pytest.mark.parametrize(
    ("alt", "title", "classes", "expected"),
    [
        ("A lamp", "", [], True),
        ("", "A lamp", [], True),
        ("", "", [DECORATIVE], True),
        ("", "", ["other"], False),
        (" ", " ", [], False),
    ],
)
def test_a_text_a_title_or_the_word_of_the_author(alt: str, title: str, classes: list[str], expected: bool) -> None:
    image = pandoc_ast.image([pandoc_ast.string(alt)], "a.png", title, pandoc_ast.attr(classes=classes))
    assert described(image) is expected
    assert undescribed([pandoc_ast.para([image])]) == ([] if expected else [image])
