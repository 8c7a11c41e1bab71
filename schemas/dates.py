"""Dates in the forms of authors → ISO 8601, with the same precision. No form is guessed.

`11/12/2026` is the 12th of November or the 11th of December: such a date stays the author's text. Missing parts
(day, time, zone) are not added. A number of 9 to 16 digits is a time since 1970, as in Dendron,
Joplin and databases.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime

from schemas import date_words
from schemas.date_words import MONTHS, WEEKDAYS

# Not CST, which is used in Chicago and in China.
ZONES = {"GMT": "Z", "UTC": "Z", "UT": "Z", "Z": "Z", "EST": "-05:00", "EDT": "-04:00", "CDT": "-05:00",
         "MST": "-07:00", "MDT": "-06:00", "PST": "-08:00", "PDT": "-07:00", "CET": "+01:00", "CEST": "+02:00", "JST": "+09:00",
         "KST": "+09:00"}  # fmt: skip

# `normalised` leaves single spaces between words.
CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,9}))?)? ?(?P<half>[AaPp]\.?[Mm]\.?)?"
# An offset may have its zone's name behind it (`+0800 CST`, as Go and Hugo write); it adds nothing.
NAMED_ZONES = "|".join(sorted(ZONES, key=len, reverse=True))
ZONE = (
    rf"(?:(?P<zone>Z|(?:GMT|UTC)?[+-]\d\d(?::?\d\d)?|{NAMED_ZONES})"
    r"(?:(?<=\d) (?:[A-Z]{2,5}|\([A-Za-z ]{2,40}\)))?)"
)
BEFORE_CLOCK = r"(?:- |at |um |alle (?:ore )?|ore |à |a las? |às |om |в )?"
TIME = rf"(?:(?:T|,? {BEFORE_CLOCK}| ?)(?P<time>{CLOCK}) ?{ZONE}?)?"
DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|ste|de|º|°|\.)?"
NAME = r"(?!the\b)(?P<name>[^\W\d_]+)\.?"
WEEKDAY = r"(?:(?P<weekday>[^\W\d_]+(?:-feira)?)\.?,? )?"
ARTICLE = r"(?:(?:the|le|il|el|den|am) )?"
FORMS = tuple(
    re.compile(form, re.ASCII if ascii_only else 0)
    for form, ascii_only in (
        (r"(?P<year>\d{4})", True),
        (r"(?P<year>[12]\d{3})(?P<month>\d\d)(?P<day>\d\d)", True),
        (r"(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d{1,2})", True),
        (rf"(?P<year>\d{{4}})(?P<mark>[-/.])(?P<month>\d{{1,2}})(?P=mark)(?P<day>\d{{1,2}}){TIME}", False),
        (
            rf"(?P<year>\d{{4}}) ?[年년] ?(?:(?P<month>\d{{1,2}}) ?[月월] ?(?:(?P<day>\d{{1,2}}) ?[日号號일] ?{TIME})?)?",
            False,
        ),
        (rf"(?P<day>\d{{1,2}})\. ?(?P<month>\d{{1,2}})\. ?(?P<year>\d{{4}}){TIME}", False),
        (rf"(?P<one>\d{{1,2}})(?P<mark>[-/])(?P<two>\d{{1,2}})(?P=mark)(?P<year>\d{{4}}){TIME}", False),
        (rf"{WEEKDAY}{NAME} (?:the )?{DAY},? (?P<year>\d{{4}}){TIME}", False),
        (rf"{WEEKDAY}{NAME} {DAY} (?P<time>{CLOCK}) ?{ZONE}? (?P<year>\d{{4}})", False),
        (
            rf"{WEEKDAY}{ARTICLE}{DAY}[ -]{{1,3}}(?:(?:of|de|di) )?{NAME},?[ -]{{1,3}}(?:(?:de|del) )?(?P<year>\d{{4}})"
            rf"(?: г\.?)?{TIME}",
            False,
        ),
        (rf"(?P<year>\d{{4}})[ -]{{1,3}}{NAME}[ -]{{1,3}}{DAY}{TIME}", False),
        (rf"{NAME},? (?:(?:de|of) )?(?P<year>\d{{4}})", False),
    )
)
LONGEST = 80
COMPACT = re.compile(r"(?P<day>(?:19|20)\d{6})(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?", re.ASCII)
COUNT = re.compile(r"(?P<whole>\d{9,16})(?:\.\d{1,9})?", re.ASCII)
COUNTED = ((10, 1), (13, 1_000), (16, 1_000_000))  # digits at most, and counts in a second


def normalised(text: str) -> str | None:
    """ISO 8601, or None if the form is unknown or ambiguous, or the day does not exist."""
    if len(text) > LONGEST:
        return None
    text = " ".join(unicodedata.normalize("NFKC", text).split())
    if len(text) > LONGEST:
        return None
    if COUNT.fullmatch(text):
        return _counted(text)
    text = " ".join(date_words.plain(text).split())
    for form in FORMS:
        if (match := form.fullmatch(text)) and (found := _iso(match.groupdict())):
            return found
    return None


def _counted(text: str) -> str | None:
    """Seconds, milliseconds or microseconds since 1970, or `20240102103000` in one word."""
    if (match := COMPACT.fullmatch(text)) and (found := _compact(match)):
        return found
    whole = text.partition(".")[0]
    per_second = next(per_second for digits, per_second in COUNTED if len(whole) <= digits)
    moment = datetime.fromtimestamp(int(whole) // per_second, UTC)
    rest = int(whole) % per_second
    fraction = f".{rest * 1_000_000 // per_second:06}".rstrip("0") if rest else ""
    return f"{moment:%Y-%m-%dT%H:%M:%S}{fraction}Z"


def _compact(match: re.Match[str]) -> str | None:
    day = match["day"]
    if not _exists(int(day[:4]), int(day[4:6]), int(day[6:])):
        return None
    clock = _clock(match.groupdict())
    return clock and f"{day[:4]}-{day[4:6]}-{day[6:]}T{clock}"


def _iso(parts: dict[str, str | None]) -> str | None:
    year, month, day = int(parts["year"] or 0), int(parts.get("month") or 0), int(parts.get("day") or 0)
    if (parts.get("weekday") or "monday").lower() not in WEEKDAYS:
        return None
    if name := parts.get("name"):
        month = MONTHS.get(name.lower(), 0)
        if not month:
            return None
    if parts.get("one"):
        month, day = _ordered(int(parts["one"] or 0), int(parts["two"] or 0))
        if not month:
            return None
    given = (parts.get("month") is not None or month, parts.get("day") is not None or day)
    if not _exists(year, month if given[0] else 1, day if given[1] else 1):
        return None
    out = f"{year:04}" + (f"-{month:02}" if given[0] else "") + (f"-{day:02}" if given[1] else "")
    if not parts.get("time"):
        return out
    clock = _clock(parts)
    return clock and f"{out}T{clock}"


def _ordered(one: int, two: int) -> tuple[int, int]:
    """Month and day of `one/two`, if only one order is a date; else (0, 0)."""
    if one == two:
        return one, two
    if one > 12 >= two:
        return two, one
    if two > 12 >= one:
        return one, two
    return 0, 0


def _exists(year: int, month: int, day: int) -> bool:
    try:
        datetime(year, month, day)  # noqa: DTZ001 only asks whether there is such a day
    except ValueError:
        return False
    return True


def _clock(parts: dict[str, str | None]) -> str | None:
    hour, minute, second = int(parts["hour"] or 0), parts["minute"], parts.get("second")
    if half := parts.get("half"):
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half[0] in "pP" else 0)
    if hour > 23 or int(minute or 0) > 59 or int(second or 0) > 59:
        return None
    out = f"{hour:02}:{minute}" + (f":{second}" if second else "")
    if fraction := parts.get("fraction"):
        out += f".{fraction}"
    return out + _zone(parts.get("zone") or "")


def _zone(zone: str) -> str:
    if not zone or zone in ZONES:
        return ZONES.get(zone, "")
    zone = zone.removeprefix("GMT").removeprefix("UTC")
    digits = zone[1:].replace(":", "").ljust(4, "0")
    return f"{zone[0]}{digits[:2]}:{digits[2:]}"
