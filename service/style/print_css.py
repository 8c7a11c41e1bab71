"""The style sheets of a look for the printed page. Values from outside are numbers, names from a table, or quoted strings."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from xml.sax.saxutils import escape

from service import style as looks
from service.model import profiles
from service.model.lengths import Margins
from service.style import PLAIN, Look, own_fonts
from service.style.fonts import Family
from service.style.running_lines import Line, Part

POINTS = re.compile(r"(\bfont(?:-size)?:[^:;{}]*?)((?<![\d.])\d++(?>(?:\.\d++)?))pt")
USUAL = "article"
WATERMARK = "look/watermark.svg"
NARROW_SIDE = 20.0  # most millimetres of margin at the sides of a page in landscape format
REGIONS: Mapping[str, str] = {
    "zh": "SC", "zh-Hant": "TC", "zh-TW": "TC", "zh-HK": "HK", "zh-MO": "HK", "ja": "JP", "ko": "KR",
}  # fmt: skip
HEADINGS = ":is(h1, h2, h3, h4, h5, h6, .half-title p, .contents-title, .title-block h1, .title-block .subtitle)"
STRONG, EMPHASIS = ":is(strong, b)", ":is(em, i, cite, dfn)"
CODE = ":is(code, pre, samp, kbd)"
BOXES: Mapping[str, Mapping[str, str]] = {
    "header": {"left": "top-left", "middle": "top-center", "right": "top-right"},
    "footer": {"left": "bottom-left", "middle": "bottom-center", "right": "bottom-right"},
}
COUNTERS: Mapping[str, str] = {"page": "counter(page)", "pages": "counter(pages)"}
EACH_PAGE = ("", ":first", ":left", ":right")
Media = Mapping[str, tuple[str, bytes]]


def sheets(look: Look, profile: profiles.Profile, css: Sequence[str]) -> list[str]:
    """Sheets of the profile in the size of type that is requested."""
    return [scaled(each, _factor(look, profile)) for each in css]


def added(look: Look, profile: profiles.Profile) -> list[str]:
    """The sheets that come after those; none for a plain look."""
    return [] if look == PLAIN else ["\n".join(_rules(look, profile, _factor(look, profile)))]


def counted(css: str, counter: str) -> str:
    """The sheet with page numbers in the counter style of a language; empty is decimal."""
    if not counter:
        return css
    for name in ("page", "pages"):
        css = css.replace(f"counter({name})", f"counter({name}, {counter})")
    return css.replace("target-counter(attr(href), page)", f"target-counter(attr(href), page, {counter})")


def lists(counter: str) -> list[str]:
    """The sheet of numbered lists in that counter style."""
    return [f"ol {{ list-style-type: {counter} }}"] if counter else []


def _factor(look: Look, profile: profiles.Profile) -> float:
    return look.font_size / profile.font_size if look.font_size else 1.0


def measure(look: Look, profile: profiles.Profile) -> float:
    """The number of characters of a line, as a share of that of the article profile."""
    if profile.name == USUAL and not (look.paper or look.margin or look.font_size):
        return 1.0
    usual = profiles.load(USUAL)
    size = look.font_size or profile.font_size
    return text_width(looks.sheet(look, profile)) / text_width(looks.sheet(PLAIN, usual)) * usual.font_size / size


def turned(look: Look, profile: profiles.Profile) -> looks.Sheet | None:
    """The page in landscape format, for tables that are too wide for portrait. None if the page is landscape already."""
    width, height, (top, right, bottom, left) = looks.sheet(look, profile)
    side = min(left, right, NARROW_SIDE)
    return (height, width, (top, side, bottom, side)) if width < height else None


def turned_measure(look: Look, profile: profiles.Profile) -> float:
    """`measure` of a page in landscape format, or 0."""
    found = turned(look, profile)
    return measure(look, profile) * text_width(found) / text_width(looks.sheet(look, profile)) if found else 0.0


def text_width(sheet: looks.Sheet) -> float:
    """Millimetres between the margins."""
    width, _, (_, right, _, left) = sheet
    return width - left - right


def turned_pages(look: Look, profile: profiles.Profile) -> list[str]:
    """The style sheet of pages in landscape format."""
    found = turned(look, profile)
    if found is None:
        return []
    width, height, margin = found
    edges = " ".join(f"{each:.2f}mm" for each in margin)
    rules = ".turned { page: turned } table.turned { break-after: page }"  # the name of usual pages, none, breaks no page
    return [f"@page turned {{ size: {width:.2f}mm {height:.2f}mm; margin: {edges} }} {rules}"]


def media(look: Look, profile: profiles.Profile) -> Media:
    """Pictures that the sheets of `sheets` show."""
    if not look.watermark:
        return {}
    width, height, _ = looks.sheet(look, profile)
    return {WATERMARK: ("image/svg+xml", watermark(look.watermark, width, height).encode())}


@functools.lru_cache(maxsize=64)
def scaled(css: str, factor: float) -> str:
    """The sheet with each font size multiplied by that factor."""
    return css if factor == 1 else POINTS.sub(lambda match: f"{match[1]}{float(match[2]) * factor:.2f}pt", css)


def _rules(look: Look, profile: profiles.Profile, factor: float) -> Iterator[str]:
    if look.paper or look.margin:
        yield from _sheet(*looks.sheet(look, profile), mirrored=profile.mirrored)
    if look.font:
        yield from _family(look.font)
        yield from _completed(look, profile)
    for family, where in ((look.heading_font, HEADINGS), (look.code_font, CODE)):
        if family:
            yield from _part(family, where)
    if look.justify != "auto":
        yield _justified(look.justify)
    for name, line in (("header", look.header), ("footer", look.footer)):
        if line is not None:
            yield from _line(name, line, 8 * factor)
    if look.watermark:
        yield f"@page {{ background: url({WATERMARK}) 0 0 / 100% 100% no-repeat }}"


def _sheet(width: float, height: float, margin: Margins, mirrored: bool) -> Iterator[str]:
    top, right, bottom, left = (f"{each:.2f}mm" for each in margin)
    yield f"@page {{ size: {width:.2f}mm {height:.2f}mm; margin: {top} {right} {bottom} {left} }}"
    if mirrored:  # left is inside, at the spine
        yield f"@page :right {{ margin: {top} {right} {bottom} {left} }}"
        yield f"@page :left {{ margin: {top} {left} {bottom} {right} }}"


def _family(family: Family) -> Iterator[str]:
    yield f':root:root {{ font-family: {quoted(family.name)}, "{family.wide} SC", {family.generic} }}'
    for tag, region in REGIONS.items():
        names = [family.name, f"{family.wide} {region}"]
        ordered = ", ".join(quoted(name) for name in (names if family.own_first else names[::-1]))
        yield f":root:root:lang({tag}), :root [lang]:lang({tag}) {{ font-family: {ordered}, {family.generic} }}"
    yield ".title-block p.subtitle { font-family: inherit }"


def _completed(look: Look, profile: profiles.Profile) -> Iterator[str]:
    """For an uploaded family without a bold or italic face: emphasis uses the profile's family, so that it stays visible."""
    faces = look.own_fonts.faces.get("font", ())
    bold, italic = any(face.weight >= own_fonts.BOLD for face in faces), any(face.italic for face in faces)
    usual = "Noto Sans" if profile.name == "report" else "Noto Serif"
    for where, there in ((STRONG, bold), (EMPHASIS, italic)):
        if faces and not there:
            yield f':root:root {where} {{ font-family: "{usual}" }}'


def _part(family: Family, where: str) -> Iterator[str]:
    """The rules for a part of the text; in another language, the family for ideographs is the one of its region."""
    generic = [] if family.generic == "monospace" else [family.generic]
    for tag, region in {"": "SC", **REGIONS}.items():
        at = f":root:root:root:lang({tag})" if tag else ":root:root:root"
        inside = f", :root:root [lang]:lang({tag}) {where}" if tag else ""
        names = ", ".join([quoted(family.name), quoted(f"{family.wide} {region}"), *generic])
        yield f"{at} {where}{inside} {{ font-family: {names} }}"


def _justified(how: str) -> str:
    if how == "justified":
        return ":root:root p, :root:root li, :root:root dd { text-align: justify }"
    return ":root:root:root:root p { text-align: start } :root:root { hyphens: manual }"


def _line(name: str, line: Line, size: float) -> Iterator[str]:
    boxes = []
    for place, parts in line.items():
        edge = "vertical-align: bottom; padding-bottom: 6mm" if name == "header" else "vertical-align: middle"
        look = f"font-size: {size:.2f}pt; color: #777; {edge}; text-align: {'center' if place == 'middle' else place}"
        boxes.append(f"@{BOXES[name][place]} {{ content: {content(parts)}; {look} }}")
    yield from (f"@page {which} {{ {' '.join(boxes)} }}" for which in EACH_PAGE)


def content(parts: Sequence[Part]) -> str:
    """The parts as the value of `content`."""
    return " ".join(COUNTERS[part.number] if part.number else quoted(part.text) for part in parts) or "none"


def quoted(text: str) -> str:
    """`text` as a CSS string: everything but letters, digits and plain signs is escaped."""
    return '"' + "".join(each if each.isalnum() or each in " .,:;-–—·…()" else f"\\{ord(each):x} " for each in text) + '"'


def watermark(text: str, width: float, height: float) -> str:
    """An SVG of the page's size in millimetres with `text` across it, from corner to corner."""
    columns = sum(1.0 if character >= "\u2e80" else 0.72 for character in text)
    diagonal = (width**2 + height**2) ** 0.5
    size = min(0.62 * diagonal / max(columns, 1), width * 0.28)
    angle = -55 if height >= width else -30
    x, y = f"{width / 2:.2f}", f"{height / 2:.2f}"
    look = f'font-family="Noto Sans, Noto Sans CJK SC" font-weight="bold" font-size="{size:.2f}" fill="#edeae6"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.2f} {height:.2f}">'
        f'<text x="{x}" y="{height / 2 + size * 0.35:.2f}" transform="rotate({angle} {x} {y})" text-anchor="middle" '
        f'letter-spacing="{size * 0.04:.2f}" {look}>{escape(text)}</text></svg>'
    )
