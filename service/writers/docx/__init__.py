"""DOCX: pandoc writes the body with the reference document, `writers.docx.builder` writes the other parts."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

from service import style
from service.ast import descriptions, formula_numbers, pandoc_ast, title_block
from service.containers.packages import source_name, source_type, unpack
from service.engines import Engines
from service.engines.pandoc import highlighting
from service.model import profiles, record, title_fields
from service.model.document import Block, Conversion, Document
from service.model.media_bag import media_of
from service.model.text import labels
from service.model.text.characters import is_right_to_left
from service.style import cover, own_fonts
from service.writers.base import Writer, Written
from service.writers.docx import builder, cover_page, formulas, page_setup
from service.writers.docx.constructs import Constructs, without_last_break
from service.writers.docx.reference import template


def write(document: Document, conversion: Conversion, engines: Engines) -> Written:
    lang = document.metadata.lang
    name, given = template.chosen(document, conversion, engines.settings)
    rtl = is_right_to_left(lang)
    text, unreadable = formulas.settle(formula_numbers.shown(title_block.lifted(without_last_break(document.blocks))), engines)
    text = Constructs(lang).marked(text)
    blocks = [*title_block.for_docx(document, title_fields.of(conversion)), *text]
    theme = highlighting.theme(conversion.highlight_style)
    options = {
        "reference_doc": str(profiles.path(conversion.profile, "skeleton.docx")),
        "number_sections": conversion.number_sections,
        "highlight_method": _method(conversion, theme) if _has_code(document.blocks) else "none",
        "table_of_contents": conversion.toc,
        "toc_depth": conversion.toc_depth,
    }
    said = {"lang": lang or "und", "toc-title": labels.word("contents", lang)} | ({"dir": "rtl"} if rtl else {})
    meta = {name: pandoc_ast.meta_string(value) for name, value in said.items()}
    written = engines.pandoc.writing_blocks(blocks, meta, "docx", options, media_of(document))
    wanted, profile = style.of(conversion, document, "docx"), profiles.load(conversion.profile)
    chosen, missed = cover.NOTHING
    if cover.wanted_in_print(conversion):
        chosen, missed = cover.of(document, conversion, "docx", cover_page.MEDIA_TYPES)
    source = (source_name(document.source), source_type(document.source), document.source.data)
    embedded = record.build(document, conversion)  # while pandoc works
    data, notices = builder.build(
        builder.Manuscript(
            document=document,
            title=title_block.title_of(document),
            parts=unpack(written()),
            styles=_styles(conversion.profile),
            record=embedded,
            source=source if conversion.embed_source else None,
            rtl=rtl,
            look=wanted,
            theme=theme,
            room=_room(profile.name),
            mirrored=profile.mirrored,
            template=given,
            template_name=name,
            cover=cover.page_picture(chosen, *style.sheet(wanted, profile)[:2]) if chosen else None,
        )
    )
    silent = descriptions.without_description(document, "docx", "a screen reader has nothing to say of it")
    return Written(data, (*silent, *unreadable, *notices, *missed, *own_fonts.reported(wanted.own_fonts, "docx")))


@functools.cache
def _styles(profile: str) -> bytes:
    return unpack(profiles.path(profile, "reference.docx").read_bytes())["word/styles.xml"]


@functools.cache
def _room(profile: str) -> page_setup.Room:
    return page_setup.room_of(unpack(profiles.path(profile, "reference.docx").read_bytes())["word/document.xml"])


def _method(conversion: Conversion, theme: highlighting.Theme | None) -> Any:
    """Highlighting by pandoc's default, by a style, or none."""
    return theme or ("none" if conversion.highlight_style == "none" else "default")


def _has_code(blocks: Sequence[Block]) -> bool:
    """Whether there is code in a named language: only then pandoc's styles for code are needed."""
    codes = (node["c"][0] for node in pandoc_ast.query(blocks, {"CodeBlock", "Code"}))
    return any(classes for _, classes, _ in codes)


WRITER = Writer("docx", write)
