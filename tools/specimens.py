"""The specimens: varied documents in `examples/specimens/`, and docs/specimens.md with pictures of each.

`python -m tools.specimens [NAME …]` draws the pictures again. `tools.artifact_pages` lists the programs that it needs.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

from schemas import options
from service.commands.local_files import assets_next_to
from service.engines import Engines
from service.engines.pandoc.process import Pandoc
from service.model.document import Conversion, Source
from service.model.settings import Settings
from service.pipeline import steps
from tools import artifact_pages

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "examples" / "specimens"
PICTURES = ROOT / "docs" / "pictures" / "specimens"
COLOURS, GAP = 40, 6  # colours, and pixels between two pages
# Dots per inch, and number of pages, of each format.
SHOWN: Mapping[str, tuple[int, int]] = {"pdf": (60, 3), "epub": (44, 2), "docx": (44, 2)}


@dataclass(frozen=True, slots=True)
class Specimen:
    """`shows` describes what to check; `notices` are the codes of a conversion to any format."""

    shows: str
    options: Mapping[str, Any] = field(default_factory=dict)
    notices: frozenset[str] = frozenset()


SHIFTED = frozenset({"heading-level-changed"})
UNTITLED = frozenset({"title-missing", "lang-detected", "title-heading-removed"})
SPECIMENS: Mapping[str, Specimen] = {
    "news-chinese": Specimen("Chinese news: both edges straight, punctuation, a table, a note"),
    "chinese-technical": Specimen("Chinese mixed with English, code, formulas"),
    "japanese": Specimen("Japanese: ruby, a picture with a caption, a table"),
    "korean": Specimen("Korean"),
    "arabic": Specimen("Arabic from the right, code from the left, a table, a callout"),
    "hebrew": Specimen("Hebrew: dialogue, prices, nested numbers"),
    "hindi": Specimen("Hindi"),
    "thai": Specimen("Thai: lines broken between words"),
    "vietnamese": Specimen("Vietnamese"),
    "russian": Specimen("Russian: hyphenation, a note"),
    "greek": Specimen("Greek"),
    "french": Specimen("French, typed with straight quotes", notices=frozenset()),
    "german": Specimen("German: long words"),
    "essay": Specimen("an essay with a note"),
    "paper": Specimen(
        "a paper: abstract, affiliations, numbered figures, tables and formulas, citations",
        {"bibliography": "paper.bib"}, SHIFTED | {"metadata-ignored", "identifier-changed"},
    ),
    "lecture": Specimen("a lecture: formulas in lines, lists and tables", notices=frozenset({"identifier-changed"})),
    "exercises": Specimen("an exercise sheet", notices=SHIFTED),
    "report": Specimen("a report: wide tables with captions", {"profile": "report"}, SHIFTED),
    "specification": Specimen(
        "a specification: nested lists, code, numbered sections", {"number_sections": True, "toc": True}, SHIFTED
    ),
    "contract": Specimen("a contract: clauses that run through the headings", notices=SHIFTED),
    "minutes": Specimen("minutes: sums, tasks", notices=frozenset({"identifier-changed"})),
    "letter": Specimen("a letter: the sender at the right"),
    "poem": Specimen("poems: indented lines, as a book", {"profile": "book", "toc": False}),
    "quotations": Specimen("long quotations, one in another"),
    "interview": Specimen("an interview: pictures side by side", notices=frozenset({"image-without-description"})),
    "dictionary": Specimen("a dictionary: definitions, phonetic signs"),
    "faq": Specimen("questions and answers", notices=frozenset({"site-code-removed"})),
    "recipe": Specimen("a recipe: pictures in a list", notices=frozenset({"image-without-description"})),
    "newsletter": Specimen("a newsletter: emoji, HTML for the layout", notices=SHIFTED | {"identifier-changed"}),
    "readme": Specimen("a README: centred head, badges, tasks", notices=UNTITLED | {"link-removed"}),
    "changelog": Specimen("a changelog", notices=UNTITLED | {"identifier-changed"}),
    "tutorial": Specimen("a tutorial: code with titles, a diagram, a formula"),
    "slide-notes": Specimen("notes for slides", notices=frozenset()),
}  # fmt: skip


def source(name: str) -> Source:
    """The specimen with the files that it names."""
    path = FOLDER / f"{name}.md"
    data = path.read_bytes()
    named = tuple(value for value in SPECIMENS[name].options.values() if str(value).endswith(".bib"))
    return Source(path.name, data, assets=assets_next_to(path, data, named))


def recipe(name: str, target: str) -> Conversion:
    return options.defaults(target, **SPECIMENS[name].options)


def draw(name: str, target: str, data: bytes, folder: Path) -> None:
    """docs/pictures/specimens/NAME.TARGET.png: the first pages, side by side."""
    resolution, shown = SHOWN[target]
    pages = artifact_pages.pages(target, data, folder, resolution, shown)
    width = sum(page.width + GAP for page in pages) + GAP
    sheet = Image.new("RGB", (width, max(page.height for page in pages) + 2 * GAP), "#8a8f94")
    place = GAP
    for page in pages:
        sheet.paste(page, (place, GAP))
        place += page.width + GAP
    PICTURES.mkdir(parents=True, exist_ok=True)
    sheet.quantize(COLOURS, dither=Image.Dither.NONE).save(PICTURES / f"{name}.{target}.png", optimize=True)


def parts() -> list[str]:
    """The section of docs/specimens.md about each specimen: a link to it, its options, and its picture."""
    return [_part(name, each) for name, each in SPECIMENS.items()]


def _part(name: str, specimen: Specimen) -> str:
    options = [f"{key}={str(value).lower() if isinstance(value, bool) else value}" for key, value in specimen.options.items()]
    converted = f" Options: {', '.join(f'`{each}`' for each in options)}." if options else ""
    shows = specimen.shows[0].upper() + specimen.shows[1:]
    link = f"[{name}.md](../examples/specimens/{name}.md)"
    pictures = "\n\n".join(f"![{name} as {target.upper()}](pictures/specimens/{name}.{target}.png)" for target in SHOWN)
    return f"## {name}\n\n{shows}. {link}.{converted}\n\n{pictures}"


def main(names: Sequence[str]) -> None:
    settings = Settings()
    pandoc = Pandoc(settings)
    engines = Engines(pandoc=pandoc, settings=settings)
    with tempfile.TemporaryDirectory() as folder:
        for name in names or SPECIMENS:
            document = steps.read(source(name), recipe(name, "pdf"), engines)
            for target in SHOWN:
                made = steps.write(document, recipe(name, target), target, engines)
                draw(name, target, made.data, Path(folder))
    pandoc.close()


if __name__ == "__main__":
    main(sys.argv[1:])
