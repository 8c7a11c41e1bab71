"""PDF by WeasyPrint: a tagged, book-like page with outline, metadata, and the record inside."""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from lxml import etree

from service import look, page, pdf_metadata, profiles
from service.assets.media import media_of
from service.document import Conversion, Document, Notice
from service.engines import Engines, highlighting, weasy
from service.errors import ColophonError, EngineCrashed, Place, ValidationFailed
from service.look import code, cover, custom_css, printed
from service.notices import notice
from service.packages.title_block import title_of
from service.page import code_spans, equations, sections
from service.writers.base import Writer, Written

# What validators accept of what WeasyPrint can make (docs/decisions.md).
VARIANTS = ("pdf/a-2a", "pdf/a-2b", "pdf/a-2u", "pdf/a-3a", "pdf/a-3b", "pdf/a-3u", "pdf/a-4e", "pdf/a-4f", "pdf/ua-1")
# Said of the page as such and not of the document: a decorative picture has no description, and structure.mend sees to it.
UNREMARKABLE = re.compile(r'Image ".*" has no required alt description')
UNKNOWN_CHARACTER = re.compile(r'"(.)" \((U\+[0-9A-F]+)\)', re.DOTALL)


def write(document: Document, conversion: Conversion, engines: Engines) -> Written:
    variant = variant_of(conversion["pdf_variant"])
    wanted = look.of(conversion, document)
    measure = printed.measure(wanted, profiles.load(conversion["profile"]))
    chosen, missed = _cover(document, conversion)
    first = cover.markup(chosen, page.escape(title_of(document))) if chosen else ""
    built = page.build(document, conversion, engines, first, measure)
    pictures, doubts = equations.to_pictures(built.body)
    attachments, kept = _attachments(document, conversion, variant)
    own, colours = custom_css.of(document, conversion, WRITER.images), code.css(highlighting.theme(conversion["highlight_style"]))
    if not own.css:  # which may have any span in view
        code_spans.thin(built.body, [*built.profile.print_css, colours])
    made = _laid_out(
        built,
        wanted,
        "\n".join(filter(None, [colours, own.css])),
        chosen,
        media_of(document) | pictures | dict(own.media),
        about=_about(document),
        attachments=attachments,
        identifier=hashlib.sha256(document.source.data + etree.tostring(built.body)).hexdigest()[:32].encode(),
        variant=variant,
    )
    return Written(made.data, (*doubts, *missed, *custom_css.told(own, "pdf"), *kept, *told(made.messages)))


def _cover(document: Document, conversion: Conversion) -> cover.Chosen:
    return cover.of(document, conversion, "pdf", WRITER.images) if cover.wanted_in_print(conversion) else cover.NOTHING


def _laid_out(built: page.Page, wanted: look.Look, css: str, *rest: Any, **about: Any) -> weasy.Printed:
    """`_print`; what breaks it under a style sheet of the caller's is that sheet's fault. Raises ValidationFailed."""
    try:
        return _print(built, wanted, css, *rest, **about)
    except Exception as error:
        if not css or (isinstance(error, ColophonError) and not isinstance(error, EngineCrashed)):
            raise
        detail = "The document can't be laid out with this style sheet."
        raise ValidationFailed(detail, places=[Place(detail, "/css")]) from error


def _print(
    built: page.Page, wanted: look.Look, css: str, chosen: cover.Cover | None, media: weasy.Media, **about: Any
) -> weasy.Printed:
    """In one piece, or a long document in sections that are printed side by side; what can't be joined, in one piece."""
    profile = built.profile
    width, height, _ = look.sheet(wanted, profile)
    media = {**media, **printed.media(wanted, profile), **(cover.media(chosen, width, height, weasy.BASE) if chosen else {})}
    sheets, added = printed.sheets(wanted, profile, profile.print_css), [*printed.added(wanted, profile), *filter(None, [css])]
    first = [cover.sheet(chosen, width, height)] if chosen else []
    opening = [*sheets, *printed.sheets(wanted, profile, profile.opening_css), *added, *first]
    divided = sections.divide(built.body)
    if divided is not None:
        division = weasy.Division(
            lambda pages: built.front(divided.front, pages),
            [built.section(each) for each in divided.rest],
            opening,
            int(profile.mirrored),
        )
        with contextlib.suppress(weasy.Unjoinable):
            return weasy.render_sections(division, [*sheets, *added], media, **about)
    return weasy.render(built.fill(), opening, media, **about)


def variant_of(asked: str) -> str:
    """WeasyPrint's name: `PDF/A-2b`, `pdf/a-2b` and `a-2b` are alike. Raises ValidationFailed for one that can't be made."""
    name = asked.strip().lower()
    name = name if not name or name.startswith("pdf/") else f"pdf/{name.removeprefix('pdf').lstrip('/-')}"
    if name and name not in VARIANTS:
        known = ", ".join(VARIANTS)
        place = Place(f"Must be one of: {known}.", "/pdf_variant")
        raise ValidationFailed(f"Unknown PDF variant {asked!r}; known: {known}.", places=[place])
    return name


def _about(document: Document) -> weasy.About:
    def xmp(variant: str | None, version: int | None, conformance: str | None, accessible: bool) -> bytes:
        return pdf_metadata.xmp(document, variant, version, conformance, accessible=accessible)

    return weasy.About(asdict(pdf_metadata.describe(document)), xmp)


def _attachments(document: Document, conversion: Conversion, variant: str) -> tuple[list[weasy.Attachment], list[Notice]]:
    """PDF/A-2 allows no attachments but PDF/A: what would be one stays out, and the XMP alone holds the record."""
    files = pdf_metadata.attachments(document, conversion)
    if not variant.startswith("pdf/a-2"):
        return files, []
    names = [each.name for each in files]
    return [], [notice("attachment-omitted", stage="pdf", data={"variant": variant, "files": names})]


def told(messages: Sequence[str]) -> list[Notice]:
    """WeasyPrint's messages as notices; the characters without glyphs in one."""
    missing = [each for each in messages if each.startswith(weasy.MISSING_GLYPH)]
    notices = [notice("engine-message", each[:500], stage="pdf") for each in messages if _is_remarkable(each)]
    if missing:
        matches = (UNKNOWN_CHARACTER.search(each) for each in missing)
        found = {match[1]: match[2] for match in matches if match}
        shown = " ".join(f"{character} ({point})" for character, point in list(found.items())[:20])
        data = {"characters": "".join(found)[:1000], "count": len(missing)}
        notices.append(notice("text-without-glyphs", f"No installed font has glyphs for: {shown}", stage="pdf", data=data))
    return notices


def _is_remarkable(message: str) -> bool:
    return not message.startswith(weasy.MISSING_GLYPH) and not UNREMARKABLE.match(message)


WRITER = Writer(
    name="pdf",
    suffix=".pdf",
    media_type="application/pdf",
    write=write,
    images=frozenset({"image/png", "image/jpeg", "image/gif", "image/svg+xml"}),
)
