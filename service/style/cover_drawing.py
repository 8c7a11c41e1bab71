"""Draws a cover: an ornament over the title. Both depend only on the title, so a cover never changes.

An SVG of 600 units' width. Lines are broken here by the width of characters, because an SVG breaks no lines.
"""

from __future__ import annotations

import hashlib
import random
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from service.model.text.characters import legal
from service.style import ornaments
from service.style.ornaments import Palette

WIDTH = 600.0
SIDE = 54.0
BAND = 0.47  # of the height, for the ornament or a picture
SIZES = (68, 60, 52, 46, 40, 35, 30, 26, 23)
MOST = 400  # characters of a title
NARROW, BROAD = frozenset("iljtfrI.,:;'’!|()[]- "), frozenset("mwMWQ@%—…")
CLOSING = frozenset("，。、；：！？）》」』】…,.;:!?)")
PALETTES = (
    Palette("#14213d", "#f6f1e6", "#e0a458", "#c8553d", "#2c4a73"),
    Palette("#5a1a22", "#f8efe6", "#e3b07c", "#b5473c", "#7d3238"),
    Palette("#1f3d34", "#f4f1e4", "#d8b65c", "#7fa37f", "#2f5a4c"),
    Palette("#f4eee2", "#221c17", "#b5452c", "#d9a441", "#cfc3ad"),
    Palette("#26343d", "#f2f1ec", "#e07a5f", "#81b29a", "#3d5361"),
    Palette("#36264a", "#f6f0f5", "#e2a9b4", "#9a6fb0", "#4e3a68"),
    Palette("#e7dcc6", "#1f2d39", "#2f6b80", "#c0603f", "#cbb994"),
    Palette("#0f4552", "#f7f3e8", "#ee8b4a", "#e9c46a", "#1f6473"),
)


@dataclass(frozen=True, slots=True)
class Words:
    """The text of a cover; all parts but the title may be empty."""

    title: str
    subtitle: str = ""
    author: str = ""
    source: str = ""
    date: str = ""
    wide: str = ""  # the region of a language with ideographs: SC, TC, JP, KR


@dataclass(frozen=True, slots=True)
class Text:
    """A line set: its baseline, size, weight and colour."""

    words: str
    y: float
    size: float
    fill: str
    bold: bool = False
    serif: bool = True
    spacing: float = 0.0


def draw(words: Words, height: float, picture: str = "") -> str:
    """The SVG; `picture` is an address of an image that takes the ornament's place."""
    seed, colours, band = _seed(words.title), palette(words.title), height * BAND
    chance = random.Random(int.from_bytes(seed, "big"))  # noqa: S311 (an ornament is not a secret)
    top = _picture(picture, band) if picture else ornaments.draw(seed[1], chance, colours, WIDTH, band)
    texts = "".join(_text(each, words.wide) for each in _texts(words, colours, band, height))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {height:.1f}" width="{WIDTH:g}" height="{height:.1f}">'
        f'<rect width="{WIDTH:g}" height="{height:.1f}" fill="{colours.ground}"/>{top}'
        f'<rect y="{band - 0.8:.1f}" width="{WIDTH:g}" height="{height - band + 0.8:.1f}" fill="{colours.ground}"/>{texts}'
        f'<rect x="{SIDE:g}" y="{height - 92:.1f}" width="44" height="3" fill="{colours.accent}"/></svg>'
    )


def _seed(title: str) -> bytes:
    return hashlib.sha256(legal(title).encode("utf-8", "replace")).digest()


def palette(title: str) -> Palette:
    """The colours of the cover for that title."""
    return PALETTES[_seed(title)[0] % len(PALETTES)]


def _picture(address: str, band: float) -> str:
    size = f'width="{WIDTH:g}" height="{band:.1f}" preserveAspectRatio="xMidYMid slice"'
    return f'<image href="{escape(address)}" x="0" y="0" {size}/>'


def _texts(words: Words, colours: Palette, band: float, height: float) -> Iterator[Text]:
    room = height - band - 64 - 120 - (44 if words.author else 0) - (40 if words.subtitle else 0)
    size, lines = fitted(words.title, room)
    y = band + 56 + size * 0.8
    for line in lines:
        yield Text(line, y, size, colours.ink, bold=True)
        y += size * 1.24
    y += 22 - size * 0.34
    if words.subtitle:
        yield Text(cut(words.subtitle, 21), y, 21, colours.ink)
        y += 36
    if words.author:
        yield Text(cut(words.author, 20), y + 6, 20, colours.accent, serif=False)
    if foot := cut("  ·  ".join(filter(None, (words.source, words.date))), 15, 0.5):
        yield Text(foot, height - 54, 15, colours.ink, serif=False, spacing=0.5)


def _text(each: Text, wide: str) -> str:
    kind = "Serif" if each.serif else "Sans"
    names = [f"Noto {kind}", f"Noto {kind} CJK {wide or 'SC'}"]
    family = ", ".join(reversed(names) if wide else names)
    weight = ' font-weight="bold"' if each.bold else ""
    spacing = f' letter-spacing="{each.spacing}"' if each.spacing else ""
    return (
        f'<text x="{SIDE:g}" y="{each.y:.1f}" font-family="{family}" font-size="{each.size:g}"{weight}{spacing} '
        f'fill="{each.fill}">{escape(legal(each.words))}</text>'
    )


def fitted(title: str, room: float) -> tuple[float, list[str]]:
    """The largest size at which the title fits into the width and `room`, and its lines. A longer title is cut."""
    words = " ".join(title[:MOST].split())
    for size in SIZES:
        lines = broken(words, (WIDTH - 2 * SIDE) / size)
        if len(lines) * size * 1.24 <= room and (len(lines) <= 5 or size <= 30):
            return float(size), lines
    most = max(1, int(room / (size * 1.24)))
    kept = lines[:most]
    return float(size), [*kept[:-1], f"{kept[-1].rstrip()[:-1]}…"]


def broken(text: str, room: float) -> list[str]:
    """The lines of a text, `room` ems wide: between words, and between ideographs but before closing marks."""
    lines, line = list[str](), ""
    for piece in pieces(" ".join(text.split())):
        if line and width(f"{line}{piece}".rstrip()) > room:
            lines.append(line.rstrip())
            line = ""
        *full, rest = _split(piece, room)
        lines += full
        line += rest if line else rest.lstrip()
    return [*lines, line.rstrip()] if line.strip() else lines or [""]


def _split(piece: str, room: float) -> list[str]:
    """The parts of a word that is wider than a line."""
    found = [""]
    for character in piece:
        if found[-1] and width(found[-1] + character.rstrip()) > room:
            found.append("")
        found[-1] += character
    return found


def pieces(text: str) -> list[str]:
    """The parts of a text that stay together on a line."""
    found: list[str] = []
    for character in text:
        alone = is_wide(character) and character not in CLOSING
        if found and not alone and not (found[-1].endswith(" ") and character != " ") and not _ends_wide(found[-1], character):
            found[-1] += character
        else:
            found.append(character)
    return found


def _ends_wide(piece: str, character: str) -> bool:
    return is_wide(piece[-1]) and character not in CLOSING and character != " "


def is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def width(text: Sequence[str]) -> float:
    """About how many ems wide, in a bold serif."""
    return sum(_width(character) for character in text)


def _width(character: str) -> float:
    if is_wide(character):
        return 1.0
    if character in NARROW:
        return 0.38
    if character in BROAD:
        return 0.98
    return 0.72 if character.isupper() else 0.61


def cut(text: str, size: float, spacing: float = 0.0) -> str:
    """One line of `text` at that size."""
    words, room = " ".join(text.split()), (WIDTH - 2 * SIDE) / size
    used = 0.0
    for index, character in enumerate(words):
        used += _width(character) * 0.95 + spacing / size
        if used > room - 0.8:
            return words[:index].rstrip() + "…"
    return words
