"""The setting of lines, next to Typst: `python -m bench.typesetting OUT [ARTICLE …]`; without articles, three of the specimens.

Each article is set by Colophon and by Typst in the same family, size, measure and leading. Of both PDFs the edges of the full
lines are measured in points (pypdfium2, by the widths in the font), marks at the edges are counted, and gaps between ideographs
and letters. OUT gets the PDFs, a picture of both first pages side by side at 150 dpi, and typesetting.json; the table is printed.
"""

from __future__ import annotations

import ctypes
import json
import re
import statistics
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

import pikepdf
import pypdfium2
from PIL import Image

from schemas import options
from service.engines import Engines
from service.engines.pandoc.process import Pandoc, binary
from service.model.document import Source
from service.model.settings import Settings
from service.pipeline import steps
from tools import specimens

OWN = ("news-chinese", "chinese-technical", "essay")
RESOLUTION, SIZE, TOLERANCE = 150, 10.5, 0.3  # dots an inch; points of the text
NEVER_FIRST, NEVER_LAST = frozenset("，。：；！？”’）》〉」』、】…—"), frozenset("“‘（《〈「『【")
HAN = re.compile("[\u3400-\u9fff]")
LETTER = re.compile("[A-Za-z0-9]")
EXACT = 0.2  # points: an edge that is straight to the eye at 150 dpi is within half a pixel, 0.24 pt
TYPST = """#set page(paper: "a4", margin: (top: 25mm, x: 30.9mm, bottom: 27mm), numbering: "1")
#set text(font: ({fonts}), size: 10.5pt, lang: "{lang}")
#set par(justify: true, leading: {leading}em, spacing: 1.3em)
"""
FONTS = {"zh": ("Noto Serif CJK SC", "Noto Serif"), "ja": ("Noto Serif CJK JP", "Noto Serif"), "": ("Noto Serif",)}
Character = tuple[float, float, str]  # left, right, text


@dataclass(frozen=True, slots=True)
class Measured:
    """One PDF. Edges in points from the straight edge, gaps in em; a full line is one whose paragraph continues."""

    full_lines: int
    within: int  # full lines whose right edge is within EXACT
    worst: float
    marks_first: int
    marks_last: int
    gap: float  # between an ideograph and a letter, the median
    widest_blank: float  # between two words of a full line, in em
    hyphens: int


def lines_of(pdf: Path) -> Iterator[list[tuple[float, list[Character]]]]:
    """The lines of each page from above: the height of the baseline, and the characters from the left."""
    with pikepdf.open(pdf) as opened:  # pypdfium2 spreads the characters of a text of its own evenly
        for page in opened.pages:
            page.contents_coalesce()
            content = page.Contents.read_bytes()
            page.Contents = opened.make_stream(re.sub(rb"<</ActualText \(.*?\)>> BDC", b"BMC", content, flags=re.DOTALL))
        opened.save(bare := pdf.with_suffix(".bare.pdf"))
    x, y, matrix = ctypes.c_double(), ctypes.c_double(), pypdfium2.raw.FS_MATRIX()
    for page in pypdfium2.PdfDocument(bare):
        text, rows = page.get_textpage(), defaultdict[int, list[Character]](list)
        for index in range(text.count_chars()):
            if (character := text.get_text_range(index, 1)).strip():
                left, _, right, _ = text.get_charbox(index, loose=True)
                pypdfium2.raw.FPDFText_GetCharOrigin(text.raw, index, x, y)
                pypdfium2.raw.FPDFText_GetMatrix(text.raw, index, matrix)
                size = pypdfium2.raw.FPDFText_GetFontSize(text.raw, index) * abs(matrix.d)
                if abs(size - SIZE) < TOLERANCE:  # text, no heading or table
                    rows[round(y.value * 2)].append((left, right, character))
        yield [(place / 2, sorted(rows[place])) for place in sorted(rows, reverse=True)]
    bare.unlink()


def measured(pdf: Path, size: float = SIZE) -> Measured:
    edges, gaps, blanks, first, last, hyphens = [], [], [], 0, 0, 0
    pages = list(lines_of(pdf))
    pitches = [round(one[0] - two[0]) for lines in pages for one, two in pairwise(lines)]
    usual = statistics.mode(pitches) if pitches else 0
    for lines in pages:
        for line, edge in _full(lines, usual):
            edges.append(edge)
            first += line[0][2] in NEVER_FIRST
            last += line[-1][2] in NEVER_LAST
            hyphens += line[-1][2] in "-‐"
            gaps += list(_gaps(line, size))
            blanks += [(two[0] - one[1]) / size for one, two in pairwise(line) if _between_words(one, two)]
    straight = statistics.mode(round(each, 1) for each in edges) if edges else 0.0
    off = [abs(each - straight) for each in edges]
    return Measured(
        len(edges), sum(each <= EXACT for each in off), round(max(off, default=0.0), 2), first, last,
        round(statistics.median(gaps), 3) if gaps else 0.0, round(max(blanks, default=0.0), 2), hyphens,
    )  # fmt: skip


def _full(lines: Sequence[tuple[float, list[Character]]], usual: int) -> Iterator[tuple[list[Character], float]]:
    """The lines of text that the next line continues, and their right edges: a closing mark has half an em of its own."""
    lefts = statistics.mode(round(line[0][0]) for _, line in lines) if lines else 0
    rights = sorted(line[-1][1] for _, line in lines)
    reach = rights[len(rights) * 3 // 4] - 30 if rights else 0.0
    for (height, line), (following, other) in pairwise(lines):
        near = abs(height - following - usual) <= 1
        if (
            near
            and line[-1][1] > reach
            and abs(line[0][0] - lefts) < 12
            and abs(other[0][0] - lefts) < 12
            and len(line) > 12
            and _is_text(line)
        ):
            left, right, text = line[-1]
            half = (right - left) / 2 if text in NEVER_FIRST and text not in "…—" and right - left > 8 else 0.0
            yield line, right - half


def _is_text(line: Sequence[Character]) -> bool:
    """Not a row of a table or a line of code: no gap of three ems."""
    return all(two[0] - one[1] < 32 for one, two in pairwise(line))


def _gaps(line: Sequence[Character], size: float) -> Iterator[float]:
    for one, two in pairwise(line):
        kinds = {bool(HAN.match(each[2])) for each in (one, two)}
        if len(kinds) == 2 and any(LETTER.match(each[2]) for each in (one, two)) and two[0] - one[1] < size / 2:
            yield (two[0] - one[1]) / size


def _between_words(one: Character, two: Character) -> bool:
    return two[0] - one[1] > 1.5 and not HAN.match(one[2]) and not HAN.match(two[2])


def _by_typst(article: Path, out: Path, lang: str) -> None:
    import typst

    body = subprocess.run(
        [binary(), "-f", "markdown-yaml_metadata_block", "-t", "typst", article], check=True, capture_output=True
    )
    primary = lang.split("-", maxsplit=1)[0]
    fonts = ", ".join(f'"{each}"' for each in FONTS.get(primary, FONTS[""]))
    head = TYPST.format(fonts=fonts, lang=primary or "en", leading=0.8 if primary in FONTS and primary else 0.65)
    pictures = re.sub(r"#box\(image\([^\n]*\)\)|#figure\(\[?#?image.*?\n\)", "", body.stdout.decode(), flags=re.DOTALL)
    (page := out.with_suffix(".typ")).write_text(head + pictures, encoding="utf-8")
    typst.compile(str(page), output=str(out))


def _next_to(left: Path, right: Path, out: Path) -> None:
    pages = [pypdfium2.PdfDocument(each)[0].render(scale=RESOLUTION / 72).to_pil().convert("L") for each in (left, right)]
    sheet = Image.new("L", (sum(page.width for page in pages) + 8, max(page.height for page in pages)), 140)
    sheet.paste(pages[0], (0, 0))
    sheet.paste(pages[1], (pages[0].width + 8, 0))
    sheet.quantize(8).save(out, optimize=True)


def _pair(article: Path, source: Source, folder: Path, engines: Engines) -> dict[str, Measured]:
    recipe = options.defaults("pdf")
    document = steps.read(source, recipe, engines)
    ours, theirs = folder / f"{article.stem}.pdf", folder / f"{article.stem}.typst.pdf"
    ours.write_bytes(steps.write(document, recipe, "pdf", engines).data)
    text = article.read_text(encoding="utf-8")
    body = text.split("\n---\n", 1)[-1] if text.startswith("---") else text
    (bare := folder / f"{article.stem}.md").write_text(body, encoding="utf-8")
    _by_typst(bare, theirs, document.metadata.lang)
    _next_to(ours, theirs, folder / f"{article.stem}.png")
    return {"Colophon": measured(ours), "Typst": measured(theirs)}


def main(folder: Path, articles: Sequence[Path]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    settings = Settings()
    pandoc = Pandoc(settings)
    engines = Engines(pandoc=pandoc, settings=settings)
    found: dict[str, dict[str, object]] = {}
    print("| article | by | full lines | edge within 0.2 pt | worst | marks first | marks last | gap | widest blank | hyphens |")
    print("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|")
    for article in articles or [specimens.FOLDER / f"{name}.md" for name in OWN]:
        name = article.stem
        source = specimens.source(name) if name in specimens.SPECIMENS else Source(article.name, article.read_bytes())
        for by, each in _pair(article, source, folder, engines).items():
            found.setdefault(name, {})[by] = asdict(each)
            cells = [each.full_lines, each.within, f"{each.worst} pt", each.marks_first, each.marks_last]
            cells += [f"{each.gap} em", f"{each.widest_blank} em", each.hyphens]
            print(f"| {name} | {by} | {' | '.join(map(str, cells))} |")
    (folder / "typesetting.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    pandoc.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(each) for each in sys.argv[2:]])
