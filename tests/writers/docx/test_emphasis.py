"""Emphasis of scripts without italics."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.writers.docx.conftest import Opened, W

Make = Callable[..., Opened]


@pytest.mark.parametrize(("lang", "mark"), [("zh-Hans", "underDot"), ("zh-TW", "underDot"), ("ja", "dot"), ("ko", "dot")])
def test_ideographs_get_a_dot_and_latin_words_italics(lang: str, mark: str, opened: Make) -> None:
    made = opened("灯塔*约三成*与*exactly once*。", lang=lang)
    assert [each.get(f"{{{W}}}val") for each in made.find("//w:r[w:t='约三成']/w:rPr/w:em")] == [mark]
    assert not made.find("//w:r[w:t='约三成']/w:rPr/w:i") and made.find("//w:r[starts-with(w:t, 'exactly')]/w:rPr/w:i")


def test_other_languages_keep_italics(opened: Make) -> None:
    made = opened("A *lighthouse* and *灯塔*.", lang="en")
    assert len(made.find("//w:rPr/w:i")) == 2 and not made.find("//w:em")
