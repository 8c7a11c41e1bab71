"""The table of notices: code → severity and meaning. One row here is one row in docs/notices.md.

`strict=true` refuses a `warning`. An `info` reports a change without a loss for readers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.model.document import EMPTY, Notice, Severity

NOTICES: Mapping[str, tuple[Severity, str]] = {
    "encoding-converted": ("info", "The text is not UTF-8. It was decoded from the encoding named here."),
    "encoding-restored": ("info", "The text was UTF-8, read earlier in a wrong encoding (mojibake). It was restored."),
    "encoding-damaged": ("warning", "Some bytes are not valid UTF-8. U+FFFD replaces each of them."),
    "control-characters-removed": ("info", "Control characters were removed."),
    "front-matter-recovered": ("warning", "A line of the front matter is not valid. Its value was taken as plain text."),
    "front-matter-unterminated": ("warning", "The front matter has no closing fence. It was read up to the last key."),
    "front-matter-unfenced": ("info", "Metadata lines at the start of the text were read as front matter."),
    "metadata-unrecognised": ("info", "A value does not have a known form for its field. It was kept as text."),
    "date-unrecognised": ("warning", "A date does not have a known form, or the day does not exist. It was kept as text."),
    "metadata-program": ("info", "A value is a program for another tool. It was kept as data, not run and not shown."),
    "metadata-ignored": ("info", "A key that would read files or the network has no effect. It was kept as data."),
    "bibliography-missing": (
        "warning",
        "The front matter names a bibliography or a citation style that was not uploaded or cannot be used.",
    ),
    "citation-unknown": ("warning", "The bibliography has no work of a key that is cited. The citation stays as it is written."),
    "text-cut-off": (
        "info",
        "The text ends inside a link. The link text was kept, the incomplete address was removed.",
    ),
    "text-missing": (
        "warning",
        "Part of the text of the upload is missing in the document. The message names the first missing passage.",
    ),
    "include-ignored": ("warning", "A directive that would read another file was ignored."),
    "site-code-removed": (
        "info",
        "Code of the site (imports, tags around a text, a list of contents) was removed. The text was kept.",
    ),
    "tex-kept-as-code": ("info", "An environment of TeX that is not known is shown as code."),
    "site-code-unknown": ("warning", "A shortcode, tag or component that is not known was removed."),
    "signed": ("info", "The PDF has a signature of the service. Its bytes differ each time, as they hold the time."),
    "source-reused": ("info", "The upload is an artifact of Colophon. The article embedded in it was converted."),
    "source-outdated": (
        "info",
        "The upload is an artifact of Colophon that was edited later. Its current text was converted, not the embedded article.",
    ),
    "title-missing": ("info", "The article has no title. Another text is used."),
    "chapter-left-out": (
        "info",
        "Articles that the table of contents of a collection does not name were left out.",
    ),
    "feed-entries-left-out": ("info", "Entries of the feed that are older than `since` are not in the book."),
    "feed-not-fetched": ("warning", "A feed that an outline names could not be fetched. Its entries are missing."),
    "feeds-not-fetched": ("info", "The outline names feeds. Their entries are not in the document: they are links."),
    "feed-summaries": ("info", "The feed has only a summary of some entries. Their text is at their address."),
    "draft-left-out": ("info", "Articles that are marked as drafts were left out."),
    "empty-left-out": ("info", "Empty files were left out."),
    "file-link-replaced": (
        "info",
        "An EPUB cannot link to another file. Links to other articles lead to their address on the web, or became plain text.",
    ),
    "note-uncalled": ("info", "No call leads to a footnote, or another has its name. It is shown where it is defined."),
    "note-undefined": ("info", "A footnote is called that the text does not define. The call is shown as text."),
    "note-not-in-book": ("info", "Links to notes that are not in the collection became plain text."),
    "embed-not-possible": ("warning", "A note could not be embedded: it is not in the collection, or it embeds itself."),
    "collection-recognised": (
        "info",
        "The files are of a known program, which gives their order, their title and the targets of their links.",
    ),
    "lang-detected": ("info", "The article has no language. It was detected from the text."),
    "title-heading-removed": ("info", "A heading that repeats the title was removed."),
    "boilerplate-removed": ("info", "Parts of the web page around the article were removed."),
    "main-text-extracted": ("info", "Only the main text of the page was converted. `extract=none` converts the whole page."),
    "icon-removed": ("info", "Icons of a private icon font were removed. Other fonts show them as boxes."),
    "empty-image-removed": ("info", "An image without an address was removed."),
    "empty-link-removed": ("info", "A link without an address or without text was removed."),
    "empty-heading-removed": ("info", "Headings without text were removed."),
    "heading-level-changed": ("info", "Heading levels were shifted so that no level is skipped."),
    "link-resolved": ("info", "Relative links were resolved against the URL of the article."),
    "link-removed": ("warning", "A link with an address that cannot be kept became plain text."),
    "raw-html-dropped": ("warning", "Markup without an equivalent was removed. Its text was kept."),
    "hidden-text-removed": ("info", "Text that the page does not show (hidden, display: none, for screen readers) was removed."),
    "attachment-left-out": (
        "warning",
        "Attachments that are not shown in the text were left out.",
    ),
    "output-dropped": ("warning", "Notebook outputs that a page cannot show (widgets, scripts) were removed."),
    "archive-ignored": ("warning", "An archive within the uploaded archive was not read. Unpack it, and send its files."),
    "drawing-as-text": ("warning", "A chart or a diagram of Word cannot be drawn. Its words are in its place."),
    "contents-removed": ("info", "The document's own table of contents was removed. It repeats the headings."),
    "page-header-removed": ("info", "Page headers and footers were removed. The notice lists their text."),
    "index-entry-removed": ("info", "Entries of an index, and short forms of titles, are not shown. The notice lists them."),
    "comment-removed": ("info", "Comments, and parts that their author marked as not for readers, were removed."),
    "image-missing": ("warning", "An image is missing. A placeholder shows its text and link."),
    "image-blocked": ("warning", "The address of an image must not be fetched. A placeholder shows its text and link."),
    "image-unusable": ("warning", "An image cannot be decoded. A placeholder shows its text and link."),
    "image-postponed": ("warning", "The service was too busy to decode an image in time. Convert the article again."),
    "image-converted": ("info", "An image was converted to a format that the target supports."),
    "image-dropped": ("info", "Images were removed, as requested."),
    "blanks-shortened": ("info", "Long runs of spaces or empty rows were shortened."),
    "table-clamped": ("warning", "A table exceeds the limits of layout. Its spans or rows were cut."),
    "identifier-changed": ("info", "An identifier was changed because it was not unique or not valid."),
    "dead-internal-link": ("warning", "A link inside the document has no target. It became plain text."),
    "notes-at-end": ("info", "The notes are at the end of the PDF because they do not fit at the foot of its pages."),
    "text-without-glyphs": ("warning", "No installed font has glyphs for part of the text."),
    "math-unreadable": ("warning", "A formula cannot be typeset. It is shown as code."),
    "math-colour-dropped": ("info", "The colours of a formula are not kept."),
    "diagram-unreadable": ("warning", "A diagram cannot be drawn. It is shown as code."),
    "metadata-mismatch": ("warning", "A metadata field of the artifact differs from the value that was written."),
    "artifact-doubtful": ("warning", "Part of the inspected file cannot be read. The report covers the rest."),
    "image-without-description": (
        "info",
        "Pictures have no description. The PDF or EPUB does not claim to be accessible.",
    ),
    "conformance-not-claimed": (
        "warning",
        "The document does not meet the requested variant. The file does not claim it.",
    ),
    "claim-broken": (
        "warning",
        "The PDF claims a standard and breaks a rule of it, which `verify=full` found. The message names the rule and the place.",
    ),
    "attachment-omitted": (
        "info",
        "The PDF variant does not allow attachments. The metadata record is in the XMP; the upload is not embedded.",
    ),
    "css-dropped": ("warning", "Parts of the style sheet are not supported and were removed."),
    "device-css-dropped": ("info", "Parts of the style sheet that the e-reader does not support were left out."),
    "device-advice": ("info", "An e-reader or its shop would refuse the EPUB, or advises against a part of it."),
    "device-refuses": ("warning", "The requested e-reader, or its shop, would refuse the EPUB."),
    "images-over-budget": ("warning", "The images have more bytes than `image_budget`, though they were made smaller."),
    "reference-styles": (
        "info",
        "A DOCX template gave the look. The notice lists the styles it gave, those it lacks, and those that options changed.",
    ),
    "font-unused": ("warning", "No part of the text uses a font file of the request: its family is not named by an option."),
    "font-face-missing": ("info", "An uploaded family has no bold or italic face. The profile's font shows such text."),
    "font-not-embedded": (
        "warning",
        "The licence of a font does not allow it in this format: another is used, or it is named.",
    ),
    "author-option-ignored": (
        "warning",
        "The key `colophon` of the front matter or the file `colophon.yaml` sets an option that is not known, allowed or valid.",
    ),
    "option-ignored": ("info", "An option has no effect in this format."),
    "engine-message": ("info", "An engine reported something about the document."),
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
    """A notice of the table. Raises KeyError for an unknown code."""
    severity, meaning = NOTICES[code]
    return Notice(code, message or meaning, severity, stage, line, column, data)
