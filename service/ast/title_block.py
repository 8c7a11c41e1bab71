"""The title block as blocks of the AST, and the article's own headings lifted to begin at level 1.

EPUB and DOCX get title, subtitle and lines from here; PDF has them in its page template (`model.text.labels.title_lines`
is shared).
"""

from __future__ import annotations

from collections.abc import Sequence

from schemas.metadata import field_of
from service.ast import alignment, pandoc_ast
from service.model.blocks import Blocks
from service.model.document import Block, Document
from service.model.text import labels
from service.model.text.characters import legal

TITLE_ID = "colophon-title"


def title_of(document: Document) -> str:
    """The title, never empty: EPUB requires one."""
    stem = document.source.name.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
    return legal(document.metadata.title).strip() or legal(stem).strip() or "Untitled"


def shown_title(document: Document) -> str:
    """The title for the page."""
    return legal(document.shown_title).strip() or title_of(document)


def is_centred(document: Document) -> bool:
    """Whether the title is centred, like the block below it: a README with a centred head has its title in the text."""
    given = any(field_of(name) == "title" for name in document.metadata.front_matter)
    return not given and any(alignment.is_centred(block) for block in document.blocks[:1])


def lifted(blocks: Sequence[Block]) -> Blocks:
    """The blocks with their highest heading at level 1, so that section numbers and Word's outline begin at 1."""
    blocks = Blocks(blocks)
    levels = [node["c"][0] for node in pandoc_ast.query(blocks, {"Header"})]
    shift = min(levels, default=1) - 1
    if not shift:
        return blocks

    def lift(node: pandoc_ast.Node) -> pandoc_ast.Node:
        return {"t": "Header", "c": [node["c"][0] - shift, *node["c"][1:]]}

    return pandoc_ast.walk_blocks(blocks, lift, {"Header"})


def for_epub(document: Document, shown: Sequence[str]) -> list[Block]:
    """A level-1 heading and a div of lines, for epub.css; `shown` as in `model.title_fields`."""
    lines = [_styled(pandoc_ast.words(legal(text)), "subtitle") for text in _subtitle(document, shown)]
    for line in labels.title_lines(document.metadata, shown):
        label = [pandoc_ast.span(_label(line), pandoc_ast.attr(classes=["label"]))] if line.label else []
        lines.append(_styled([*label, *_value(line)], line.field.replace("_", "-")))
    centred = ["align-center"] * is_centred(document)
    about = pandoc_ast.attr(TITLE_ID, ["title", "unnumbered", *centred])
    heading = pandoc_ast.header(1, pandoc_ast.words(shown_title(document)), about)
    return [heading, pandoc_ast.div(lines, pandoc_ast.attr(classes=["title-block", *centred]))] if lines else [heading]


def _subtitle(document: Document, shown: Sequence[str]) -> list[str]:
    subtitle = document.shown_subtitle or document.metadata.subtitle
    return [subtitle] if subtitle and "subtitle" in shown else []


def for_docx(document: Document, shown: Sequence[str]) -> list[Block]:
    """Paragraphs of Word's own styles: Title, Subtitle, Author, Date; Source for the rest."""
    styles = {"authors": "Author", "date": "Date"}
    blocks = [_word_style(pandoc_ast.words(shown_title(document)), "Title")]
    blocks += [_word_style(pandoc_ast.words(legal(text)), "Subtitle") for text in _subtitle(document, shown)]
    lines = labels.title_lines(document.metadata, shown)
    return blocks + [_word_style([*_label(line), *_value(line)], styles.get(line.field, "Article Source")) for line in lines]


def _label(line: labels.Line) -> list[pandoc_ast.Node]:
    return [pandoc_ast.string(line.label)] if line.label else []


def _value(line: labels.Line) -> list[pandoc_ast.Node]:
    text = pandoc_ast.words(legal(line.text))
    return [pandoc_ast.link(text, legal(line.href))] if line.href else text


def _styled(inlines: Sequence[pandoc_ast.Node], name: str) -> Block:
    return pandoc_ast.div([pandoc_ast.para(inlines)], pandoc_ast.attr(classes=[name]))


def _word_style(inlines: Sequence[pandoc_ast.Node], style: str) -> Block:
    return pandoc_ast.div([pandoc_ast.para(inlines)], pandoc_ast.attr(pairs={"custom-style": style}))
