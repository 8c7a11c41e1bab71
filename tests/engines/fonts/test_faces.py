"""The properties of a face: names, weight, slant, width, licence; and its subset."""

from __future__ import annotations

import io

import pytest
from fontTools.ttLib import TTFont

from service.engines.fonts import faces
from service.engines.fonts.face import Face, Unreadable
from tests import made_fonts

TEXT = frozenset(map(ord, made_fonts.LETTERS))


def face(**about: object) -> Face:
    (found,) = faces.of("a.ttf", made_fonts.data(**about), TEXT)  # type: ignore[arg-type]
    return found


def opened(data: bytes) -> TTFont:
    return TTFont(io.BytesIO(data))


def test_weight_slant_and_width() -> None:
    found = face(weight=700, italic=True, mono=True)
    assert (found.weight, found.italic, found.mono) == (700, True, True)
    assert face(weight=4).weight == 400  # as fonts of the nineties count


@pytest.mark.parametrize(
    ("bits", "permission", "whole"),
    [
        (0, "any", False),
        (made_fonts.EDITABLE, "any", False),
        (made_fonts.PRINT, "print", False),
        (made_fonts.RESTRICTED, "none", False),
        (made_fonts.RESTRICTED | made_fonts.EDITABLE, "any", False),  # the freest of several levels counts
        (made_fonts.BITMAPS, "none", False),
        (made_fonts.NOT_SUBSET, "any", True),
        (made_fonts.PRINT | made_fonts.NOT_SUBSET, "print", True),
    ],
)
def test_the_licence(bits: int, permission: str, whole: bool) -> None:
    found = face(licence=bits)
    assert (found.permission, found.whole) == (permission, whole)


def test_a_name_with_a_meaning_to_fontconfig_becomes_plain() -> None:
    assert face(family='Har,bour "X" : bold').family == "Har bour X bold"
    assert face(family="港口宋体").family == "港口宋体"


def test_a_variable_font_is_its_regular_and_bold_instance() -> None:
    found = faces.of("a.ttf", made_fonts.data(variable=True), TEXT)
    assert [(each.weight, each.italic) for each in found] == [(400, False), (700, False)]
    assert all("fvar" not in opened(each.data) for each in found)


def test_a_font_of_many_glyphs_is_cut_to_the_text() -> None:
    large = made_fonts.data(filler=faces.MANY_GLYPHS + 1)
    (found,) = faces.of("a.ttf", large, TEXT)
    assert set(opened(found.data).getBestCmap()) == set(TEXT)
    (kept,) = faces.of("a.ttf", made_fonts.data(filler=faces.MANY_GLYPHS + 1, licence=made_fonts.NOT_SUBSET), TEXT)
    assert len(opened(kept.data).getBestCmap()) > faces.MANY_GLYPHS


def test_a_subset_has_the_characters_and_no_others() -> None:
    data = faces.subsetted(face(), frozenset(map(ord, "Tide")))
    assert set(opened(data).getBestCmap()) == set(map(ord, "Tide"))
    assert opened(data)["name"].getBestFamilyName() == "Harbour"


def test_a_font_that_must_not_be_cut_stays_whole() -> None:
    found = face(licence=made_fonts.NOT_SUBSET)
    assert faces.subsetted(found, frozenset(map(ord, "T"))) == found.data


def test_the_same_bytes_each_time() -> None:
    data = made_fonts.data()
    first, second = (faces.of("a.ttf", data, TEXT)[0] for _ in range(2))
    assert first.data == second.data
    assert faces.subsetted(first, TEXT) == faces.subsetted(second, TEXT)


@pytest.mark.parametrize("table", ["head", "cmap", "hmtx", "name", "maxp"])
def test_a_font_without_a_table_is_refused(table: str) -> None:
    made = opened(made_fonts.data())
    del made[table]
    tables = {tag: made.reader[tag] for tag in made.reader.keys() if tag != table}  # noqa: SIM118 (no dict)
    from service.engines.fonts import containers

    data = containers._joined(b"\0\1\0\0", [(tag.encode(), part) for tag, part in tables.items()])
    with pytest.raises(Unreadable):
        faces.of("a.ttf", data, TEXT)


def test_a_font_of_pictures_alone_is_refused() -> None:
    from service.engines.fonts import containers

    made = opened(made_fonts.data())
    kept = [(tag.encode(), made.reader[tag]) for tag in made.reader.keys() if tag not in ("glyf", "loca")]  # noqa: SIM118
    with pytest.raises(Unreadable, match="no outlines"):
        faces.of("a.ttf", containers._joined(b"\0\1\0\0", kept), TEXT)


def test_colours_and_pictures_are_left_out() -> None:
    data = made_fonts.data()
    from service.engines.fonts import containers

    read = opened(data)
    tables = [(tag.encode(), read.reader[tag]) for tag in read.reader.keys()]  # noqa: SIM118
    more = containers._joined(b"\0\1\0\0", [*tables, (b"SVG ", b"<svg onload='x'/>"), (b"DSIG", b"1234")])
    (found,) = faces.of("a.ttf", more, TEXT)
    assert not {"SVG ", "DSIG"} & set(opened(found.data).keys())
