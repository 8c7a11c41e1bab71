"""Dates as authors write them → ISO 8601, as precise as they were; no form is guessed.

`11/12/2026` is the 12th of November or the 11th of December: such a date stays the author's text. What is left out
(day, time, zone) stays left out.
"""

from __future__ import annotations

import re
from datetime import datetime

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar gen gennaio janv janvier januari ene enero janeiro jänner",
            "feb february februar febbraio févr février fevrier februari febrero fev fevereiro",
            "mar march märz maerz marzo mars maart março marco",
            "apr april aprile avr avril abr abril",
            "may mai maggio mag mei mayo maio",
            "jun june juni giugno giu juin junio junho",
            "jul july juli luglio lug juil juillet julio julho",
            "aug august agosto ago août aout augustus",
            "sep sept september settembre set septembre septiembre setembro",
            "oct october oktober okt ottobre ott octobre octubre out outubro",
            "nov november novembre noviembre novembro",
            "dec december dezember dez dicembre dic déc décembre decembre diciembre dezembro",
        ),
        1,
    )
    for name in names.split()
}
# Not CST, which is in Chicago and in China.
ZONES = {"GMT": "Z", "UTC": "Z", "UT": "Z", "Z": "Z", "EST": "-05:00", "EDT": "-04:00", "CDT": "-05:00",
         "MST": "-07:00", "MDT": "-06:00", "PST": "-08:00", "PDT": "-07:00", "CET": "+01:00", "CEST": "+02:00", "JST": "+09:00",
         "KST": "+09:00"}  # fmt: skip

CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,9}))?)?\s*(?P<half>[AaPp]\.?[Mm]\.?)?"
# An offset may have its zone's name behind it (`+0800 CST`, as Go and Hugo write); it says nothing more.
ZONE = rf"(?:(?P<zone>Z|[+-]\d\d(?::?\d\d)?|{'|'.join(sorted(ZONES, key=len, reverse=True))})(?:(?<=\d)\s+\(?[A-Z]{{2,5}}\)?)?)"
TIME = rf"(?:(?:T|,?\s+(?:at\s+|um\s+|alle\s+|à\s+)?|\s*)(?P<time>{CLOCK})\s*{ZONE}?)?"
DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|º|\.)?"
NAME = r"(?P<name>[^\W\d_]+)\.?"
WEEKDAY = r"(?:[^\W\d_]+\.?,\s+)?"
FORMS = tuple(
    re.compile(form, re.ASCII if ascii_only else 0)
    for form, ascii_only in (
        (r"(?P<year>\d{4})", True),
        (r"(?P<year>[12]\d{3})(?P<month>\d\d)(?P<day>\d\d)", True),
        (r"(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d{1,2})", True),
        (rf"(?P<year>\d{{4}})(?P<mark>[-/.])(?P<month>\d{{1,2}})(?P=mark)(?P<day>\d{{1,2}}){TIME}", False),
        (
            rf"(?P<year>\d{{4}})\s*[年년]\s*(?:(?P<month>\d{{1,2}})\s*[月월]\s*(?:(?P<day>\d{{1,2}})\s*[日号號일]\s*{TIME})?)?",
            False,
        ),
        (rf"(?P<day>\d{{1,2}})\.\s?(?P<month>\d{{1,2}})\.\s?(?P<year>\d{{4}}){TIME}", False),
        (rf"(?P<one>\d{{1,2}})(?P<mark>[-/])(?P<two>\d{{1,2}})(?P=mark)(?P<year>\d{{4}}){TIME}", False),
        (rf"{WEEKDAY}{NAME}\s+{DAY},?\s+(?P<year>\d{{4}}){TIME}", False),
        (rf"{WEEKDAY}{DAY}[\s-]+(?:(?:of|de|di)\s+)?{NAME},?[\s-]+(?:(?:de|del)\s+)?(?P<year>\d{{4}}){TIME}", False),
        (rf"{NAME},?\s+(?:(?:de|of)\s+)?(?P<year>\d{{4}})", False),
    )
)
LONGEST = 80


def normalised(text: str) -> str | None:
    """ISO 8601, or None where the form is not known, ambiguous, or no such day exists."""
    text = text.strip()
    if len(text) > LONGEST:
        return None
    for form in FORMS:
        if match := form.fullmatch(text):
            return _iso(match.groupdict())
    return None


def _iso(parts: dict[str, str | None]) -> str | None:
    year, month, day = int(parts["year"] or 0), int(parts.get("month") or 0), int(parts.get("day") or 0)
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
    """Month and day of `one/two`, where only one order makes a date; else (0, 0)."""
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
    digits = zone[1:].replace(":", "").ljust(4, "0")
    return f"{zone[0]}{digits[:2]}:{digits[2:]}"
