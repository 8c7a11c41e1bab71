"""Bytes → text: the only place that detects the encoding of an upload, so that no reader guesses.

Order: byte order mark, the charset the client declared, strict UTF-8, UTF-16 without a mark, then the legacy
encodings of East Asia by scoring. An uncertain encoding is refused: every byte string is valid Latin-1, so
"it decodes" proves nothing, and mojibake in a finished book is worse than a refusal.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter

from charset_normalizer import from_bytes

from service.input import mojibake
from service.model.document import Notice
from service.model.errors import ControlCharacters, Place, UnsupportedEncoding
from service.model.notices import notice
from service.model.text.characters import CONTROLS

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with UTF-16's
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# The supersets that browsers use for these names: files declare gb2312 and are gb18030.
SUPERSETS = {
    "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949", "big5": "cp950", "iso8859-1": "cp1252",
    "ascii": "utf-8", "utf-8-sig": "utf-8",
}  # fmt: skip
# Names of TeX and web pages that Python does not know (WHATWG Encoding, section 4.2).
ALIASES = {
    "ansinew": "cp1252", "applemac": "mac_roman", "x-mac-roman": "mac_roman", "macintosh": "mac_roman",
    "utf8x": "utf-8", "utf8mb4": "utf-8", "x-sjis": "cp932", "x-gbk": "gb18030", "unicode-1-1-utf-8": "utf-8",
    "x-cp1252": "cp1252", "x-cp1251": "cp1251", "x-big5": "cp950", "x-x-big5": "cp950", "cn-big5": "cp950", "x-euc-jp": "euc_jp",
    "windows-31j": "cp932", "windows-874": "cp874", "dos-874": "cp874", "iso-8859-11": "cp874", "windows-949": "cp949",
    "ks_c_5601-1987": "cp949", "ks_c_5601-1989": "cp949", "korean": "cp949", "x-mac-cyrillic": "mac_cyrillic",
    "x-mac-ukrainian": "mac_cyrillic", "koi": "koi8-r", "koi8": "koi8-r", "koi8-ru": "koi8-u", "iso-8859-8-i": "iso8859-8",
    "iso-8859-8-e": "iso8859-8", "logical": "iso8859-8", "csiso88598i": "iso8859-8", "sun_eu_greek": "iso8859-7",
}  # fmt: skip
COOKIE = re.compile(rb"(?:[^\n]*+\n)?[^\n]*?coding[:=][ \t]*+([\w.-]++)")
LEGACY = ("gb18030", "cp932", "euc_jp", "cp949", "cp950")
NAMES = {"cp932": "Shift-JIS", "euc_jp": "EUC-JP", "cp949": "EUC-KR", "cp950": "Big5", "gb18030": "GB18030"}
# Codecs of Python that are not encodings of files.
NO_CHARSETS = frozenset({"unicode-escape", "raw-unicode-escape", "idna", "punycode", "utf-7", "undefined"})
SINGLE_BYTE = frozenset({"cp1251", "cp1253", "cp1255", "cp1256", "koi8_r", "koi8_u", "iso8859_5", "cp874"})
# A few ranges that include all of them, and emoji: without a match no further search is needed.
SUSPECT = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ud800-\udfff\ufffe-\U0010ffff]")
BROKEN = 0.02  # share of the characters beyond ASCII that may be broken if the text declares its charset
SOUND = 20  # valid characters of several bytes for each broken one
FEWEST_NULS = 0.2  # share of NUL bytes in a UTF-16 text whose bytes are all ASCII: nearly half of them are
MIN_LETTERS = 6  # fewer prove nothing
GARBAGE = 0.02  # share of control characters above which "text" is binary
# Frequent on every page of text in the language: a wrong decoding has them only by accident.
COMMON = frozenset(
    "的一是不了在人有我他这中大来上个国到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后小么心多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长"
    "這個來們為時說國會學對過發經動兩長無開見頭後裡麼還沒當樣體點實業電現進種關問題機應產網"
    "のにはをたがでてとしれさあいるもなかられるっんだりこまそすきよけどくつおえへわめみば一人日大年出本中子見国言上分生手自行者二間事思時"
    "이다는을의에가고지하를도서한로은기인사나자시어그라해대리아보수있일정게만전들것부스여제주으면구상과까조원계방"
    "、。，！？：；「」『』（）《》“”—…・ー"
)


def cookie(data: bytes) -> str:
    """The charset that one of the first two lines names to an editor (`-*- coding: latin-1 -*-`); empty without one."""
    found = COOKIE.match(data[:1000])
    return found[1].decode("ascii") if found else ""


def decode(data: bytes, charset: str = "", declared: str = "") -> tuple[str, tuple[Notice, ...]]:
    """The text with `\\n` line ends, and what was done to get it.

    `charset` is the caller's and is strict; `declared` is in the text and is used as far as it fits.
    Raises UnsupportedEncoding if the encoding is uncertain, ControlCharacters for NUL.
    """
    text, encoding, damaged = _decoded(data, charset, declared)
    notices = [_converted(encoding)] if encoding != "utf-8" else []
    notices += [_damaged(text, encoding, data)] if damaged else []
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise ControlCharacters("The text contains a NUL character.", places=[Place("NUL character", line=line)])
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text, again = mojibake.restored(text)
    text, removed = without_controls(text)
    return text, (*notices, *again, *removed)


def without_controls(text: str) -> tuple[str, tuple[Notice, ...]]:
    """`text` without characters that are not text. A text full of them is binary and refused."""
    if not SUSPECT.search(text) or not CONTROLS.search("".join(set(text))):  # each character once: six times as fast
        return text, ()
    found = Counter(CONTROLS.findall(text))
    count = found.total()
    # C1 in valid UTF-8 occurs in scraped pages with text that was encoded twice; C0 occurs in binaries.
    binary = sum(times for char, times in found.items() if char < " ")
    if binary > 8 and binary > GARBAGE * len(text):
        raise UnsupportedEncoding("The file is not text.")
    first = CONTROLS.search(text)
    at = first.start() if first else 0
    names = {f"U+{ord(char):04X}": times for char, times in sorted(found.items())}
    reported = notice(
        "control-characters-removed",
        f"{count} control characters were removed ({', '.join(names)}).",
        stage="read",
        line=text.count("\n", 0, at) + 1,
        column=at - text.rfind("\n", 0, at),
        data={"removed": names},
    )
    return CONTROLS.sub("", text), (reported,)


def _converted(encoding: str) -> Notice:
    name = NAMES.get(encoding, encoding)
    return notice("encoding-converted", f"The text was decoded from {name}.", stage="read", data={"encoding": encoding})


def _decoded(data: bytes, charset: str, declared: str) -> tuple[str, str, bool]:
    """The text, its encoding, and whether U+FFFD represents some of it."""
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], encoding, "its byte order mark"), encoding, False
    if charset.strip():
        encoding = _codec(charset)
        return _strictly(data, encoding, "the charset declared"), encoding, False
    if b"\0" in data and (encoding := _utf16(data)):  # in UTF-8, plain words in UTF-16 would be words with NULs
        return data.decode(encoding), encoding, False
    claimed = _claimed(declared)
    try:
        text = data.decode("utf-8")  # text in other encodings is hardly ever valid UTF-8, so another claim is wrong
    except UnicodeDecodeError as error:
        found = _as_claimed(data, claimed) if claimed not in ("", "utf-8") else None
        return found or _reported(data, error, claimed)
    if text.isascii() and (claimed or b"\x1b$" in data):  # encodings with escapes: ISO-2022
        return _as_claimed(data, claimed or "iso2022_jp") or (text, "utf-8", False)
    return text, "utf-8", False


def _claimed(declared: str) -> str:
    """The codec of the charset that the text declares; empty if ASCII could not have declared it."""
    try:
        encoding = _codec(declared) if declared.strip() else ""
    except UnsupportedEncoding:
        return ""
    return "utf-8" if encoding.startswith(("utf-16", "utf_16", "utf-32", "utf_32")) else encoding


def _as_claimed(data: bytes, encoding: str) -> tuple[str, str, bool] | None:
    """The text by its own claim, with U+FFFD for single bytes; None if the claim is wrong."""
    text = data.decode(encoding, "replace")
    broken, beyond = text.count("\ufffd"), len(text) - len(text.encode("ascii", "ignore"))
    return None if broken > max(1, BROKEN * beyond) else (text, encoding, broken > 0)


def _reported(data: bytes, error: UnicodeDecodeError, claimed: str = "") -> tuple[str, str, bool]:
    """The text of bytes that are not UTF-8, decoded from the only encoding that fits."""
    if _is_damaged_utf8(data):
        return data.decode("utf-8", "replace"), "utf-8", True
    encoding = _utf16(data) or _legacy(data) or _single_byte(data)
    if not encoding and claimed:
        return data.decode(claimed, "replace"), claimed, True
    if not encoding:
        line = data.count(b"\n", 0, error.start) + 1
        detail = (
            f"Byte {error.start} is not UTF-8, and the encoding cannot be detected. Declare one with charset=…, or send UTF-8."
        )
        raise UnsupportedEncoding(detail, places=[Place("not UTF-8", line=line)])
    return data.decode(encoding), encoding, False


def _is_damaged_utf8(data: bytes) -> bool:
    """Whether all but single bytes are UTF-8: a file that ends within a character, a pasted record.

    Valid sequences of several bytes are not accidental: other encodings hardly ever have them.
    """
    text = data.decode("utf-8", "replace")
    sound = sum(1 for char in text if "\x7f" < char != "\ufffd")
    broken = text.count("\ufffd") - data.count(b"\xef\xbf\xbd")
    cut_off = broken == 1 and text.endswith("\ufffd")
    return sound >= (3 if cut_off else SOUND * broken)


def _damaged(text: str, encoding: str, data: bytes) -> Notice:
    given = data.count(b"\xef\xbf\xbd") if encoding == "utf-8" else 0
    count, at = text.count("\ufffd") - given, text.index("\ufffd")
    line = text.count("\n", 0, at) + 1
    name = "UTF-8" if encoding == "utf-8" else NAMES.get(encoding, encoding)
    message = f"{count} places are not {name}; U+FFFD replaces each."
    column = at - text.rfind("\n", 0, at)
    return notice("encoding-damaged", message, stage="read", line=line, column=column, data={"count": count})


def _codec(charset: str) -> str:
    try:
        name = charset.strip().lower()
        info = codecs.lookup(ALIASES.get(name, name))
        # Python's own flag marks base64 and zip; without it (another Python) they fail in _strictly.
        name = info.name if getattr(info, "_is_text_encoding", True) else ""
    except (LookupError, ValueError) as error:
        raise UnsupportedEncoding(f"The charset {charset[:40]!r} is unknown.") from error
    if not name or name in NO_CHARSETS:
        raise UnsupportedEncoding(f"The charset {charset[:40]!r} is unknown.")
    return SUPERSETS.get(name, name)


def _strictly(data: bytes, encoding: str, claim: str) -> str:
    try:
        return data.decode(encoding)
    except (UnicodeError, LookupError) as error:
        line = data.count(b"\n", 0, getattr(error, "start", 0)) + 1
        name = NAMES.get(encoding, encoding)
        detail = f"The text is not {name}, which {claim} says."
        raise UnsupportedEncoding(detail, places=[Place(f"not {name}", line=line)]) from error


def _utf16(data: bytes) -> str:
    """UTF-16 without a mark: half of the line ends and spaces are NUL bytes, always on the same side."""
    if len(data) % 2 or len(data) < 4:
        return ""
    if data.isascii() and data.count(0) < FEWEST_NULS * len(data):  # plain text with a stray NUL
        return ""
    for encoding, little in (("utf-16-le", True), ("utf-16-be", False)):
        high, low = (data[1::2], data[0::2]) if little else (data[0::2], data[1::2])
        pairs = zip(high[:4096], low[:4096], strict=True)
        ascii_units = sum(1 for upper, lower in pairs if upper == 0 and (lower >= 32 or lower in b"\t\n\r"))
        if 0 in data[:8192] and ascii_units > 0.02 * min(len(high), 4096) and _is_prose(data, encoding):
            return encoding
    return ""


def _is_prose(data: bytes, encoding: str) -> bool:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return False
    odd = sum(1 for char in text if unicodedata.category(char) in {"Cc", "Cn", "Co", "Cs"} and char not in "\t\n\r")
    return "\0" not in text and odd <= GARBAGE * len(text)


def _legacy(data: bytes) -> str:
    """The East Asian encoding whose decoding looks like its language; empty if two do, or none does."""
    scores = sorted(((score(data, encoding), encoding) for encoding in LEGACY), reverse=True)
    (best, encoding), (second, _) = scores[0], scores[1]
    return encoding if best > 0.12 and best > second * 1.3 else ""


def score(data: bytes, encoding: str) -> float:
    """Share of common letters; 0 if it does not decode, or not to a text of the encoding's language."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return 0.0
    foreign = [char for char in text if char > "\x7f"]
    letters = [char for char in foreign if unicodedata.category(char) == "Lo"]
    if "\0" in text or len(letters) < MIN_LETTERS or len(letters) < len(foreign) / 2:
        return 0.0
    if any(unicodedata.category(char) in {"Cn", "Co", "Cs"} for char in foreign):
        return 0.0
    if not _speaks(encoding, letters):
        return 0.0
    halfwidth = sum(1 for char in letters if "\uff61" <= char <= "\uff9f")  # cp932 decodes almost any bytes to these
    return (sum(1 for char in letters if char in COMMON) - halfwidth) / len(letters)


def _speaks(encoding: str, letters: list[str]) -> bool:
    """Japanese has kana, Korean hangul, Chinese neither: this distinguishes encodings with overlapping codes."""
    kana = sum(1 for char in letters if "\u3040" <= char <= "\u30ff") / len(letters)
    hangul = sum(1 for char in letters if "\uac00" <= char <= "\ud7a3") / len(letters)
    if encoding in {"cp932", "euc_jp"}:
        return kana >= 0.1
    if encoding == "cp949":
        return hangul >= 0.5
    return kana < 0.2 and hangul < 0.2


def _single_byte(data: bytes) -> str:
    """Cyrillic, Greek, Hebrew, Arabic, Thai by charset-normalizer; never Latin, whose pages differ in a few letters only."""
    if b"\0" in data or len(data) < 32:
        return ""
    best = from_bytes(data).best()
    if best is None or best.encoding not in SINGLE_BYTE or best.chaos > 0.05 or best.coherence < 0.3:
        return ""
    return best.encoding
