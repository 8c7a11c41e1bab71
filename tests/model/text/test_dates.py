"""Dates: read, shown, and the one instant of a build; no clock anywhere."""

from __future__ import annotations

import pytest

from service.model.document import Metadata
from service.model.text import dates


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024", "2024-01-01T00:00:00Z"),
        ("2024-11", "2024-11-01T00:00:00Z"),
        ("2024-11-21", "2024-11-21T00:00:00Z"),
        ("2025-10-06T19:16:36.499828+08:00", "2025-10-06T11:16:36Z"),
        ("2025-10-06 19:16", "2025-10-06T19:16:00Z"),
    ],
)
def test_instant(text: str, expected: str) -> None:
    moment = dates.instant(text)
    assert moment is not None
    assert dates.w3c(moment) == expected


@pytest.mark.parametrize("text", ["", "yesterday", "2024-13-01", "2024-02-30", "0001-01-01T00:00:00+09:00", "0000"])
def test_not_an_instant(text: str) -> None:
    assert dates.instant(text) is None
    assert dates.shown(text, "en") == text


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("2024-11-21", "en", "21 November 2024"),
        ("2024-11-21T10:00:00Z", "zh-Hans", "2024年11月21日"),
        ("2024-11", "it", "novembre 2024"),
        ("2024", "ko", "2024년"),
        ("2024-11-21", "unknown", "21 November 2024"),
    ],
)
def test_shown(text: str, language: str, expected: str) -> None:
    assert dates.shown(text, language) == expected


def test_build_instant_is_the_latest_own_date() -> None:
    metadata = Metadata(date="2024-11-21", fetched_at="2025-10-06T19:16:36.499828", modified="last week")
    assert dates.w3c(dates.build_instant(metadata, {})) == "2025-10-06T19:16:36Z"
    assert dates.w3c(dates.build_instant(metadata, {"SOURCE_DATE_EPOCH": "86400"})) == "1970-01-02T00:00:00Z"
    assert dates.build_instant(Metadata(), {}) == dates.UNDATED
