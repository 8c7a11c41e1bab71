"""Dates: as precise as the author was, and never a guess."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.dates import normalised

FORMS = {
    "2024": "2024", "2024-11": "2024-11", "2024-11-21": "2024-11-21", "20241121": "2024-11-21", "2024-1-5": "2024-01-05",
    "2025-10-06T19:16:36.499828": "2025-10-06T19:16:36.499828", "2025-10-06 19:16:36+0800": "2025-10-06T19:16:36+08:00",
    "2024-11-21T10:00Z": "2024-11-21T10:00Z", "2024-11-21 10:00:00 UTC": "2024-11-21T10:00:00Z", "2024/11/21": "2024-11-21",
    "2024.11.21": "2024-11-21", "2024年11月21日": "2024-11-21", "2024年11月21日 10:30": "2024-11-21T10:30",
    "2024年11月": "2024-11",
    "2024년 11월 21일": "2024-11-21", "Nov 21, 2024": "2024-11-21", "November 21st, 2024 10:30 PM": "2024-11-21T22:30",
    "12:00 AM": None, "Jan. 5, 2024 12:05 AM": "2024-01-05T00:05", "Thu, 21 Nov 2024 10:00:00 +0000": "2024-11-21T10:00:00+00:00",
    "Thu, 21 Nov 2024 10:00:00 GMT": "2024-11-21T10:00:00Z", "21.11.2024": "2024-11-21", "21/11/2024": "2024-11-21",
    "11/21/2024": "2024-11-21", "1er mars 2024": "2024-03-01", "21 novembre 2024": "2024-11-21",
    "21. November 2024": "2024-11-21",
    "21 de noviembre de 2024": "2024-11-21", "21st of November 2024": "2024-11-21", "November 2024": "2024-11",
    "11/12/2024": None, "2024-13-45": None, "2024-02-30": None, "2024-02-29": "2024-02-29", "yesterday": None, "12:30": None,
    "2024-11-21 10:30:00 +0800 CST": "2024-11-21T10:30:00+08:00", "Thu Nov 21 2024 10:30:00 +0800 (CST)": None,
    "Thu, 21 Nov 2024 10:00:00 +0100 (CET)": "2024-11-21T10:00:00+01:00", "2024-11-21 10:30 Z CST": None,
    "2024-11-21T25:00": None, "2024-11-00": None, "2024-00": None, "0000": None, "21 Foo 2024": None, "": None, "1": None,
    "Thu, 21 Nov 2024 10:00:00 CST": None, "2024-11-21 and more": None, "2024/11-21": None, "x" * 500: None,
}  # fmt: skip


@pytest.mark.parametrize(("text", "iso"), FORMS.items())
def test_forms(text: str, iso: str | None) -> None:
    assert normalised(text) == iso


@given(st.datetimes(timezones=st.none() | st.timezones()))
def test_iso_comes_through(moment: object) -> None:
    text = str(moment).replace(" ", "T")
    if text[:4] >= "0001" and text.count(":") <= 3:  # old zones have offsets with seconds
        assert normalised(text) == text


@given(st.text(max_size=90))
def test_any_text(text: str) -> None:
    iso = normalised(text)
    assert iso is None or normalised(iso) == iso
