"""Khmer, Lao and Burmese break between syllables, never within a stack of letters."""

from __future__ import annotations

import pytest

from service.ast.pandoc_ast import para, string
from service.model.blocks import Blocks
from service.writers.page import syllables


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("ក្រុមប្រវែង", ["ក្រុ", "ម", "ប្រ", "វែ", "ង"]),
        ("မြန်မာစာ", ["မြန်", "မာ", "စာ"]),
        ("ພາເໄ", ["ພາ", "ເ", "ໄ"]),
        ("plain", ["plain"]),
    ],
)
def test_syllables(text: str, parts: list[str]) -> None:
    (block,) = syllables.parted(Blocks([para([string(text)])]))
    assert block["c"][0]["c"].split("\u200b") == parts


def test_the_authors_own_places_are_the_only_ones() -> None:
    blocks = Blocks([para([string("ក្រុម\u200bប្រវែង")])])
    assert syllables.parted(blocks) == blocks
