"""The scripts that the installed fonts can show, by fontconfig in Pango's library, without starting a program.

A script without a font would become boxes on the page; `colophon doctor` and /readyz warn of it beforehand.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import functools
import hashlib
from collections.abc import Iterator, Mapping

# A few characters of every font of the script, and its language in fontconfig.
SCRIPTS: Mapping[str, tuple[str, str]] = {
    "Latin": ("en", "Aéß"),
    "Greek": ("el", "Ωλ"),
    "Cyrillic": ("ru", "Жд"),
    "Han (simplified)": ("zh-cn", "汉书"),
    "Han (traditional)": ("zh-tw", "漢書"),
    "Kana": ("ja", "ひカ"),
    "Hangul": ("ko", "한글"),
    "Arabic": ("ar", "عر"),
    "Hebrew": ("he", "אב"),
    "Devanagari": ("hi", "कख"),
    "Thai": ("th", "กข"),
    "Emoji": ("und-zsye", "\U0001f600\U0001f4da"),
}
NEEDED = ("Latin", "Han (simplified)", "Han (traditional)", "Kana", "Hangul")
MATCH, FOUND, SYSTEM = 0, 0, 0


class Fontconfig:
    """The functions of fontconfig that are needed. Raises OSError if the library is missing."""

    def __init__(self) -> None:
        self.library = _library()
        for name in ("FcNameParse", "FcFontMatch", "FcConfigGetCurrent", "FcCharSetCreate", "FcPatternCreate"):
            getattr(self.library, name).restype = ctypes.c_void_p
        self.version: str = _dotted(self.library.FcGetVersion())

    def family(self, language: str, text: str) -> str:
        """The family that fontconfig chooses for `text`; empty if no family has all of its characters."""
        library = self.library
        characters = ctypes.c_void_p(library.FcCharSetCreate())
        for character in text:
            library.FcCharSetAddChar(characters, ctypes.c_uint32(ord(character)))
        pattern = ctypes.c_void_p(library.FcNameParse(f":lang={language}".encode()))
        library.FcPatternAddCharSet(pattern, b"charset", characters)
        library.FcConfigSubstitute(None, pattern, MATCH)
        library.FcDefaultSubstitute(pattern)
        result = ctypes.c_int()
        match = ctypes.c_void_p(library.FcFontMatch(None, pattern, ctypes.byref(result)))
        try:
            return self._family(match) if match and self._covers(match, text) else ""
        finally:
            for thing in (pattern, match):
                if thing:
                    library.FcPatternDestroy(thing)
            library.FcCharSetDestroy(characters)

    def add(self, rules: bytes) -> None:
        """Adds rules, a fontconfig file, to the configuration of this process: Pango substitutes families by that one."""
        current = ctypes.c_void_p(self.library.FcConfigGetCurrent())
        self.library.FcConfigParseAndLoadFromMemory(current, ctypes.c_char_p(rules), True)

    def _patterns(self) -> Iterator[ctypes.c_void_p]:
        """Every installed font."""
        self.library.FcConfigGetFonts.restype = ctypes.POINTER(FontSet)
        found = self.library.FcConfigGetFonts(None, SYSTEM)
        if found:
            yield from map(ctypes.c_void_p, found.contents.patterns[: found.contents.count])

    def families(self) -> set[str]:
        """The names of the installed families."""
        return {self._family(pattern) for pattern in self._patterns()} - {""}

    def files(self) -> Iterator[str]:
        """Each font file with the number of its version."""
        name, version = ctypes.c_char_p(), ctypes.c_int()
        for pattern in self._patterns():
            if self.library.FcPatternGetString(pattern, b"file", 0, ctypes.byref(name)) == FOUND:
                self.library.FcPatternGetInteger(pattern, b"fontversion", 0, ctypes.byref(version))
                yield f"{(name.value or b'').decode('utf-8', 'replace')} {version.value}"

    def _covers(self, match: ctypes.c_void_p, text: str) -> bool:
        covered = ctypes.c_void_p()
        if self.library.FcPatternGetCharSet(match, b"charset", 0, ctypes.byref(covered)) != FOUND:
            return False
        return all(self.library.FcCharSetHasChar(covered, ctypes.c_uint32(ord(character))) for character in text)

    def _family(self, match: ctypes.c_void_p) -> str:
        name = ctypes.c_char_p()
        if self.library.FcPatternGetString(match, b"family", 0, ctypes.byref(name)) != FOUND:
            return ""
        return (name.value or b"").decode("utf-8", "replace")


class FontSet(ctypes.Structure):
    """fontconfig's FcFontSet."""

    _fields_ = (("count", ctypes.c_int), ("room", ctypes.c_int), ("patterns", ctypes.POINTER(ctypes.c_void_p)))


def _library() -> ctypes.CDLL:
    """By its own name first: a search starts programs, which a sealed worker cannot."""
    try:
        return ctypes.CDLL("libfontconfig.so.1")
    except OSError:
        return ctypes.CDLL(ctypes.util.find_library("fontconfig") or "libfontconfig.dylib")


def _dotted(number: int) -> str:
    return f"{number // 10_000}.{number // 100 % 100}.{number % 100}"


@functools.cache
def coverage() -> Mapping[str, str]:
    """Script → family that shows it, empty without an installed font."""
    try:
        fontconfig = Fontconfig()
    except OSError:
        return dict.fromkeys(SCRIPTS, "")
    return {script: fontconfig.family(language, text) for script, (language, text) in SCRIPTS.items()}


def installed() -> str:
    """A digest of the installed fonts, because artifacts depend on them; empty without fontconfig."""
    try:
        files = sorted(set(Fontconfig().files()))
    except OSError:
        return ""
    return hashlib.sha256("\n".join(files).encode()).hexdigest()


def warnings() -> list[str]:
    """A sentence for each common script without a font."""
    covered = coverage()
    return [f"No installed font covers {script}: such text would be boxes." for script in NEEDED if not covered[script]]
