"""The widths of the words of a face: Pango measures each word once.

A face decides on the glyphs of a text: fonts, size, language. If a font has no rule for the space (kerning,
ligatures), which HarfBuzz reports, the text before a space has no effect on the text after it:
a line is exactly as wide as its words and spaces together, in Pango's units. `of` returns the face of a style, or None
if other properties (letter spacing, small capitals) have an effect.
"""

from __future__ import annotations

import re
import weakref
from array import array
from typing import Any, ClassVar, NamedTuple

from cffi import FFI
from weasyprint.text.ffi import FROM_UNITS, ffi, harfbuzz, pango
from weasyprint.text.fonts import get_pango_font_key
from weasyprint.text.line_break import line_size

from service.engines.weasyprint.patches.shaping import KEYS, Kept, prepared

# Latin letters, digits, and the punctuation that goes with them: one script, one direction, nothing that combines.
SIMPLE = re.compile(
    "[ -~\u00a1-\u00a8\u00aa-\u00ac\u00b0-\u00b4\u00b6-\u00b8\u00ba-\u024f"
    "\u2010-\u2015\u2018-\u201e\u2020-\u2022\u2026\u2039\u203a\u20ac]+"
)
LETTER = re.compile("[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f]")
LONGEST = 100  # characters of a word, or of figures and signs
MOST, FACES = 200_000, 200  # characters of all words that are kept, a hundred bytes for each, and faces
SAMPLE = "a"  # a letter in front, so that figures and signs are set as Latin text
GLYPH = 5  # integers of a PangoGlyphInfo: the glyph, its width, two offsets, its attributes
OTHER_TABLES = ("kern", "morx", "kerx", "mort", "Silf")  # shapers without these reports
# The features of HarfBuzz for Latin text by default.
FEATURES = (
    "rvrn", "ltra", "ltrm", "frac", "numr", "dnom", "rand", "trak", "HARF", "BUZZ", "abvm", "blwm", "ccmp", "locl", "mark",
    "mkmk", "rlig", "calt", "clig", "curs", "dist", "kern", "liga", "rclt",
)  # fmt: skip

_asked = FFI()
_asked.cdef(
    """
    typedef ... hb_face_t; typedef ... hb_set_t; typedef ... hb_blob_t;
    void hb_ot_layout_collect_lookups(
        hb_face_t *, unsigned, const unsigned *, const unsigned *, const unsigned *, hb_set_t *);
    int hb_set_next(const hb_set_t *, unsigned *);
    void hb_ot_layout_lookup_collect_glyphs(
        hb_face_t *, unsigned, unsigned, hb_set_t *, hb_set_t *, hb_set_t *, hb_set_t *);
    hb_set_t *hb_set_create(void); void hb_set_destroy(hb_set_t *); int hb_set_has(const hb_set_t *, unsigned);
    hb_blob_t *hb_face_reference_table(hb_face_t *, unsigned);
    unsigned hb_blob_get_length(hb_blob_t *); void hb_blob_destroy(hb_blob_t *);
    """
)


class Foreign(Exception):
    """The widths of words do not add up to this."""


class Shape(NamedTuple):
    """A word as it is set: its width in Pango's units, the numbers of its glyphs, and the bytes where their characters begin."""

    width: int
    numbers: array[int]
    clusters: list[int]


class Face:
    """The words of one face. `space` is what they are divided by; `height`, `baseline` and `size` are in pixels.

    `key` is its font's in a document; `kept` counts the characters of all that are `known`."""

    known: ClassVar[weakref.WeakSet[Face]] = weakref.WeakSet()
    kept: ClassVar[int] = 0

    def __init__(self, style: Any, features: tuple[str, ...]) -> None:
        self.known.add(self)
        self.words: dict[str, Shape | None] = {}
        self.signs: dict[str, Shape | None] = {}
        first, self._measuring = Kept(style), Kept(style).layout
        first.set_text(SAMPLE)
        line, _ = first.get_first_line()
        self.height = line_size(line, style)[1]
        self.baseline = pango.pango_layout_get_baseline(first.layout) * FROM_UNITS
        self.font, self._alive = line.runs[0].data.item.analysis.font, first.layout  # which has the font in its keeping
        self.key, _description, self.size = get_pango_font_key(self.font)
        shape = self._set(f"{SAMPLE} {SAMPLE}")
        found = shape.numbers if shape else array("i")
        self.usable = len(found) == 3 * GLYPH and _stands_alone(self.font, found[GLYPH], features)
        self.space = Shape(found[GLYPH + 1], found[GLYPH : 2 * GLYPH], [0]) if self.usable else Shape(0, found, [])

    def shape(self, word: str) -> Shape:
        """A word as it is set between others. Raises Foreign if it is long, has spaces, or needs another font."""
        if len(word) > LONGEST:
            raise Foreign
        if word not in self.words:
            self.learn([word])
        found = self.words[word]
        if found is None:
            raise Foreign
        return found

    def learn(self, words: list[str]) -> None:
        """Measures all these words at once."""
        shape = self._set(" ".join([SAMPLE, *words]))
        found = _split(shape, self.space.numbers[0]) if shape else []
        if len(found) == len(words) + 1:
            self.words.update(zip(words, found[1:], strict=True))
        elif len(words) == 1:
            self.words[words[0]] = None
        else:
            for word in words:
                self.learn([word])

    def alone(self, text: str) -> Shape:
        """A text of figures and signs without a letter, set separately. Raises Foreign."""
        if len(text) > LONGEST:
            raise Foreign
        if text not in self.signs:
            self.signs[text] = self._set(text)
        found = self.signs[text]
        if found is None:
            raise Foreign
        return found

    @classmethod
    def _make_room(cls, more: int) -> None:
        """Removes all words if they are too many: those of the current text are soon measured again."""
        cls.kept += more
        if cls.kept > MOST:
            cls.kept = more
            for face in cls.known:
                face.words.clear()
                face.signs.clear()

    def _set(self, text: str) -> Shape | None:
        """A text as it is set; None if it is not all of one run and the face's first font."""
        self._make_room(len(text))
        data = text.encode()
        pango.pango_layout_set_text(self._measuring, data, len(data))
        run = pango.pango_layout_get_line_readonly(self._measuring, 0).runs
        item, glyphs = run.data.item, run.data.glyphs
        if run.next != ffi.NULL or item.analysis.font != self.font or item.length != len(data):
            return None
        numbers = array("i")
        numbers.frombytes(ffi.buffer(glyphs.glyphs, glyphs.num_glyphs * GLYPH * 4))
        if max(numbers[::GLYPH]) >= pango.PANGO_GLYPH_EMPTY:
            return None
        return Shape(sum(numbers[1::GLYPH]), numbers, ffi.unpack(glyphs.log_clusters, glyphs.num_glyphs))


def _split(shape: Shape, space: int) -> list[Shape]:
    """The words between the spaces."""
    found, start, clusters = [], 0, shape.clusters
    glyphs = shape.numbers[::GLYPH]
    for end in [index for index, glyph in enumerate(glyphs) if glyph == space] + [len(glyphs)]:
        numbers = shape.numbers[start * GLYPH : end * GLYPH]
        first = clusters[start] if start < end else 0
        found.append(Shape(sum(numbers[1::GLYPH]), numbers, [each - first for each in clusters[start:end]]))
        start = end + 1
    return found


def _tag(name: str) -> int:
    return int.from_bytes(name.encode(), "big")


def _stands_alone(font: Any, space: int, features: tuple[str, ...]) -> bool:
    """Whether no rule of the font contains the glyph of the space."""
    library = _library()
    face = _asked.cast("hb_face_t *", int(ffi.cast("uintptr_t", harfbuzz.hb_font_get_face(pango.pango_font_get_hb_font(font)))))
    for name in OTHER_TABLES:
        blob = library.hb_face_reference_table(face, _tag(name))
        length = library.hb_blob_get_length(blob)
        library.hb_blob_destroy(blob)
        if length:
            return False
    used = any(_uses(library, face, table, space, features) for table in ("GSUB", "GPOS"))
    return not used


def _uses(library: Any, face: Any, table: str, space: int, more: tuple[str, ...]) -> bool:
    rules, *sets = [library.hb_set_create() for _ in range(5)]
    features = _asked.new("unsigned[]", [*map(_tag, FEATURES + more), 0])
    library.hb_ot_layout_collect_lookups(face, _tag(table), _asked.NULL, _asked.NULL, features, rules)
    rule = _asked.new("unsigned *", 2**32 - 1)
    while library.hb_set_next(rules, rule):
        library.hb_ot_layout_lookup_collect_glyphs(face, _tag(table), rule[0], *sets)
    used = any(library.hb_set_has(each, space) for each in sets)
    for each in (rules, *sets):
        library.hb_set_destroy(each)
    return used


def _library() -> Any:
    for name in ("libharfbuzz.so.0", "libharfbuzz.0.dylib", "libharfbuzz-0.dll"):
        try:
            return _asked.dlopen(name)
        except OSError:
            continue
    raise OSError("HarfBuzz is gone since WeasyPrint loaded it")


def of(style: Any) -> Face | None:
    """The face of a style, or None."""
    try:
        found: Face | None = style.face
    except AttributeError:
        found = style.face = _find(style)
    return found


def _find(style: Any) -> Face | None:
    made = prepared(style)
    if style.font_config._folder is not None or style["direction"] != "ltr" or made is None:
        return None
    if style["letter_spacing"] != "normal" or style["word_spacing"] or style["font_size"] < 1:
        return None
    faces = style.font_config.__dict__.setdefault("faces", {})
    key = (made.features, tuple(style["font_family"]), *(style[name] for name in KEYS))
    if key not in faces:
        if len(faces) > FACES:
            faces.clear()
        faces[key] = Face(style, made.features)
    face: Face = faces[key]
    return face if face.usable else None
