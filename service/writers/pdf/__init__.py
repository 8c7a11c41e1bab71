"""PDF by WeasyPrint: a tagged, book-like page with outline, metadata, and the record inside."""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from lxml import etree

from service import style
from service.ast.title_block import title_of
from service.engines import Engines
from service.engines.fonts.face import Uploaded
from service.engines.pandoc import highlighting
from service.engines.weasyprint import rendering
from service.model import profiles
from service.model.document import Conversion, Document, Notice
from service.model.errors import ColophonError, Internal, Place, ValidationFailed
from service.model.media_bag import SUFFIXES, media_name, media_of
from service.model.notices import notice
from service.model.text import digits
from service.style import code_colours, cover, custom_css, own_fonts, print_css
from service.writers import page
from service.writers.base import Writer, Written
from service.writers.page import Page, code_spans, footnotes, formulas, sections
from service.writers.page.pictures import UNITS, Frame
from service.writers.pdf import claims, metadata, variants

# WeasyPrint warns of pages, not of the document: a decorative picture has no description, and structure.fix handles it.
UNREMARKABLE = re.compile(r'Image ".*" has no required alt description')


def write(document: Document, conversion: Conversion, engines: Engines) -> Written:
    name, variant = variants.of(conversion.pdf_variant)
    own = custom_css.of(document, conversion, WRITER.images, "print")
    wanted = style.of(conversion, document, "pdf", own.css)
    own = replace(own, css=own_fonts.renamed(own.css, wanted.own_fonts))
    rendering.add_fonts(_uploaded(wanted))
    profile = profiles.load(conversion.profile)
    measure = print_css.measure(wanted, profile)
    chosen, missed = _cover(document, conversion)
    first = cover.markup(chosen, page.escape(title_of(document))) if chosen else ""
    turned = 0.0 if "@page" in own.css else print_css.turned_measure(wanted, profile)  # its pages may have another size
    growing = page.begin(document, conversion, engines, first, measure, _frame(document, style.sheet(wanted, profile), turned))
    colours = code_colours.css(highlighting.theme(conversion.highlight_style))
    matter = _matter(
        growing, variant.is_of_2, None if own.css else [*growing.page.profile.print_css, colours]
    )  # own may have any span in view
    attachments, kept = _attachments(document, conversion, name)
    silent = claims.without_description(document, variant.part)
    made = _laid_out(
        own.css,
        matter,
        wanted,
        "\n".join(filter(None, [colours, own.css])),
        chosen,
        media_of(document) | matter.pictures | dict(own.media),
        about=_about(document, claims.part(variant, silent)),
        attachments=attachments,
        variant=variant.engine,
    )
    at_end = conversion.notes == "page" and growing.has_notes_at_end
    kept = [*kept, *([notice("notes-at-end", stage="pdf")] if at_end else [])]
    doubts = (*silent, *reported(made.messages), *claims.not_claimed(name, variant, document, silent, made.messages))
    kept = [*kept, *own_fonts.reported(wanted.own_fonts, "pdf")]
    return Written(made.data, (*matter.doubts, *missed, *custom_css.reported(own, "pdf"), *kept, *doubts))


def _uploaded(wanted: style.Look) -> Iterator[Uploaded]:
    """The faces of the conversion, by their names in the style sheets."""
    for faces in wanted.own_fonts.allowed("pdf").values():
        yield from (Uploaded(own_fonts.tagged(faces), face.weight, face.italic, face.data) for face in faces)


def _frame(document: Document, sheet: style.Sheet, turned: float) -> Frame:
    """The text area of a sheet of paper, its pictures, and the measure of a page in landscape format."""
    width, height, (top, right, bottom, left) = sheet
    sizes = {
        media_name(each): (float(each.width), float(each.height))
        for each in document.assets.values()
        if each.width and each.height and each.media_type in SUFFIXES
    }
    millimetre = UNITS["mm"]
    return Frame(max(width - left - right, 20) * millimetre, max(height - top - bottom, 20) * millimetre, sizes, turned)


def _cover(document: Document, conversion: Conversion) -> cover.Chosen:
    return cover.of(document, conversion, "pdf", WRITER.images) if cover.wanted_in_print(conversion) else cover.NOTHING


@dataclass(slots=True)
class Matter:
    """The printed content: a page, and its sections if it has some. Until all sections were read, the page may be incomplete."""

    growing: page.Growing
    digest: hashlib._Hash  # of the source, and of the body before it was divided
    rest: Iterable[sections.Chapter] | None = None
    front: Callable[[], sections.Chapter] = tuple
    pictures: formulas.Pictures = field(default_factory=dict)
    doubts: Sequence[Notice] = ()

    @property
    def page(self) -> Page:
        return self.growing.page

    def division(self, opening: Sequence[str]) -> rendering.Division | None:
        if self.rest is None:
            return None
        rest = (self.page.section(each) for each in self.rest)
        return rendering.Division(
            lambda pages: self.page.front(self.front(), pages), rest, opening, int(self.page.profile.mirrored)
        )

    def whole(self) -> Page:
        """The page, complete."""
        with contextlib.suppress(rendering.Unjoinable):
            for _ in self.rest or ():
                continue
        return self.page

    def with_notes_at_end(self) -> str:
        """The page for a second attempt if the first lost text; empty for a page without notes at its foot."""
        section = footnotes.restored(self.page.body)
        if section is None:
            return ""
        self.page.body.append(section)
        self.growing.writing.notes.at_foot = False
        return self.page.fill()

    def identifier(self) -> bytes:
        return self.digest.hexdigest()[:32].encode()


def _matter(growing: page.Growing, with_mathml: bool, css: Sequence[str] | None) -> Matter:
    """A document that is certainly long is divided while pandoc writes it. `css` are all rules that may match a span of code."""
    digest = hashlib.sha256(growing.page.document.source.data)
    if growing.is_long and css is not None:
        return _growing_matter(growing, css, digest)
    body = growing.finish().body
    pictures, doubts = formulas.to_pictures(body, with_mathml)
    if css is not None:
        code_spans.thin([body], css, code_spans.targets_of(body))
    digest.update(etree.tostring(body))
    divided = sections.divide(body)
    if divided is None:
        return Matter(growing, digest, None, tuple, pictures, doubts)
    return Matter(growing, digest, divided.rest, lambda: divided.front, pictures, doubts)


def _growing_matter(growing: page.Growing, css: Sequence[str], digest: hashlib._Hash) -> Matter:
    targets = growing.targets()

    def thinned() -> Iterator[Sequence[etree._Element]]:
        for elements in growing:
            code_spans.thin(elements, css, targets)
            for each in elements:
                digest.update(etree.tostring(each))
            yield elements

    def rest() -> Iterator[sections.Chapter]:
        yield from dividing
        if not dividing.was_long:
            sections.undo(growing.page.body)
            raise rendering.Unjoinable("not long after all")

    dividing = sections.Dividing(thinned(), sections.TOP, growing.pages)
    return Matter(growing, digest, rest(), lambda: dividing.front)


def _laid_out(own: str, *what: Any, **about: Any) -> rendering.Printed:
    """Calls `_print`. An exception with a style sheet of the caller is an error of that sheet. Raises ValidationFailed."""
    try:
        return _print(*what, **about)
    except Exception as error:
        clear = isinstance(error, ColophonError) and not isinstance(error, Internal)
        if not own or clear or isinstance(error, (MemoryError, SystemError)):
            raise
        detail = "The document cannot be laid out with this style sheet."
        raise ValidationFailed(detail, places=[Place(detail, "/css")]) from error


def _print(
    matter: Matter, wanted: style.Look, css: str, chosen: cover.Cover | None, media: rendering.Media, **about: Any
) -> rendering.Printed:
    """Prints in one piece, or a long document in parallel sections; in one piece if sections cannot be joined."""
    profile = matter.page.profile
    width, height, _ = style.sheet(wanted, profile)
    media = {
        **media,
        **print_css.media(wanted, profile),
        **(cover.media(chosen, width, height, rendering.BASE) if chosen else {}),
    }
    counter = digits.counter(matter.page.lang)
    sheets, opens, own = (
        [print_css.counted(each, counter) for each in found]
        for found in (
            print_css.sheets(wanted, profile, profile.print_css),
            print_css.sheets(wanted, profile, profile.opening_css),
            [*print_css.turned_pages(wanted, profile), *print_css.added(wanted, profile)],
        )
    )
    added = [*print_css.lists(counter), *own, *filter(None, [css])]
    first = [cover.sheet(chosen, width, height)] if chosen else []
    opening = [*sheets, *opens, *added, *first]
    division, printed = matter.division(opening), None
    if division is not None:
        with contextlib.suppress(rendering.Unjoinable):
            printed = rendering.render_sections(division, [*sheets, *added], media, identifier=matter.identifier, **about)
    return _with_glyphs(printed or _print_whole(matter, opening, media, **about), matter, opening, media, **about)


def _print_whole(
    matter: Matter, sheets: Sequence[str], media: rendering.Media, replaced: Mapping[int, str] = {}, **about: Any
) -> rendering.Printed:
    """Prints in one piece, with other characters for those `replaced`."""
    html = matter.whole().fill().translate(replaced)

    def again() -> str:
        return matter.with_notes_at_end().translate(replaced)

    return rendering.render(html, sheets, media, again=again, identifier=matter.identifier(), **about)


def _with_glyphs(
    printed: rendering.Printed,
    matter: Matter,
    sheets: Sequence[str],
    media: rendering.Media,
    *,
    about: rendering.About,
    variant: str,
    **rest: Any,
) -> rendering.Printed:
    """PDF/A shows no .notdef glyph (ISO 19005-4, 6.2.10.9): it is printed again with U+FFFD for characters without a glyph."""
    missing = claims.without_glyph(printed.messages)
    if not missing or not variant.startswith("pdf/a"):
        return printed
    plain = replace(about, xmp=lambda name, version, conformance, _: about.xmp(name, version, conformance, False))
    replaced = dict.fromkeys(map(ord, missing), claims.REPLACEMENT)
    again = _print_whole(matter, sheets, media, replaced, about=plain, variant=variant, **rest)
    return replace(again, messages=tuple(dict.fromkeys((*printed.messages, *again.messages))))


def _about(document: Document, part: int) -> rendering.About:
    """The `part` of PDF/UA to claim by the document. Findings of the engine on its pages are added later."""

    def xmp(variant: str | None, version: int | None, conformance: str | None, all_shown: bool) -> bytes:
        return metadata.xmp(document, variant, version, conformance, part=part if all_shown else 0)

    return rendering.About(asdict(metadata.describe(document)), xmp)


def _attachments(document: Document, conversion: Conversion, variant: str) -> tuple[list[rendering.Attachment], list[Notice]]:
    """PDF/A-2 allows only attachments in PDF/A, so nothing is attached, and only the XMP contains the record."""
    files = metadata.attachments(document, conversion)
    if not variant.startswith("pdf/a-2"):
        return files, []
    names = [each.name for each in files]
    return [], [notice("attachment-omitted", stage="pdf", data={"variant": variant, "files": names})]


def reported(messages: Sequence[str]) -> list[Notice]:
    """WeasyPrint's messages as notices, with one for all characters without glyphs."""
    missing = claims.without_glyph(messages)
    notices = [notice("engine-message", each[:500], stage="pdf") for each in messages if _is_remarkable(each)]
    if missing:
        shown = " ".join(f"{character} (U+{ord(character):04X})" for character in missing[:20])
        data = {"characters": "".join(missing)[:1000], "count": len(missing)}
        notices.append(notice("text-without-glyphs", f"No installed font has glyphs for: {shown}", stage="pdf", data=data))
    return notices


def _is_remarkable(message: str) -> bool:
    return not message.startswith(rendering.MISSING_GLYPH) and not UNREMARKABLE.match(message)


WRITER = Writer("pdf", write, images=frozenset({"image/png", "image/jpeg", "image/gif", "image/svg+xml"}))
