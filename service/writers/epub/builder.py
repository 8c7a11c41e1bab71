"""Builds an EPUB: pandoc's text, the document's images, and all other parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from lxml import etree

from service.containers import zip_writing
from service.containers.packages import RECORD_NAME, SEAL_NAME, identifier, pack, seal, serialize
from service.model import metadata_map
from service.model.devices import ANY, DEVICES, Device
from service.model.document import Asset, Block, Document, Notice
from service.model.text import dates, labels
from service.model.text.characters import legal
from service.writers.epub import accessibility, chapters, navigation, opf, pictures
from service.writers.epub.accessibility import Evaluation
from service.writers.epub.chapters import FOLDER, Chapter, Page
from service.writers.epub.opf import Item, Link
from service.writers.epub.xhtml import OPS, tag

CONTAINER = b"""<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
  <rootfiles>
    <rootfile full-path="EPUB/content.opf" media-type="application/oebps-package+xml"/>
  </rootfiles>
</container>
"""
SUFFIXES = {"image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/svg+xml": ".svg", "image/webp": ".webp"}
COVER_PAGE = "text/cover.xhtml"
CSS = "EPUB/styles/article.css"


@dataclass(frozen=True, slots=True)
class Book:
    """The inputs: `body` returns pandoc's HTML and is called as late as possible; `media` is the media bag; `split` makes
    a file of each section.

    `styled` are the names of images in the style sheet, `fonts` its font files.
    `attachments` are files about the book (the record, the upload) with their link relation.
    `evaluation` is the result of the accessibility checks.
    """

    document: Document
    title: str
    css: str
    body: Callable[[], str]
    media: Mapping[str, tuple[str, bytes]]
    styled: frozenset[str] = frozenset()
    fonts: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)
    split: bool = False
    toc: bool = False
    toc_depth: int = 3
    cover: Asset | None = None
    attachments: Sequence[tuple[Link, bytes]] = ()
    blocks: Sequence[Block] = ()
    evaluation: Evaluation = field(default=Evaluation())
    rtl: bool = False
    vertical: bool = False
    device: Device = DEVICES[ANY]

    @property
    def page(self) -> Page:
        return Page(self.title, self.document.metadata.lang or "und", self.rtl, self.vertical)


def build(book: Book) -> tuple[bytes, list[Notice]]:
    """The file, and notices of text that was changed."""
    ready = {FOLDER + link.href: zip_writing.deflated(data) for link, data in book.attachments}
    ready[CSS] = zip_writing.deflated(book.css.encode())
    text = chapters.build(book.body(), book.page, book.split, pictures.sizes_of(book.document), book.device)
    texts = text.chapters
    shown = chapters.image_names(texts) | book.styled
    media = {name: mime for name, (mime, _) in book.media.items() if name in shown}
    media |= {name: "image/png" if name.endswith(".png") else "image/svg+xml" for name in text.drawings}
    files = _fixed_files(book, texts) | {FOLDER + text.href: text.data for text in texts}
    files |= {FOLDER + name: text.drawings.get(name) or book.media[name][1] for name in media}
    files |= {FOLDER + name: data for name, (_, data) in book.fonts.items()}
    files |= {FOLDER + link.href: data for link, data in book.attachments}
    files["EPUB/content.opf"] = opf.write(_package(book, texts, media))
    files[SEAL_NAME] = seal(files).encode()
    return pack(files, stored=frozenset({"mimetype"}), ready=ready), text.notices


def _fixed_files(book: Book, texts: Sequence[Chapter]) -> dict[str, bytes]:
    branches = navigation.nest(list(chapters.entries(texts)), book.toc_depth + 1)
    start = texts[0].href
    if not branches:
        branches = [navigation.Branch(chapters.Entry(1, book.title, start))]
    files = {
        "mimetype": b"application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "EPUB/content.opf": b"",  # its place in the zip: first of the book, so that readers find it soon
        "EPUB/nav.xhtml": navigation.nav(branches, book.page, _landmarks(book, start)),
        "EPUB/toc.ncx": navigation.ncx(branches, book.page, identifier(book.document)),
        CSS: book.css.encode(),
    }
    if book.cover:
        files[FOLDER + COVER_PAGE] = _cover_page(book, _cover_href(book.cover))
        files[FOLDER + _cover_href(book.cover)] = book.cover.data
    return files


def _landmarks(book: Book, start: str) -> list[tuple[str, str, str]]:
    """The contents are a landmark only if they are a page of the book (RSC-011)."""
    places = (("cover", COVER_PAGE, book.cover is not None), ("toc", "#toc", book.toc), ("bodymatter", start, True))
    names = {"cover": "cover", "toc": "contents", "bodymatter": "start"}
    return [(kind, href, labels.word(names[kind], book.page.lang)) for kind, href, there in places if there]


def _package(book: Book, texts: Sequence[Chapter], media: Mapping[str, str]) -> opf.Package:
    metadata = book.document.metadata
    items = [Item("nav", "nav.xhtml", "application/xhtml+xml", ("nav",), spine=book.toc)]
    if book.cover:
        items.insert(0, Item("cover", COVER_PAGE, "application/xhtml+xml", spine=True))
        items.append(Item("cover-image", _cover_href(book.cover), book.cover.media_type, ("cover-image",)))
    items += [
        Item(f"text-{number}", text.href, "application/xhtml+xml", text.properties, spine=True)
        for number, text in enumerate(texts, 1)
    ]
    items += [Item(f"media-{number}", name, mime) for number, (name, mime) in enumerate(media.items(), 1)]
    items += [Item(f"font-{number}", name, mime) for number, (name, (mime, _)) in enumerate(book.fonts.items(), 1)]
    items += [Item("ncx", "toc.ncx", "application/x-dtbncx+xml"), Item("css", "styles/article.css", "text/css")]
    return opf.Package(
        metadata=metadata,
        title=book.title,
        identifier=identifier(book.document),
        modified=dates.w3c(dates.build_instant(metadata)),
        items=items,
        links=[link for link, _ in book.attachments],
        accessibility=accessibility.claims(
            book.blocks, _types(book, media), book.evaluation.gaps, with_mathml=not book.device.draws_formulas
        ),
        statements=book.evaluation.statements,
        certifier_report=book.evaluation.report if book.evaluation.statements else "",
        extras=_extras(book.document),
        rtl=book.rtl or book.vertical,
    )


def _types(book: Book, media: Mapping[str, str]) -> frozenset[str]:
    """The media types of the shown images. A type that can move is included only if one of its images moves."""
    could = accessibility.ANIMATED
    return frozenset(kind for name, kind in media.items() if kind not in could or _moves(book, name))


def _moves(book: Book, name: str) -> bool:
    return name in book.media and accessibility.is_animated(book.media[name][1])


def _extras(document: Document) -> dict[str, object]:
    """Fields without a term of Dublin Core. Some reading systems show them, and `inspect` finds them."""
    metadata = document.metadata
    own = metadata_map.own_values(metadata, "epub", ("fetched_at", "modified", "version"))
    own.pop("type", None)  # the package document decides on its place
    if dates.instant(metadata.date) is not None:
        own.pop("date", None)
    return dict(metadata.custom) | own


def _cover_href(cover: Asset) -> str:
    return "media/cover" + SUFFIXES[cover.media_type]


def _cover_page(book: Book, href: str) -> bytes:
    root = book.page.html("../")
    body = etree.SubElement(root, tag("body"), {"class": "cover", f"{{{OPS}}}type": "cover"})
    section = etree.SubElement(body, tag("section"), {"aria-label": labels.word("cover", book.page.lang)})
    etree.SubElement(section, tag("img"), src=f"../{href}", alt=legal(book.title), role="doc-cover")
    return serialize(root, "<!DOCTYPE html>")


RECORD_LINK = Link("record", RECORD_NAME, "application/json")
