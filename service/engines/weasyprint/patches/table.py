"""The table of patches: every name of WeasyPrint, pydyf, cssselect2 and tinyhtml5 that this service replaces.

Rows are installed in this order: a later row wraps an earlier one that replaces the same name. docs/weasyprint.md is
generated from the rows. tests/engines/weasyprint/patches/test_table.py compares `replaces` with what an installation changes.
"""

from __future__ import annotations

from dataclasses import dataclass

# The kinds of a patch. SPEED: the same bytes in less time. OUTPUT: another file or page. REQUIRED: without it text may be lost
# without notice. DURING: in place only while a long document is printed in sections.
SPEED, OUTPUT, REQUIRED, DURING = "speed", "output", "required", "during"


@dataclass(frozen=True, slots=True)
class Patch:
    """One row.

    `module` is below `service.engines.weasyprint`; its `install()` replaces the dotted names in `replaces`. `reason` says why
    the result is the same or what the patch adds. `saving` is measured; docs/weasyprint.md says how.
    """

    module: str
    kind: str
    replaces: tuple[str, ...]
    reason: str
    saving: str = ""

    @property
    def name(self) -> str:
        return self.module.rpartition(".")[2]


PATCHES: tuple[Patch, ...] = (
    Patch("pdf.font_subsets", OUTPUT,
        (*(f"weasyprint.pdf.fonts.{name}" for name in ("ffi", "Font.__init__", "Font.clean", "Font.file_content")),),
        "Embeds outlines only (ISO 32000-2, 9.9): smaller files, and no clock in a font. Variable fonts use WeasyPrint's way."),
    Patch("pdf.serialization", OUTPUT, ("pydyf.Stream.data", "pydyf.Stream.show_text", "pydyf.PDF.write"),
        "Each object becomes bytes once, compressed at level 6. Glyphs without a distance between them are one string. Sections "
        "of a long document are joined from such objects."),
    Patch("patches.plain_boxes", SPEED, ("weasyprint.layout.background.layout_box_backgrounds",),
        "A style without background, image, shadow and rounded corners paints nothing. Asked once per style.",
        "1.4–2.2 % of calls"),
    Patch("patches.short_texts", SPEED, ("weasyprint.draw.text.draw_first_line", "weasyprint.layout.inline.split_text_box"),
        "Text that fits on its line is shaped once. Newlines, soft hyphens and spacing use WeasyPrint's way.",
        "the shaping of markers, links and cells"),
    Patch("patches.cascade", SPEED, ("weasyprint.css.StyleFor.__init__", "weasyprint.css.StyleFor.__call__"),
        "Elements with the same tag, attributes and matching rules share one cascade. Rules about others are tested each time.",
        "9–14 % of calls"),
    Patch("patches.reference_cycles", SPEED,
        ("weasyprint.css.Style.anonymous_style", "weasyprint.css.InitialStyle.specified",
         "weasyprint.css.AnonymousStyle.specified", "weasyprint.layout.LayoutContext.get_image_from_uri"),
        "Weak references replace cycles, so that a document is freed at once. No value changes.",
        "8–16 % of the CPU of a worker (no collector)"),
    Patch("patches.emoji", SPEED, ("weasyprint.draw.text.RasterImage",),
        "The image of an emoji is decoded and compressed once. Its name and bytes identify it.",
        "37 → 1.3 s for 16,000 emoji"),
    Patch("composition.svg_words", OUTPUT, ("weasyprint.svg.TAGS", "weasyprint.svg.text"),
        "Text of a drawing in scripts whose letters join or stack is shaped in one piece, not letter by letter."),
    Patch("patches.in_flow", SPEED,
        ("weasyprint.formatting_structure.boxes.Box.is_in_normal_flow", "weasyprint.layout.block.collapse_margin"),
        "The same conditions and the same sum, without calls and lists in between.",
        "5–8 % of calls"),
    Patch("patches.glyph_runs", SPEED, ("weasyprint.draw.text.draw_first_line",),
        "Reads the glyphs of a run in one piece and keeps how each is written. Ellipses, bitmaps and raised glyphs use "
        "WeasyPrint's way.",
        "a fifth of writing a page in CJK; ideographic_lines draws with it"),
    Patch("patches.inheritance", SPEED,
        tuple(f"weasyprint.css.{name}" for name in
              ("AnonymousStyle.__init__", "ComputedStyle.__init__", "ComputedStyle.__missing__")),
        "Properties that no rule sets have their initial or inherited value. Others are computed by WeasyPrint.",
        "5–7 % of calls"),
    Patch("patches.latin_lines", SPEED, ("weasyprint.layout.inline.split_text_box",),
        "The end of a Latin line is found in the sums of word widths. A line that ends within a hair uses WeasyPrint's way.",
        "with shaping and words, a fifth of a manual"),
    Patch("patches.minimum_widths", SPEED, ("weasyprint.layout.preferred.split_first_line",),
        "The narrowest line of a text with breaks anywhere is its first character, whatever follows. Answers are kept.",
        "2.5–3.8 % of calls"),
    Patch("patches.pdf_objects", SPEED,
        ("pydyf._to_bytes", "pydyf.PDF.page_references",
         *(f"pydyf.Object.{name}" for name in ("__init__", "reference", "offset", "generation", "free")),
         *(f"pydyf.{kind}.{name}" for kind in ("Dictionary", "Array") for name in ("__init__", "data"))),
        "Numbers and keys are formatted once. Attributes that rarely change belong to the class.",
        "15 % of calls"),
    Patch("patches.long_words", SPEED, ("weasyprint.layout.inline.split_first_line",),
        "A word longer than its line is cut after what can fit. Where the cut was too short, all of it is measured.",
        "36 → 0.4 s for a word of 4,000 letters"),
    Patch("patches.page_styles", SPEED, ("weasyprint.layout.page.set_page_type_computed_styles",),
        "Pages for which the same @page rules hold share their styles.",
        "1.1–1.7 % of calls; 4.6 % of the CPU of 33 pages"),
    Patch("patches.painting", SPEED,
        (*(f"weasyprint.draw.{name}" for name in
           ("draw_border", "draw_outline", "set_mask_border", "draw_text", "draw_inline_level", "border.draw_outline")),
         "weasyprint.pdf.stream.Stream.set_color"),
        "A style without border, outline, mask and decoration paints only text. A color that is already set is not set again.",
        "3.4–4.0 % of calls"),
    Patch("patches.percentages", SPEED,
        tuple(f"weasyprint.layout.{name}.resolve_percentages" for name in
              ("absolute", "block", "column", "float", "inline", "page", "table")),
        "Styles without percentages resolve to the same lengths in each containing block. Kept per style.",
        "14–18 % of calls"),
    Patch("patches.head_queries", SPEED, ("cssselect2.tree.ElementWrapper.query_all",),
        "Title, style sheets and links are searched in the head, if no such element is outside it.",
        "2.3–2.6 % of calls"),
    Patch("patches.shaping", SPEED, ("weasyprint.layout.inline.create_layout", "weasyprint.text.line_break.Layout"),
        "The Pango layout that measured a line also draws it. Styles with the same font share context and description.",
        "3 % of calls, and each line shaped once"),
    Patch("patches.text_lines", SPEED,
        ("weasyprint.layout.inline.get_next_linebox", "weasyprint.layout.inline.split_text_box"),
        "A line of text without floats, images and frames is placed directly, with the same sums.",
        "3.3–4.0 % of calls"),
    Patch("patches.footnote_area", SPEED, ("weasyprint.layout.LayoutContext._update_footnote_area",),
        "The height of a row of notes is the sum of each alone, or two by two where margins meet, instead of all of them for "
        "each new note.",
        "3.3 → 1.9 s for 240 notes; singly 5.0 → 4.0 s for 480"),
    Patch("patches.unspaced_text", SPEED, ("weasyprint.layout.preferred.split_first_line",),
        "The width of a word does not depend on text far behind it, so only the next characters are measured.",
        "16 → 0.8 s for cells of 3,000 ideographs"),
    Patch("patches.html_parsing", SPEED, ("tinyhtml5.parse",),
        "Well-formed HTML needs no error recovery. At the first doubtful tag the whole page goes to tinyhtml5.",
        "7 % of calls"),
    Patch("patches.words", SPEED, ("weasyprint.draw.text.draw_first_line",),
        "A Latin word has the same glyphs wherever it stands. A line that words do not add up to uses WeasyPrint's way.",
        "3 % of calls; with shaping and latin_lines, a fifth of a manual"),
    Patch("composition.copied_text", OUTPUT, ("weasyprint.draw.text.draw_first_line",),
        "Adds `ActualText` to scripts whose glyphs are not characters, so that copied text is right."),
    Patch("composition.footnotes", OUTPUT, ("weasyprint.layout.block._linebox_layout",),
        "Keeps the notes of a line for which earlier notes move to the next page. WeasyPrint 70 loses them."),
    Patch("composition.ideographic_lines", OUTPUT,
        ("weasyprint.draw.text.draw_first_line",
         *(f"weasyprint.layout.inline.{name}" for name in ("get_next_linebox", "split_text_box", "justify_line")),
         "weasyprint.layout.preferred.split_first_line"),
        "Sets Chinese and Japanese lines by CLREQ and JLREQ: straight edges, close punctuation, space around Latin words."),
    Patch("composition.remaining_space", OUTPUT, ("weasyprint.layout.block.block_level_layout_switch",),
        "Makes an image slightly smaller if it then fits on the page."),
    Patch("composition.leading_floats", OUTPUT, ("weasyprint.layout.block.block_box_layout",),
        "Moves a block that begins with a picture at one side as a whole. WeasyPrint 70 leaves an empty piece of it behind, and "
        "with it the heading above."),
    Patch("pdf.margin_artifacts", OUTPUT, ("weasyprint.draw.draw_stacking_context",),
        "Running heads and page numbers are artifacts, not content. `tag_places` gives them no elements."),
    Patch("pdf.tag_places", OUTPUT, ("weasyprint.pdf.tags._build_box_tree",),
        "Notes which element of the structure an anchor or bookmark is, for PDF/UA-2, and how a list is numbered."),
    Patch("completeness", REQUIRED, ("weasyprint.document.layout_document",),
        "Compares the letters on the pages with those of the document. Required: without it lost text is not noticed."),
    Patch("sections.merging", DURING, ("weasyprint.pdf.resolve_links", "weasyprint.pdf.build_fonts_dictionary"),
        "Links may lead to other sections, and fonts are embedded once. Otherwise the document is printed in one piece."),
    Patch("sections.page_offsets", DURING, ("weasyprint.layout.make_margin_boxes",),
        "Gives the pages of the front their numbers in the document."),
    Patch("sections.margins", DURING, ("weasyprint.layout.make_margin_boxes",),
        "Draws the margins of the other sections later than their pages, when the page numbers are known."),
)  # fmt: skip
