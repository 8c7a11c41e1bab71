"""RTF's characters: bytes in the code page of the font, or Unicode with a fallback. All become Unicode here.

pandoc decodes each byte as Windows-1252, so Word's text in a Chinese or Cyrillic font would be wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

PAGES = {
    0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "cp950", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip
NUMBERED = {936: "gb18030", 932: "cp932", 949: "cp949", 950: "cp950", 65001: "utf-8", 10000: "mac_roman"}
FONT = re.compile(r"\\f(\d{1,5})\b(?=[^{}]{0,200}?\\fcharset(\d{1,3}))")
PAGE = re.compile(r"\\ansicpg(\d{3,5})")
TOKEN = re.compile(r"\\'([0-9a-fA-F]{2})|\\([a-zA-Z]+)(-?\d{1,9})?[ ]?|([{}])|\\.|[^\\{}]+", re.S)
SPECIAL = {
    "par": "\n", "line": "\n", "tab": "\t", "emdash": "—", "endash": "–",
    "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”",
}  # fmt: skip


@dataclass
class Decoder:
    """`pages` are the code pages of the fonts; `stack` has code page and length of a fallback for each open group."""

    pages: dict[int, str]
    page: str
    stack: list[tuple[str, int]] = field(default_factory=list)
    out: list[str] = field(default_factory=list)
    held: bytearray = field(default_factory=bytearray)
    fallback: int = 1
    skip: int = 0

    def flush(self) -> None:
        """The collected bytes as Unicode."""
        if self.held:
            self.out += [_unicode(one) for one in bytes(self.held).decode(self.page, "replace")]
            self.held.clear()

    def take(self, found: re.Match[str]) -> None:
        byte, word, number, brace = found.groups()
        if byte and self.skip:
            self.skip -= 1
            return
        if byte:
            self.held.append(int(byte, 16))
            return
        rest = self._trailing(found.group()) if self.held and not word and not brace else found.group()
        if self.held and not rest:  # a character of four bytes continues
            return
        self.flush()
        self.out.append(self._control(word, number, brace, rest) if word or brace else self._shown(rest))

    def _control(self, word: str | None, number: str | None, brace: str | None, text: str) -> str:
        """A word or a brace for the output: each Unicode character has a fallback of one character."""
        self.skip = 0
        if brace == "{":
            self.stack.append((self.page, self.fallback))
        elif brace and self.stack:
            self.page, self.fallback = self.stack.pop()
        elif word == "f" and number:
            self.page = self.pages.get(int(number), self.page)
        elif word == "uc":
            self.fallback = min(9, max(0, int(number or 1)))
            return "\\uc1 "
        elif word == "u" and number:
            self.skip = self.fallback
            return f"\\u{number} ?"
        return text

    def _shown(self, text: str) -> str:
        """Text without the fallback at its start, which older programs show instead of the character before it."""
        kept = ""
        while self.skip and text:
            if text[0] in "\r\n":
                kept, text = kept + text[0], text[1:]
                continue
            self.skip -= 1
            text = "" if text[0] == "\\" else text[1:]
        return kept + text

    def _trailing(self, text: str) -> str:
        """The second half of a character may be plain ASCII: it is used, and the rest of `text` is returned."""
        while text and not text.startswith("\\") and _is_cut(bytes(self.held), self.page):
            self.held.append(ord(text[0]))
            text = text[1:]
        return text


def _is_cut(held: bytes, page: str) -> bool:
    try:
        held.decode(page)
    except UnicodeDecodeError as error:
        return error.end == len(held) and len(held) - error.start < 4
    return False


def decoded(data: bytes) -> str:
    """RTF in which every character that is not ASCII is written as Unicode."""
    raw = data.decode("latin-1")  # bytes for now: others than ASCII become escapes, which are decoded by their font
    text = re.sub(r"[\x80-\xff]", lambda found: f"\\'{ord(found[0]):02x}", raw)
    page = PAGE.search(text)
    number = int(page[1]) if page else 1252
    default = NUMBERED.get(number) or (f"cp{number}" if number in (437, 850, 866, 874) or 1250 <= number <= 1258 else "cp1252")
    pages = {int(font): PAGES.get(int(charset), default) for font, charset in FONT.findall(text)}
    decoder = Decoder({font: default if page == "cp1252" else page for font, page in pages.items()}, default)
    for found in TOKEN.finditer(text):
        decoder.take(found)
    decoder.flush()
    return "".join(decoder.out).replace(r"{\*\footnote", r"{\footnote")  # pandoc ignores optional groups


def _unicode(one: str) -> str:
    """A character in RTF: signed code units of UTF-16, each with the character that older programs show."""
    if " " <= one < "\x7f" and one not in "\\{}":
        return one
    units = one.encode("utf-16-le")
    codes = (int.from_bytes(units[at : at + 2], "little", signed=True) for at in range(0, len(units), 2))
    return "".join(f"\\u{code} ?" for code in codes)


def line_of_depth(text: str, depth: int) -> int:
    """The line on which that many groups are open, or 0."""
    now = 0
    for found in re.finditer(r"\\.|[{}]", text, re.S):
        now += (found.group() == "{") - (found.group() == "}")
        if now == depth:
            return text.count("\n", 0, found.start()) + 1
    return 0


def group(text: str, begins: str) -> str:
    """The content of the first group with this start, without its braces, or an empty text."""
    start = text.find(begins)
    end = group_end(text, start) if start >= 0 else 0
    return text[start + len(begins) : end - 1] if 0 < end <= len(text) else ""


def group_end(text: str, start: int) -> int:
    """The place after the brace that closes the group at `start`; beyond the end of the text if it is not closed."""
    now = 0
    for found in re.compile(r"\\.|[{}]", re.S).finditer(text, start):
        now += (found.group() == "{") - (found.group() == "}")
        if not now and found.group() == "}":
            return found.end()
    return len(text) + 1


def groups(text: str) -> Iterator[tuple[str, str]]:
    """The groups in a group by the first word of each."""
    for found in re.finditer(r"\\.|\{(?>(?:\\\*)?)\\([a-z]++)[ ]?+((?>(?:[^{}\\]++|\\.)*))\}", text, re.S):
        if found[1]:  # not an escape
            yield found[1], found[2]


def plain(content: str) -> str:
    """The text of a group without groups in it."""
    out: list[str] = []
    units = bytearray()
    fallback, skip = 1, 0
    for found in TOKEN.finditer(content):
        _, word, number, _ = found.groups()
        if word == "u" and number:
            units += (int(number) & 0xFFFF).to_bytes(2, "little")
            skip = fallback
            continue
        piece = (
            found.group()
            if not found.group().startswith("\\")
            else SPECIAL.get(word or "", found.group()[1:] if not word else "")
        )
        if word == "uc" and number:
            fallback = int(number)
        shown, skip = piece[skip:] if not word else piece, max(0, skip - len(piece)) if not word else 0
        if shown and units:
            out.append(units.decode("utf-16-le", "replace"))
            units.clear()
        out.append(shown)
    return " ".join("".join([*out, units.decode("utf-16-le", "replace")]).split())
