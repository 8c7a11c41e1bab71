"""WeasyPrint: HTML and style sheets in, PDF out.

It fetches nothing: the fetcher knows only the names of the document's media. Records of WeasyPrint's log
become messages for the caller, because they report failures.
"""

from __future__ import annotations

import contextlib
import functools
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import weasyprint
from weasyprint.pdf.metadata import DocumentMetadata
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from service.engines.fonts.face import Uploaded
from service.engines.weasyprint import completeness, patches, script_fonts, uploaded_fonts
from service.engines.weasyprint.completeness import TextLost
from service.engines.weasyprint.fonts import Fontconfig
from service.engines.weasyprint.pdf import (
    bare_elements,
    containment,
    file_links,
    font_cleaning,
    serialization,
    structure_destinations,
    tag_relations,
    tag_tree,
)
from service.engines.weasyprint.sections import Unjoinable
from service.model.errors import TextMissing
from service.telemetry.timings import stage

Media = Mapping[str, tuple[str, bytes]]
__all__ = [
    "BASE", "MISSING_GLYPH", "VERSION", "About", "Attachment", "Division", "Media", "Printed", "Unjoinable",
    "render", "render_sections", "stylesheet", "warm",
]  # fmt: skip
VERSION: str = weasyprint.__version__
BASE = "http://media.invalid/"  # reserved by RFC 6761: never a real host
MISSING_GLYPH = ".notdef glyph rendered"
LOGGER = logging.getLogger("weasyprint")
LOGGER.propagate = False


class MediaFetcher(URLFetcher):
    """Serves only the document's media: no network, no files, no data: URIs."""

    def __init__(self, media: Media) -> None:
        # It has no openers, because it opens nothing, and three of them took half a millisecond.
        self.media, self._fail_on_errors = media, False

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:  # noqa: ARG002 (its caller passes it)
        name = url.removeprefix(BASE)
        if name == url or name not in self.media:
            raise ValueError("not one of the document's media")
        mime, data = self.media[name]
        return URLFetcherResponse(url, data, {"Content-Type": mime})


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside the PDF; `relationship` is its AFRelationship, `created` in UTC."""

    name: str
    data: bytes
    description: str
    relationship: str
    created: datetime


# XMP as RDF, from WeasyPrint's variant ("a", "ua" or none), version and conformance, and whether PDF/UA may be claimed.
Xmp = Callable[[str | None, int | None, str | None, bool], bytes]


@dataclass(frozen=True, slots=True)
class About:
    """The metadata of the PDF: the fields of Info, and a function that writes the XMP."""

    info: Mapping[str, Any]
    xmp: Xmp


@dataclass(frozen=True, slots=True)
class Printed:
    """`messages` are WeasyPrint's own, in their order, each once."""

    data: bytes
    messages: tuple[str, ...]
    pages: int


class _Metadata(DocumentMetadata):
    """WeasyPrint's metadata with the XMP of the service."""

    def __init__(self, about: About, accessible: Callable[[], bool]) -> None:
        super().__init__(**about.info)
        self.about, self.accessible = about, accessible

    def generate_rdf_metadata(self, variant: str | None, version: int | None, conformance: str | None) -> bytes:
        return self.about.xmp(variant, version, conformance, self.accessible())


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: dict[str, None] = {}

    def emit(self, record: logging.LogRecord) -> None:
        self.messages[record.getMessage()] = None


@contextlib.contextmanager
def _messages() -> Iterator[dict[str, None]]:
    collector = _Collector()
    LOGGER.addHandler(collector)
    try:
        yield collector.messages
    finally:
        LOGGER.removeHandler(collector)


@functools.cache
def _fonts() -> FontConfiguration:
    Fontconfig().add(script_fonts.rules())
    return FontConfiguration()


def add_fonts(faces: Iterable[Uploaded]) -> None:
    """Adds the fonts of one conversion to this process, which should print no other: see `uploaded_fonts`."""
    patches.install()
    uploaded_fonts.add(faces, _fonts())


def forget_fonts() -> None:
    """A new configuration without them, for a process that cannot end."""
    _fonts.cache_clear()
    stylesheet.cache_clear()
    uploaded_fonts.forget()


@functools.lru_cache(maxsize=32)
def stylesheet(css: str) -> Any:
    """A parsed style sheet, cached: parsing takes longer than the layout of a short page."""
    return weasyprint.CSS(string=css, font_config=_fonts(), url_fetcher=MediaFetcher({}), base_url=BASE)


def render(
    html: str,
    stylesheets: Sequence[str],
    media: Media,
    *,
    about: About | None = None,
    attachments: Sequence[Attachment] = (),
    identifier: bytes | None = None,
    variant: str = "",
    again: Callable[[], str] = str,
) -> Printed:
    """The PDF of `html`, tagged. `variant` is one of WeasyPrint's names or empty; the same input gives the same bytes.

    If text is lost, the HTML of `again` is laid out instead, if it is not empty.
    """
    patches.install()
    with stage("weasyprint"), _messages() as messages:
        document = _lay_out_whole(html, stylesheets, media, variant, again)
        finish = _finish(document, about, attachments, variant, messages)
        data = document.write_pdf(finisher=finish, **_files(attachments, identifier), **_options(variant))
    return Printed(data, tuple(messages), len(document.pages))


@dataclass(frozen=True, slots=True)
class Division:
    """A document in sections: the `rest`, each of which begins on a page of its own, and what comes before them.

    The first of the rest are laid out while the last are made. `front` is the HTML of what is before them, requested when all
    of them are there, and given the page of each anchor: it may hold a table of contents; `opening` are its style sheets. The
    last `spare` pages of front and sections are left out.
    """

    front: Callable[[Mapping[str, int]], str]
    rest: Iterable[str]
    opening: Sequence[str]
    spare: int = 0


def render_sections(
    division: Division,
    stylesheets: Sequence[str],
    media: Media,
    *,
    about: About | None = None,
    attachments: Sequence[Attachment] = (),
    identifier: Callable[[], bytes],
    variant: str = "",
) -> Printed:
    """The PDF of a document with sections that are printed in parallel. Raises Unjoinable if it must be printed in one piece."""
    patches.install()
    if not patches.is_installed("serialization"):  # sections are joined from objects that it writes
        raise Unjoinable("untested versions")
    from service.engines.weasyprint.sections import merging, printing, processes  # these import private names

    for css in (*division.opening, *stylesheets):
        stylesheet(css)  # parsed once, before the processes part

    def lay_out(html: str, sheets: Sequence[str] = stylesheets) -> Any:
        try:
            document = _lay_out(html, sheets, media, variant)
        except TextLost as lost:
            raise Unjoinable(str(lost)) from lost
        return document.copy(document.pages[: -division.spare]) if division.spare else document

    press = processes.Press(lay_out, _options(variant), _messages, division.spare)
    with stage("weasyprint"), _messages() as messages, printing.printed_next_to(press) as others:
        for html in division.rest:
            others.add(html)
        document, known = others.lay_out(division.front, lambda html: lay_out(html, division.opening))

        def merge_fonts(*about: Any) -> None:
            others.merge_fonts(*about)
            messages.update(others.messages)  # the claims depend on these when the metadata is written

        with merging.joint(document, known, merge_fonts) as fonts:
            finish = _finish(
                document, about, attachments, variant, messages, lambda pdf: others.join(document, pdf, fonts[0].number)
            )
            data = document.write_pdf(finisher=finish, **_files(attachments, identifier()), **_options(variant))
    return Printed(data, tuple(messages), others.pages)


def _options(variant: str) -> dict[str, Any]:
    return {"pdf_variant": variant or None, "pdf_tags": True}


def _files(attachments: Sequence[Attachment], identifier: bytes | None) -> dict[str, Any]:
    return {"attachments": [_attachment(each) for each in attachments], "pdf_identifier": identifier}


def _lay_out(html: str, stylesheets: Sequence[str], media: Media, variant: str) -> Any:
    """The laid out document. Raises TextLost if text is on no page; then `_lay_out_whole` tries again."""
    return _rendered(_parsed(html, media), stylesheets, variant)


def _lay_out_whole(html: str, stylesheets: Sequence[str], media: Media, variant: str, again: Callable[[], str] = str) -> Any:
    """As `_lay_out`, but content that lost text is laid out again with more breaks. Raises TextMissing if text is still lost."""
    page = _parsed(html, media)
    try:
        return _rendered(page, stylesheets, variant)
    except TextLost as lost:
        if html := again():
            return _lay_out_whole(html, stylesheets, media, variant)
        missing = lost.elements
    loose = [*stylesheets, completeness.LOOSE]
    for how in (completeness.FREELY, completeness.AS_BLOCKS, completeness.AS_BLOCKS):
        completeness.loosen(page.etree_element, missing, how)
        try:
            return _rendered(page, loose, variant)
        except TextLost as lost:
            missing = lost.elements
    raise TextMissing(f"Part of the text is on no page of the PDF. It starts with: {completeness.excerpt(missing)!r}.")


def _parsed(html: str, media: Media) -> Any:
    return weasyprint.HTML(string=html, base_url=BASE, url_fetcher=MediaFetcher(media), media_type="print")


def _rendered(page: Any, stylesheets: Sequence[str], variant: str) -> Any:
    return page.render(font_config=_fonts(), stylesheets=[stylesheet(css) for css in stylesheets], **_options(variant))


def _finish(
    document: Any,
    about: About | None,
    attachments: Sequence[Attachment],
    variant: str,
    messages: Mapping[str, None],
    join: Callable[[Any], None] | None = None,
) -> Callable[[Any, Any], None]:
    """Changes the PDF's objects before they are written."""

    def accessible() -> bool:
        return bool(about and about.info.get("lang")) and not any(each.startswith(MISSING_GLYPH) for each in messages)

    def finish(_: Any, pdf: Any) -> None:
        font_cleaning.slim(pdf)
        uploaded_fonts.plain_names(pdf)
        tag_tree.fix(pdf)
        tag_tree.associate(pdf, {each.name: each.relationship for each in attachments})
        if about and not variant:
            document.metadata.include_in_pdf(pdf, None, None, None, True)
        if variant in structure_destinations.VARIANTS:
            tag_relations.mark_notes(pdf, structure_destinations.places(pdf))
            containment.fix(pdf)
            structure_destinations.name_elements(pdf, structure_destinations.places(pdf).anchors)
            tag_relations.fix(pdf, structure_destinations.places(pdf))
        else:
            tag_relations.forget(structure_destinations.places(pdf))
        file_links.point(pdf)
        bare_elements.leave_out(pdf)
        if join:
            join(pdf)
        elif variant in structure_destinations.VARIANTS:
            places = structure_destinations.places(pdf)
            tag_relations.refer(places, *tag_relations.numbers(places))
        if variant in structure_destinations.VARIANTS:
            structure_destinations.point_outline(pdf, structure_destinations.places(pdf).bookmarks)
        if patches.is_installed("serialization"):
            serialization.pack(pdf)

    if about:
        document.metadata = _Metadata(about, accessible)
    return finish


def _attachment(each: Attachment) -> Any:
    return weasyprint.Attachment(
        string=each.data, url_fetcher=MediaFetcher({}), name=each.name, description=each.description,
        relationship=each.relationship, created=each.created, modified=each.created,
    )  # fmt: skip


def warm(stylesheets: Sequence[str]) -> None:
    """Parses the style sheets and loads the fonts of the scripts that most documents use: later documents reuse them."""
    marked = "<b>bold</b> <i>leaning</i> <b><i>both</i></b> <code>code</code> <a href='#h'>link</a>"
    words = "Warm paragraphs are hyphenated throughout, and justified: consequently representative. " * 3
    chinese = "题记：温故而知新，可以为师矣。<b>粗体</b>"
    html = f"""<html lang=en><body><h1 id=h>Colophon</h1><p>{marked} {words}<ul><li>{words}<ol><li>{words}</ol></ul>
        <blockquote><p>{words}</blockquote><pre><code>code = "1"</code></pre><table><tr><th>{marked}<td>{words}</table>
        <h2 lang=zh>{chinese}</h2><p lang=zh>{chinese}<h3>{marked}</h3>"""
    render(html, stylesheets, {})
