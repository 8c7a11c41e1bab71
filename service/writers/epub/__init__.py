"""EPUB 3.3: pandoc writes the text, `writers.epub.builder` the other parts."""

from __future__ import annotations

import functools

from service import style
from service.ast import pandoc_ast, title_block
from service.containers.packages import SOURCE_RELATION, source_name, source_type
from service.engines import Engines
from service.engines.pandoc import highlighting
from service.model import profiles, record, title_fields
from service.model.devices import DEVICES
from service.model.document import Conversion, Document
from service.model.media_bag import media_of
from service.model.text import digits
from service.model.text.characters import is_right_to_left
from service.style import code_colours, cover, custom_css, device_css, own_fonts, screen_css
from service.writers.base import Writer, Written
from service.writers.epub import accessibility, builder, constructs, devices, embedded_fonts, vertical
from service.writers.epub.opf import Link

# One file per article, unless it is so long that old reading systems would be slow.
LONG = 200_000


def write(document: Document, conversion: Conversion, engines: Engines) -> Written:
    body = constructs.shaped(title_block.lifted(document.blocks), document.metadata.lang)
    blocks = [*title_block.for_epub(document, title_fields.of(conversion)), *body]
    lang = document.metadata.lang or "und"
    options = {
        "html_math_method": "mathml",
        "section_divs": True,
        "wrap_text": "none",
        "number_sections": conversion.number_sections,
        "highlight_method": "none" if conversion.highlight_style == "none" else "default",
    }
    device = DEVICES[conversion.device]
    own = custom_css.of(document, conversion, device.shown(WRITER.images), "epub")
    wanted = style.of(conversion, document, "epub", own.css)
    media = media_of(document)
    written = engines.pandoc.writing_blocks(blocks, {}, "html5", options, media)
    chosen, doubts = cover.of(document, conversion, "epub", WRITER.images)
    evaluation = accessibility.evaluate(document, conversion, media, own.css)
    html = functools.cache(lambda: written().decode())
    fonts, rules = embedded_fonts.of(wanted.own_fonts, html) if wanted.own_fonts.faces else ({}, "")
    sheet = _css(document, conversion, wanted, rules, custom_css.addressed(own, "../{}".format))
    css, left_out = device_css.adapted(sheet, device.name)
    data, notices = builder.build(
        builder.Book(
            document=document,
            title=title_block.title_of(document),
            css=css,
            body=html,
            fonts=fonts,
            media=media | dict(own.media),
            styled=frozenset(own.media),
            split=bool(document.chapters) or pandoc_ast.is_longer(body, LONG),
            toc=conversion.toc,
            toc_depth=conversion.toc_depth,
            cover=cover.picture(chosen, device) if chosen else None,
            attachments=_attachments(document, conversion),
            blocks=body,
            evaluation=evaluation,
            rtl=is_right_to_left(lang),
            vertical=_is_vertical(document, conversion),
            device=device,
        )
    )
    doubts = (*doubts, *own_fonts.reported(wanted.own_fonts, "epub"))
    reported = (*evaluation.notices(document), *custom_css.reported(own, "epub"), *devices.reported(own.css, left_out, device))
    return Written(data, (*doubts, *notices, *reported))


def _css(document: Document, conversion: Conversion, wanted: style.Look, fonts: str, own: str) -> str:
    theme = highlighting.theme(conversion.highlight_style)
    parts = (
        fonts,
        _compact(profiles.load(conversion.profile).epub_css),
        _compact(profiles.text("article", "vertical.css")) if _is_vertical(document, conversion) else "",
        _list_numbers(digits.counter(document.metadata.lang)),
        screen_css.css(wanted),
        code_colours.css(theme),
        own,
    )
    return "\n".join(filter(None, parts))


def _list_numbers(counter: str) -> str:
    return f"ol:not([type]) {{ list-style-type: {counter}; }}" if counter else ""


@functools.cache
def _compact(css: str) -> str:
    """A style sheet of the service without comments and indentation: 500 bytes less in each book, compressed."""
    first, *others = css.split("/*")
    css = " ".join((first + "".join(each.partition("*/")[2] for each in others)).split())
    for sign in "{};,>":
        css = css.replace(f" {sign}", sign).replace(f"{sign} ", sign)
    return css.replace(": ", ":").replace("}", "}\n")


def _is_vertical(document: Document, conversion: Conversion) -> bool:
    return conversion.writing_mode == "vertical-rl" and vertical.is_possible(document.metadata.lang)


def _attachments(document: Document, conversion: Conversion) -> list[tuple[Link, bytes]]:
    found = [(builder.RECORD_LINK, record.build(document, conversion))]
    if conversion.embed_source:
        link = Link(SOURCE_RELATION, source_name(document.source), source_type(document.source))
        found.append((link, document.source.data))
    return found


WRITER = Writer("epub", write, images=frozenset({"image/png", "image/jpeg", "image/gif", "image/svg+xml"}))
