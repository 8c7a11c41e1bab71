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
    "2024-11-21 10:30:00 +0800 CST": "2024-11-21T10:30:00+08:00",
    "Thu Nov 21 2024 10:30:00 +0800 (CST)": "2024-11-21T10:30:00+08:00",
    "Thu, 21 Nov 2024 10:00:00 +0100 (CET)": "2024-11-21T10:00:00+01:00", "2024-11-21 10:30 Z CST": None,
    "2024-11-21T25:00": None, "2024-11-00": None, "2024-00": None, "0000": None, "21 Foo 2024": None, "": None, "1": None,
    "Thu, 21 Nov 2024 10:00:00 CST": None, "2024-11-21 and more": None, "2024/11-21": None, "x" * 500: None,
}  # fmt: skip
WORDS = {
    "2024年3月4日 星期一 下午3:04": "2024-03-04T15:04", "二〇二四年十二月二十一日": "2024-12-21", "令和6年3月4日": "2024-03-04",
    "令和元年5月": "2019-05", "2024年3月4日（月）午後3時4分": "2024-03-04T15:04", "民國113年3月4日": "2024-03-04",
    "2024년 3월 4일 월요일 오후 3:04": "2024-03-04T15:04", "2024-3-4 周一": "2024-03-04", "２０２４年３月４日": "2024-03-04",
    "Mon Mar  4 10:00:00 2024": "2024-03-04T10:00:00", "Mon Mar 4 10:00:00 UTC 2024": "2024-03-04T10:00:00Z",
    "Mon Mar 04 2024 10:20:30 GMT+0800 (China Standard Time)": "2024-03-04T10:20:30+08:00",
    "Monday, March 4, 2024 at 3:04 PM": "2024-03-04T15:04", "March the 4th, 2024": "2024-03-04", "2024-Mar-04": "2024-03-04",
    "the 4th of March, 2024": "2024-03-04", "March 4, 2024 3 PM": "2024-03-04T15:00", "Foo March 4, 2024": None,
    "lunedì 4 marzo 2024 alle ore 15:04": "2024-03-04T15:04", "1° marzo 2024": "2024-03-01",
    "lundi 4 mars 2024 à 15h04": "2024-03-04T15:04", "le 1er mars 2024": "2024-03-01",
    "Montag, den 4. März 2024, 15:04 Uhr": "2024-03-04T15:04", "4. März 2024 um 9 Uhr": "2024-03-04T09:00",
    "lunes, 4 de marzo de 2024 a las 15:04": "2024-03-04T15:04", "4 марта 2024 г.": "2024-03-04",
    "1709546430": "2024-03-04T10:00:30Z", "1709546430123": "2024-03-04T10:00:30.123Z", "20240304100030": "2024-03-04T10:00:30",
    "202403041000": "2024-03-04T10:00", "12345678": None, "2024年13月1日": None, "三月四日": None,
}  # fmt: skip


@pytest.mark.parametrize(("text", "iso"), (FORMS | WORDS).items())
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
