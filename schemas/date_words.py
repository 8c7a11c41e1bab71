"""Words of dates in other languages, translated to the forms of `schemas.dates`: months, weekdays, eras, Chinese numerals."""

from __future__ import annotations

import re

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar gen gennaio janv janvier januari ene enero janeiro jänner января январь stycznia",
            "feb february februar febbraio févr fév fevr février fevrier februari febrero fev fevereiro februarie feber "
            "февраля февраль lutego",
            "mar march märz maerz marzo mars maart março marco марта март marca",
            "apr april aprile avr avril abr abril апреля апрель kwietnia",
            "may mai maggio mag mei mayo maio мая май maja",
            "jun june juni giugno giu juin junio junho июня июнь czerwca",
            "jul july juli luglio lug juil juillet julio julho июля июль lipca",
            "aug august agosto ago août aout augustus августа август sierpnia",
            "sep sept september settembre set sett septembre septiembre setiembre setembro сентября сентябрь września",
            "oct october oktober okt ottobre ott octobre octubre out outubro октября октябрь października",
            "nov november novembre noviembre novembro ноября ноябрь listopada",
            "dec december dezember dez dicembre dic déc décembre decembre diciembre dezembro декабря декабрь grudnia",
        ),
        1,
    )
    for name in names.split()
}
# With the words that can replace a weekday: `the`, `le`, `den`.
WEEKDAY_WORDS = """
    monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun the on
    lunedì martedì mercoledì giovedì venerdì sabato domenica lunedi martedi mercoledi giovedi venerdi
    lun mar mer gio ven sab dom il
    lundi mardi mercredi jeudi vendredi samedi dimanche jeu sam dim le
    montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so den der am vom
    lunes martes miércoles miercoles jueves viernes sábado domingo mié jue vie sáb el
    segunda terça quarta quinta sexta segunda-feira terça-feira quarta-feira quinta-feira sexta-feira
    maandag dinsdag woensdag donderdag vrijdag zaterdag zondag ma wo vr za zo
    понедельник вторник среда четверг пятница суббота воскресенье пн вт ср чт пт сб вс"""
WEEKDAYS = frozenset(WEEKDAY_WORDS.split())
ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018, "民国": 1911, "民國": 1911}
DIGITS = {char: str(value) for value, char in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0"}

NUMERALS = re.compile(r"[〇零○一二三四五六七八九十]{1,4}(?=[年月日号號])")
ERA = re.compile(rf"({'|'.join(ERAS)}) ?(元|\d{{1,3}}) ?年")
EAST_WEEKDAY = re.compile(
    r" ?[(（]?(?:(?:星期|礼拜|禮拜|[周週])[一二三四五六日天]|[月火水木金土日]曜日?|[월화수목금토일]요일)[)）]?"
    r"|[(（][月火水木金土日월화수목금토일][)）]"
)
EAST_CLOCK = re.compile(
    r"(?P<half>上午|早上|凌晨|中午|下午|晚上|傍晚|午前|午後|오전|오후)? ?(?P<hour>\d{1,2}) ?[点點时時시:] ?"
    r"(?:(?P<minute>\d{1,2}) ?(?:[分분]|(?=[: +Z]|$)) ?(?::? ?(?P<second>\d{1,2}) ?[秒초]?)?)?"
)
AFTERNOON = frozenset(("下午", "晚上", "傍晚", "午後", "오후"))
EAST = re.compile("[年년]")
SPOKEN = re.compile(r"(?<![:.\d])(\d{1,2}) ?(?:Uhr|h)\b|(?<=:)(\d\d) ?(?:Uhr|hrs?|h)\b", re.IGNORECASE)
FRENCH_CLOCK = re.compile(r"\b(\d{1,2}) ?h ?(\d\d)\b")
WHOLE_HOUR = re.compile(r"(?<![:\d])(\d{1,2}) ?([AaPp]\.?[Mm]\.?)(?![\w.])")


def plain(text: str) -> str:
    """`text` (at most 80 characters, blanks single) in digits, with clocks of the form `15:04`; other forms stay."""
    if EAST.search(text):
        return _eastern(text)
    text = FRENCH_CLOCK.sub(r"\1:\2", EAST_WEEKDAY.sub("", text))
    text = SPOKEN.sub(lambda found: found[2] or f"{found[1]}:00", text)
    return WHOLE_HOUR.sub(r"\1:00 \2", text)


def _eastern(text: str) -> str:
    text = NUMERALS.sub(lambda found: _digits(found[0]), text)
    text = ERA.sub(lambda found: f"{ERAS[found[1]] + (1 if found[2] == '元' else int(found[2]))}年", text)
    day, end = EAST_WEEKDAY.sub(" ", text), 0
    for mark in "日号號일":
        end = max(end, day.rfind(mark) + 1)
    return (day[:end] + " " + EAST_CLOCK.sub(_clock, day[end:].strip(), count=1)).strip() if end else day.strip()


def _digits(numeral: str) -> str:
    """`二〇二四` → 2024, `二十一` → 21."""
    if "十" not in numeral:
        return "".join(DIGITS[char] for char in numeral)
    tens, _, ones = numeral.partition("十")
    if len(tens) > 1 or len(ones) > 1:
        return numeral
    return str(int(DIGITS.get(tens, "1")) * 10 + int(DIGITS.get(ones, "0")))


def _clock(found: re.Match[str]) -> str:
    hour = int(found["hour"])
    if found["half"] in AFTERNOON and hour < 12:
        hour += 12
    second = f":{found['second']:0>2}" if found["second"] else ""
    return f"{hour:02}:{found['minute'] or '0':0>2}{second}"
