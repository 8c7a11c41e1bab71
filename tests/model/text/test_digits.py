"""Digits of languages, against CLDR in Babel."""

from __future__ import annotations

import pytest
from babel import Locale

from service.model.text import digits


@pytest.mark.parametrize("tag", [
    "en", "ar", "ar-EG", "ar-SA", "ar-AE", "ar-MA", "fa", "fa-AF", "ur", "ur-IN", "hi", "mr", "ne", "bn", "my", "ckb", "ps",
    "th", "km",    "dz", "zh-Hans", "sd", "as", "ar-IQ",
])  # fmt: skip
def test_the_numbering_system_is_that_of_cldr(tag: str) -> None:
    assert digits.system(tag) == Locale.parse(tag, sep="-").default_numbering_system


@pytest.mark.parametrize(("tag", "shown"), [
    ("fa", "۱۲"), ("ar-EG", "١٢"), ("mr", "१२"), ("bn-IN", "১২"), ("en", "12"), ("ar-u-nu-arab", "١٢"), ("ar-EG-u-nu-latn", "12"),
    ("FA_ir", "۱۲"), ("", "12"),
])  # fmt: skip
def test_written(tag: str, shown: str) -> None:
    assert digits.written("12", tag) == shown


def test_each_system_has_a_counter() -> None:
    assert digits.ZEROS.keys() == digits.COUNTERS.keys() >= set(digits.WRITTEN.values())
