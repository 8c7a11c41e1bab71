"""Dates of documents: parsed, shown in the document's language, and the moment that artifacts are dated by.

No clock anywhere: the same document gives the same bytes whenever it is converted (docs/decisions.md).
"""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime

from service.model.metadata import Metadata
from service.model.text import digits

TIME = r"(?P<time>\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?)\s*(?P<zone>Z|[+-]\d\d:?\d\d)?"
ISO = re.compile(rf"(?P<year>\d{{4}})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)(?:[T ]{TIME})?)?)?")
# The first moment of a zip entry. It means "no date known"; a clock is never used.
UNDATED = datetime(1980, 1, 1, tzinfo=UTC)

MONTHS: Mapping[str, str] = {
    "en": "January February March April May June July August September October November December",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
}
FORMS: Mapping[str, tuple[str, str, str]] = {
    "en": ("{year}", "{name} {year}", "{day} {name} {year}"),
    "it": ("{year}", "{name} {year}", "{day} {name} {year}"),
    "fr": ("{year}", "{name} {year}", "{day} {name} {year}"),
    "de": ("{year}", "{name} {year}", "{day}. {name} {year}"),
    "es": ("{year}", "{name} de {year}", "{day} de {name} de {year}"),
    "zh-Hans": ("{year}年", "{year}年{month}月", "{year}年{month}月{day}日"),
    "zh-Hant": ("{year}年", "{year}年{month}月", "{year}年{month}月{day}日"),
    "ja": ("{year}年", "{year}年{month}月", "{year}年{month}月{day}日"),
    "ko": ("{year}년", "{year}년 {month}월", "{year}년 {month}월 {day}일"),
}


def instant(text: str) -> datetime | None:
    """The moment in UTC. Missing parts are the first possible ones, a missing zone is UTC. None: not a date."""
    match = ISO.fullmatch(text.strip())
    if not match:
        return None
    year, month, day, time, zone = (match[name] or "" for name in ("year", "month", "day", "time", "zone"))
    try:
        moment = datetime.fromisoformat(
            f"{year}-{month or '01'}-{day or '01'}T{(time or '00:00').replace(',', '.')}{zone or '+00:00'}"
        )
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def has_zone(text: str) -> bool:
    match = ISO.fullmatch(text.strip())
    return bool(match and match["zone"])


def w3c(moment: datetime) -> str:
    """`2024-11-21T00:00:00Z`: the only form that EPUB and OOXML allow for their own dates."""
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def shown(text: str, language: str) -> str:
    """A date as a reader of `language` writes it, no more precise than a day; else `text` itself.

    `language` is a row of FORMS, or a BCP 47 tag, whose dates CLDR has.
    """
    match = ISO.fullmatch(text.strip())
    if not match or instant(text) is None:
        return text
    month, day = int(match["month"] or 0), int(match["day"] or 0)
    moment = date(int(match["year"]), month or 1, day or 1)
    if language not in FORMS and (found := _by_cldr(moment, (month > 0) + (day > 0), language)):
        return found
    names = MONTHS.get(language, MONTHS["en"]).split()
    form = FORMS.get(language, FORMS["en"])[(month > 0) + (day > 0)]
    return form.format(year=int(match["year"]), month=month, day=day, name=names[month - 1])


@functools.lru_cache(maxsize=256)
def _by_cldr(day: date, precision: int, language: str) -> str:
    """A date by CLDR: year, year and month, or the whole date, in the digits of the language; empty for unknown languages."""
    from babel import Locale, UnknownLocaleError
    from babel.dates import format_date, format_skeleton

    try:
        locale = Locale.parse(language.replace("_", "-"), sep="-")
    except (UnknownLocaleError, ValueError):
        primary = language.replace("_", "-").split("-")[0]
        return _by_cldr(day, precision, primary) if primary != language else ""
    if precision == 2:
        shown = format_date(day, "long", locale=locale)
    else:
        moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
        shown = format_skeleton(("y", "yMMMM")[precision], moment, locale=locale)
    return digits.written(shown, language).strip("\u200f")


def build_instant(metadata: Metadata, environ: Mapping[str, str] | None = None) -> datetime:
    """The date of creation in a file: SOURCE_DATE_EPOCH, else the latest of the document's dates, else UNDATED."""
    epoch = (os.environ if environ is None else environ).get("SOURCE_DATE_EPOCH", "")
    if epoch.isdecimal():
        return datetime.fromtimestamp(min(int(epoch), 253402300799), UTC)
    own = (instant(text) for text in (metadata.modified, metadata.date, metadata.fetched_at))
    return max((moment for moment in own if moment), default=UNDATED)
