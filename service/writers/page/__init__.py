"""A document as one HTML page, from which PDF and HTML are made.

pandoc writes the body, `fixes` adapts it for a page, and the profile's template adds the title block.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from string import Template
from urllib.parse import unquote

from lxml import etree

from service.ast import alignment, callouts, captions, code_titles, formula_numbers, list_delimiters, title_block
from service.engines import Engines
from service.model import profiles, title_fields
from service.model.blocks import Blocks
from service.model.document import Block, Conversion, Document
from service.model.text import digits, labels
from service.model.text.characters import clipped, is_right_to_left, legal
from service.writers.page import chunks, constructs, fixes, footnotes, pictures, sections, syllables

# Columns of a running head. A longer text is cut, because a head is one line.
RUNNING = 62
SURELY = 1.25
IDEOGRAPHIC = ("zh", "ja", "ko")
LINK = re.compile(r'href="(#[^"]*+)"')
AUTHORS = "authors"  # the line of the title block that belongs to the title; it is the first


@dataclass(frozen=True, slots=True)
class Page:
    """The parts of a page; `toc` is None if it was not requested or would be empty. `cover` is markup.

    `shown` are the fields under the title (`model.title_fields`).
    """

    document: Document
    profile: profiles.Profile
    title: str
    body: etree._Element
    toc: etree._Element | None
    cover: str = ""
    shown: Sequence[str] = title_fields.NAMES

    @property
    def lang(self) -> str:
        return self.document.metadata.lang or "und"

    @property
    def direction(self) -> str:
        return "rtl" if is_right_to_left(self.lang) else "ltr"

    def fill(self, head: str = "") -> str:
        """The page by the profile's template; `head` is markup for its head."""
        return self._filled(self.opening(), fixes.inner(self.body), head)

    def front(self, elements: Sequence[etree._Element], pages: Mapping[str, int]) -> str:
        """The page up to the first chapter. Its contents have page numbers by `pages`: anchor → number."""
        for link in self.toc.iter("a") if self.toc is not None else ():
            number = str(pages.get(unquote(link.get("href", "").removeprefix("#")), ""))
            link.set("data-page", digits.written(number, self.lang))
        return self._filled(self.opening(), self._even(elements))

    def section(self, elements: Sequence[etree._Element]) -> str:
        """A page with only a part of the body."""
        return self._filled("", self._even(elements))

    def _even(self, elements: Sequence[etree._Element]) -> str:
        """The elements; if chapters begin on right-hand pages, with a last one that adds a page."""
        return _markup(elements) + (sections.SPARE if self.profile.mirrored else "")

    def _filled(self, opening: str, body: str, head: str = "") -> str:
        known = {
            "lang": escape(self.lang), "dir": self.direction, "title": escape(self.title),
            "head": head, "opening": opening, "body": body,
        }  # fmt: skip
        return Template(self.profile.page).substitute(known)

    def opening(self) -> str:
        known = {
            "cover": self.cover, "title": escape(self.title), "title_block": self.title_block(),
            "title_lines": self.title_lines(), "imprint": self.imprint(), "contents": self.contents(),
            "aligned": " align-center" * title_block.is_centred(self.document),
        }  # fmt: skip
        return Template(self.profile.title_page).substitute(known)

    def title_block(self) -> str:
        return f"{self.title_lines()}\n{self.imprint()}".rstrip()

    def title_lines(self) -> str:
        """Title, subtitle and authors."""
        metadata = self.document.metadata
        name, title = metadata.source_name or labels.authors(metadata), title_block.shown_title(self.document)
        lines = [f'<h1 class="title" data-running="{shortened(title)}" data-name="{shortened(name)}">{escape(title)}</h1>']
        if metadata.subtitle and "subtitle" in self.shown:
            lines.append(f'<p class="subtitle">{escape(self.document.shown_subtitle or metadata.subtitle)}</p>')
        return "\n".join([*lines, *(_line(each) for each in labels.title_lines(metadata, self.shown) if each.field == AUTHORS)])

    def imprint(self) -> str:
        """Its source and its date."""
        return "\n".join(_line(each) for each in labels.title_lines(self.document.metadata, self.shown) if each.field != AUTHORS)

    def contents(self) -> str:
        if self.toc is None:
            return ""
        heading = escape(labels.word("contents", self.lang))
        toc = _plain_links(fixes.outer(self.toc))
        return f'<nav class="contents" role="doc-toc"><p class="contents-title">{heading}</p>{toc}</nav>'


def build(document: Document, conversion: Conversion, engines: Engines, cover: str = "", measure: float | None = None) -> Page:
    """The page of a document after the passes; formulas are MathML. `measure` is as in `tables.fit`."""
    return begin(document, conversion, engines, cover, measure).finish()


def begin(
    document: Document,
    conversion: Conversion,
    engines: Engines,
    cover: str = "",
    measure: float | None = None,
    frame: pictures.Frame | None = None,
) -> Growing:
    """Starts `build`: pandoc writes the body while the caller reads it. With a `frame`, a sheet of paper, pictures
    fit into that, and notes are at the foot of the page if the conversion requests it and it is possible.
    """
    shaped = callouts.divisions(code_titles.shaped(title_block.lifted(document.blocks)), document.metadata.lang)
    numbered = captions.numbered(formula_numbers.shown(Blocks(shaped)), document.metadata.lang)
    blocks = list_delimiters.divisions(alignment.as_classes(numbered))
    if frame is not None:
        blocks = syllables.parted(blocks)
    options = {
        "html_math_method": "mathml",
        "wrap_text": "none",
        "number_sections": conversion.number_sections,
        "highlight_method": "none" if conversion.highlight_style == "none" else "default",
        "table_of_contents": conversion.toc,
        "toc_depth": conversion.toc_depth,
    }
    page = Page(
        document=document,
        profile=profiles.load(conversion.profile),
        cover=cover,
        title=title_block.title_of(document),
        body=etree.Element("div"),
        toc=None,
        shown=title_fields.of(conversion),
    )
    at_foot = frame is not None and conversion.notes == "page" and footnotes.fit(blocks, frame.share)
    writing = chunks.Writing(
        chunks.cut(blocks), options, engines, measure, chunks.Notes(at_foot=at_foot), turned=frame.turned if frame else 0.0
    )
    return Growing(page, writing, blocks, frame)


@dataclass(slots=True)
class Growing:
    """A page whose body pandoc is still writing. Its iterator yields the elements of the body, some chapters at a time."""

    page: Page
    writing: chunks.Writing
    blocks: Sequence[Block]
    frame: pictures.Frame | None = None

    def __iter__(self) -> Iterator[list[etree._Element]]:
        body = self.page.body
        for portion in self.writing.fixed():
            if self.page.profile.chapter_heads:
                fixes.mark_running(portion, lambda text: clipped(text, RUNNING))
            if self.writing.may_run_both_ways(self.page.lang):
                constructs.direct(portion, self.page.lang)
            if digits.counter(self.page.lang):
                footnotes.renumber(portion, self.page.lang)
            if self.page.lang.startswith(IDEOGRAPHIC):
                constructs.mark_latin(portion)
            if self.frame is not None:
                pictures.fit(portion, self.frame)
            if not len(body):
                body.text = portion.text
            elements = list(portion)
            body.extend(elements)
            yield elements
        toc = self.writing.contents(self.blocks)
        self.page = replace(self.page, toc=_without_tex(fixes.parse(toc)) if toc.strip() else None)

    @property
    def has_notes_at_end(self) -> bool:
        return not self.writing.notes.at_foot and len(footnotes.calls(self.page.body)) > 0

    @property
    def pages(self) -> float:
        """The estimated number of pages."""
        return sum(portion.pages for portion in self.writing.portions)

    @property
    def is_long(self) -> bool:
        """Whether it will certainly be divided, before all of it is written. With formulas it must be complete to count them."""
        chapters = sum(block["t"] == "Header" and block["c"][0] == 1 for block in self.blocks)
        cut = self.writing.portions if len(self.writing.portions) > 1 else ()
        return (
            bool(cut) and sections.is_long(chapters, self.pages / SURELY) and not any(chunks.FORMULA in each.ast for each in cut)
        )

    def targets(self) -> frozenset[str]:
        """The targets of links in the document."""
        found = (chunks.LINK_WITHIN.findall(portion.ast) for portion in self.writing.portions)
        return frozenset(name.decode() for names in found for name in names)

    def finish(self) -> Page:
        """The page with all of its body."""
        for _ in self:
            continue
        return self.page


def _without_tex(toc: etree._Element) -> etree._Element:
    """The contents without the TeX of formulas, which would be printed after each formula."""
    etree.strip_elements(toc, "annotation", "{*}annotation", with_tail=False)
    return toc


def _plain_links(markup: str) -> str:
    """Links in the form of the identifiers: lxml writes `#%E6%BC%A2`, for which `target-counter()` of CSS finds no page."""
    return LINK.sub(lambda link: f'href="{escape(unquote(link[1]))}"', markup)


def _markup(elements: Sequence[etree._Element]) -> str:
    return "\n".join(map(fixes.outer, elements))


def escape(text: str) -> str:
    """`text` as characters of HTML, in elements and in quoted attributes."""
    plain = legal(text).replace("&", "&amp;").replace("<", "&lt;")
    return plain.replace(">", "&gt;").replace('"', "&quot;")


def shortened(text: str) -> str:
    """One line of at most RUNNING columns, escaped."""
    return escape(clipped(text, RUNNING))


def meta(names: Mapping[str, str]) -> str:
    """`<meta>` elements for the names with a value."""
    return "\n".join(f'<meta name="{escape(name)}" content="{escape(value)}">' for name, value in names.items() if value)


def _line(line: labels.Line) -> str:
    text = escape(line.text)
    shown = f'<a href="{escape(line.href)}">{text}</a>' if line.href else text
    label = f'<span class="label">{escape(line.label)}</span>' if line.label else ""
    return f'<p class="{line.field.replace("_", "-")}">{label}{shown}</p>'
