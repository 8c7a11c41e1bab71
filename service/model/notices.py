"""Every notice there is: code → severity and what it means. One row here is one row in docs/notices.md.

`warning` is what `strict=true` refuses; `info` tells of a change that loses nothing a reader would miss.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.model.document import EMPTY, Notice, Severity

NOTICES: Mapping[str, tuple[Severity, str]] = {
    "encoding-converted": ("info", "The text was not UTF-8 and was decoded from the encoding named."),
    "encoding-restored": ("info", "UTF-8 that had been read in another encoding before was read anew."),
    "encoding-damaged": ("warning", "Bytes that are not UTF-8 in an otherwise sound text; U+FFFD stands in their place."),
    "control-characters-removed": ("info", "Characters that no text holds were removed."),
    "front-matter-recovered": ("warning", "A line of the front matter is not valid and was taken as it stands."),
    "front-matter-unterminated": ("warning", "The front matter has no closing fence; it ends where its keys end."),
    "front-matter-unfenced": ("info", "Lines at the head of the text that name metadata were read as front matter."),
    "metadata-unrecognised": ("info", "A value is not in a form known for its field and was kept as text."),
    "date-unrecognised": ("warning", "A date is not in a known form, or there is no such day; it was kept as text."),
    "metadata-program": ("info", "A value is a program for another tool; it is kept as data, not run and not shown."),
    "metadata-ignored": ("info", "A key that would reach for files or the network is kept as data and not obeyed."),
    "text-cut-off": (
        "info",
        "The text ends within a link, as if it was cut off there; the words stay, half of an address is left out.",
    ),
    "text-missing": ("warning", "Part of the text of the upload is not in the document; the first missing passage is named."),
    "include-ignored": ("warning", "A directive that would read another file was not obeyed."),
    "source-reused": ("info", "The upload is an artifact of ours; the article that it carries was converted."),
    "source-outdated": ("info", "The upload is an artifact of ours that was edited; its own text was converted."),
    "title-missing": ("info", "No title was given; another text stands in."),
    "chapter-left-out": (
        "info",
        "Articles of the archive that its SUMMARY.md or mkdocs.yml does not name are no chapters of the book.",
    ),
    "lang-detected": ("info", "No language was given; it was told from the script."),
    "title-heading-removed": ("info", "A heading that repeats the title was removed."),
    "boilerplate-removed": ("info", "Parts of the web page around the article were removed."),
    "main-text-extracted": ("info", "The main text of a page was taken, as asked; the rest was left out."),
    "icon-removed": ("info", "Icons that the page drew with a font of its own were removed; in any other they are boxes."),
    "empty-image-removed": ("info", "An image without a target was removed."),
    "empty-link-removed": ("info", "A link without a target or text was removed."),
    "empty-heading-removed": ("info", "Headings without text were removed."),
    "heading-level-changed": ("info", "Heading levels were shifted so that none is skipped."),
    "link-resolved": ("info", "Relative links were resolved against the article's own URL."),
    "link-removed": ("warning", "A link whose target can't be kept was turned into plain text."),
    "raw-html-dropped": ("warning", "Markup that has no counterpart was dropped; its text was kept."),
    "output-dropped": ("warning", "Outputs of a notebook that no page can show (widgets, scripts) were dropped."),
    "contents-removed": ("info", "The document's own list of contents, which repeats its headings, was left out."),
    "comment-removed": ("info", "HTML comments were removed."),
    "image-missing": ("warning", "An image is not there; a placeholder with its text and link stands in."),
    "image-blocked": ("warning", "An image's address is one that may not be fetched; a placeholder stands in."),
    "image-unusable": ("warning", "An image can't be decoded; a placeholder stands in."),
    "image-converted": ("info", "An image was changed to a form that the target can show."),
    "image-dropped": ("info", "Images were dropped, as asked."),
    "table-clamped": ("warning", "A table's spans or rows were cut to what can be laid out."),
    "identifier-changed": ("info", "An identifier was not unique or not usable and was changed."),
    "dead-internal-link": ("warning", "A link within the document leads nowhere; it was turned into plain text."),
    "text-without-glyphs": ("warning", "No installed font has glyphs for some of the text."),
    "math-unreadable": ("warning", "A formula can't be typeset and is shown as code."),
    "diagram-unreadable": ("warning", "A diagram can't be drawn and is shown as code."),
    "metadata-mismatch": ("warning", "A metadata field was read back from the artifact other than it was written."),
    "artifact-doubtful": ("warning", "The inspected file holds something that can't be read; the rest was."),
    "attachment-omitted": (
        "info",
        "The variant asked for allows no attachments; the record is in the XMP, the upload is left out.",
    ),
    "css-dropped": ("warning", "Parts of the style sheet are not taken here and were dropped."),
    "option-ignored": ("info", "An option has no counterpart in this format and had no effect."),
    "engine-message": ("info", "The engine reported something about the document."),
}


def notice(
    code: str,
    message: str = "",
    *,
    stage: str = "",
    line: int | None = None,
    column: int | None = None,
    data: Mapping[str, Any] = EMPTY,
) -> Notice:
    """A Notice of the table; raises KeyError for a code that is not in it."""
    severity, meaning = NOTICES[code]
    return Notice(code, message or meaning, severity, stage, line, column, data)
