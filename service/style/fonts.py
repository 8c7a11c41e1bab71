"""Font families by name: two that always work, and the installed ones."""

from __future__ import annotations

import difflib
import functools
from collections.abc import Mapping
from dataclasses import dataclass

from service.engines.weasyprint.fonts import Fontconfig
from service.model import font_files
from service.model.errors import Place, ValidationFailed


@dataclass(frozen=True, slots=True)
class Family:
    """`name` is for Latin, `wide` for Chinese, Japanese and Korean (a region follows it). Word has its own names for both."""

    name: str
    wide: str
    generic: str
    word: str
    word_wide: str
    own_first: bool = False  # a requested family comes before the one for ideographs


KNOWN: Mapping[str, Family] = {
    "serif": Family("Noto Serif", "Noto Serif CJK", "serif", "Georgia", "SimSun"),
    "sans": Family("Noto Sans", "Noto Sans CJK", "sans-serif", "Arial", "Microsoft YaHei"),
    "mono": Family("Noto Sans Mono", "Noto Sans Mono CJK", "monospace", "Consolas", "NSimSun"),
}
ALIASES: Mapping[str, str] = {"sans-serif": "sans", "monospace": "mono"}


def named(name: str, option: str = "font") -> Family:
    """The family of that name. Raises ValidationFailed, with the nearest name, if it is not installed."""
    key = " ".join(name.split()).casefold()
    if found := KNOWN.get(ALIASES.get(key, key)):
        return found
    there = installed()
    if font_files.is_font(name):
        detail = f"No font file {name[:80]!r} came with the article. Send it as `font`, or as `asset`."
        raise ValidationFailed(detail, places=[Place(detail, f"/{option}")])
    if key not in there:
        near = difflib.get_close_matches(key, [*KNOWN, *there], n=1, cutoff=0.4)
        hint = f"; the nearest is {there.get(near[0], near[0])!r}" if near else ""
        detail = f"No font {name[:80]!r} is installed here{hint}. Always there: {', '.join(KNOWN)}."
        raise ValidationFailed(detail, places=[Place(detail, f"/{option}")])
    own = there[key]
    return like(own, own, mono="mono" in key)


def like(name: str, word: str, mono: bool) -> Family:
    """A family of that name. Missing parts are taken from a family of its kind."""
    key = word.casefold()
    base = KNOWN["mono" if mono else "sans" if "sans" in key or "grotes" in key or "gothic" in key else "serif"]
    return Family(name, base.wide, base.generic, word, word if "cjk" in key else base.word_wide, own_first=True)


@functools.cache
def installed() -> Mapping[str, str]:
    """Every family that can be requested, by its case-folded name."""
    return {name.casefold(): name for name in sorted(Fontconfig().families()) if _is_plain(name)}


def _is_plain(name: str) -> bool:
    """Whether the name needs no escaping anywhere."""
    return name.replace(" ", "").replace("-", "").replace("_", "").isalnum()
