"""EPUB 3.3: pandoc writes the text, `packages.book` all that is about it."""

from __future__ import annotations

from service import look, pandoc_ast, profiles, record
from service.assets.media import media_of
from service.document import Asset, Conversion, Document, Notice
from service.engines import Engines
from service.look import reading
from service.notices import notice
from service.packages import SOURCE_RELATION, book, source_name, source_type, title_block
from service.packages.opf import Link
from service.references import cover_reference
from service.writers.base import Writer, Written

# One file an article, unless it is so long that old readers would stall on it.
LONG = 200_000
RTL = frozenset({"ar", "he", "fa", "ur", "yi", "dv", "ps", "sd", "ug", "ckb"})


def write(document: Document, conversion: Conversion, engines: Engines) -> Written:
    body = title_block.lifted(document.blocks)
    blocks = [*title_block.for_epub(document), *body]
    lang = document.metadata.lang or "und"
    options = {
        "html_math_method": "mathml",
        "section_divs": True,
        "wrap_text": "none",
        "number_sections": conversion["number_sections"],
        "highlight_method": "none" if conversion["highlight_style"] == "none" else "default",
    }
    cover, doubts = _cover(document)
    media = media_of(document)
    data = book.build(
        book.Book(
            document=document,
            title=title_block.title_of(document),
            css=_css(document, conversion),
            body=engines.pandoc.write(pandoc_ast.dumps(blocks), "html5", options, media).decode(),
            media=media,
            split=len(pandoc_ast.text(body)) > LONG,
            toc=conversion["toc"],
            toc_depth=conversion["toc_depth"],
            cover=cover,
            attachments=_attachments(document, conversion),
            blocks=body,
            rtl=lang.split("-")[0].lower() in RTL,
        )
    )
    return Written(data, (*doubts, *reading.ignored(conversion, "epub")))


def _css(document: Document, conversion: Conversion) -> str:
    parts = (profiles.load(conversion["profile"]).epub_css, reading.css(look.of(conversion, document)))
    return "\n".join(filter(None, parts))


def _cover(document: Document) -> tuple[Asset | None, tuple[Notice, ...]]:
    """The image that the front matter names as cover; a notice where it can't be shown."""
    cover = document.metadata.cover
    if not cover:
        return None, ()
    asset = document.assets.get(cover) or document.assets.get(cover_reference(document))
    if asset and asset.data and not asset.problem and asset.media_type in book.SUFFIXES:
        return asset, ()
    reason = asset.problem.partition(": ")[2] if asset and asset.problem else "it was not uploaded with the article"
    return None, (notice("image-missing", f"The cover can't be shown: {reason}", stage="epub", data={"cover": cover[:500]}),)


def _attachments(document: Document, conversion: Conversion) -> list[tuple[Link, bytes]]:
    found = [(book.RECORD_LINK, record.build(document, conversion))]
    if conversion["embed_source"]:
        link = Link(SOURCE_RELATION, source_name(document.source), source_type(document.source))
        found.append((link, document.source.data))
    return found


WRITER = Writer(
    name="epub",
    suffix=".epub",
    media_type="application/epub+zip",
    write=write,
    images=frozenset({"image/png", "image/jpeg", "image/gif", "image/svg+xml"}),
)
