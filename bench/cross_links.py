"""A book of 60 chapters with 500 links between them, written and read again: no link may be dead.

    python -m bench.cross_links [--chapters 60] [--links 500] [--words 2400]

Writes the book as PDF, EPUB and DOCX, follows every link by pikepdf, lxml and zipfile, and prints pages, links and seconds.
"""

from __future__ import annotations

import argparse
import io
import posixpath
import random
import sys
import time
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pikepdf
from lxml import etree

from schemas import options
from service.containers.packages import pack
from service.conversion.converter import PoolConverter
from service.model.document import Source
from service.model.settings import Settings

WORDS = tuple(
    "harbour lamp tide keeper stone signal north channel buoy wind chart night wave rope glass stair tower storm".split()  # noqa: SIM905
)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
XHTML = "{http://www.w3.org/1999/xhtml}"
SECTIONS = 4  # in each chapter
SEED = 27


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--chapters", type=int, default=60)
    parser.add_argument("--links", type=int, default=500)
    parser.add_argument("--words", type=int, default=2_400, help="of each chapter")
    given = parser.parse_args()
    source = Source("book.zip", pack(files(given.chapters, given.links, given.words)))
    dead = 0
    with PoolConverter(Settings(cache=0, book_deadline=3_600.0), spares=0) as converter:
        for target, followed in FOLLOWED.items():
            started = time.monotonic()
            conversion = options.load((target,), {"combine": True, "profile": "book", "metadata": {"title": "Lights"}})
            data = converter.convert(source, conversion)[0].artifacts[0].data
            seconds = time.monotonic() - started
            found = list(followed(data))
            broken = [link for link, leads in found if not leads]
            dead += len(broken)
            pages = f"{len(pikepdf.open(io.BytesIO(data)).pages)} pages, " if target == "pdf" else ""
            print(f"{target}: {pages}{len(found)} links, {len(broken)} dead, {seconds:.1f} s")
            print("\n".join(f"  {link}" for link in broken[:20]), end="\n" if broken else "")
    sys.exit(1 if dead else 0)


def files(chapters: int, links: int, words: int) -> dict[str, bytes]:
    """The chapters, `links` in all leading from one to another: to the chapter, or to one of its sections."""
    chance = random.Random(SEED)
    targets: list[list[str]] = [[] for _ in range(chapters)]
    for number in range(links):
        other, section = chance.randrange(chapters), chance.randrange(SECTIONS + 1)
        part = f"#section-{section}-of-{other + 1}" if section else ""
        targets[number % chapters].append(f"[{chance.choice(WORDS)} {other + 1}]({other + 1:02}.md{part})")
    return {f"{number:02}.md": _chapter(number, each, words, chance).encode() for number, each in enumerate(targets, 1)}


def _chapter(number: int, links: list[str], words: int, chance: random.Random) -> str:
    parts = [f"---\ntitle: Chapter {number}\nlang: en\n---\n"]
    for section in range(1, SECTIONS + 1):
        parts.append(f"## Section {section} of {number}\n")
        for _ in range(words // SECTIONS // 80):
            text = [chance.choice(WORDS) for _ in range(80)]
            if links:
                text.insert(40, links.pop())
            parts.append(" ".join(text).capitalize() + ".\n")
    parts.append("\n".join(f"See {link}.\n" for link in links))
    return "\n".join(parts)


def followed_pdf(data: bytes) -> Iterator[tuple[str, bool]]:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        names = {str(each) for each in list(pdf.Root.Names.Dests.Names)[::2]} if "/Names" in pdf.Root else set()
        for page in pdf.pages:
            for each in page.get("/Annots", []):
                target: Any = each.get("/Dest") if "/Dest" in each else each.A.get("/D", each.A.get("/URI"))
                yield str(target), not isinstance(target, pikepdf.String) or str(target) in names


def followed_epub(data: bytes) -> Iterator[tuple[str, bool]]:
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        pages = {name: etree.fromstring(book.read(name)) for name in book.namelist() if name.endswith(".xhtml")}
    places = {name: {each.get("id") for each in page.iter() if each.get("id")} for name, page in pages.items()}
    for name, page in pages.items():
        for each in page.iter(f"{XHTML}a"):
            path, _, part = (each.get("href") or "").partition("#")
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(path))) if path else name
            yield each.get("href") or "", target in places and (not part or unquote(part) in places[target])


def followed_docx(data: bytes) -> Iterator[tuple[str, bool]]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        document = etree.fromstring(package.read("word/document.xml"))
    places = {each.get(f"{W}name") for each in document.iter(f"{W}bookmarkStart")}
    for each in document.iter(f"{W}hyperlink"):
        yield each.get(f"{W}anchor") or "", each.get(f"{W}anchor") in places


FOLLOWED = {"pdf": followed_pdf, "epub": followed_epub, "docx": followed_docx}

if __name__ == "__main__":
    main()
