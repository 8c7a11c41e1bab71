"""E-readers and the rules of their shops for an EPUB, with the source of each rule.

The table has no code. `service.inspect.device_checks` finds violations in any EPUB. `service.writers.epub` applies the
rules of the device that a conversion names. A test holds that every row has a check.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

ANY = "any"
MEGABYTE = 1_000_000
SHOWN_EVERYWHERE = frozenset({"image/png", "image/jpeg", "image/gif"})


@dataclass(frozen=True, slots=True)
class Device:
    """The changes of the writer for a device. Sizes are in bytes and pixels; 0 means no limit.

    `cover` is width and height of a drawn cover. `is_opaque`: pictures have no transparent parts. `is_still`: pictures do not
    move. `draws_formulas`: formulas are pictures. `is_kepub`: the text has the spans of Kobo.
    """

    name: str
    label: str
    suffix: str = ".epub"
    images: frozenset[str] = SHOWN_EVERYWHERE | {"image/svg+xml"}
    cover: tuple[int, int] = (1_200, 1_800)
    cover_images: frozenset[str] = SHOWN_EVERYWHERE | {"image/svg+xml"}
    most_pixels: int = 0
    most_bytes: int = 0
    is_opaque: bool = False
    is_still: bool = False
    draws_formulas: bool = False
    is_kepub: bool = False

    @property
    def is_specific(self) -> bool:
        return self.name != ANY

    def shown(self, images: frozenset[str]) -> frozenset[str]:
        """The media types that both a writer and the device can show."""
        return images & self.images if self.is_specific else images


PHOTOGRAPHS = frozenset({"image/png", "image/jpeg"})
DEVICES: Mapping[str, Device] = {
    each.name: each
    for each in (
        Device(ANY, "any e-reader"),
        Device("kindle", "Kindle", images=SHOWN_EVERYWHERE, cover=(1_600, 2_560), cover_images=PHOTOGRAPHS,
               most_bytes=5 * MEGABYTE, is_opaque=True, is_still=True, draws_formulas=True),
        Device("kobo", "Kobo", suffix=".kepub.epub", cover=(1_264, 1_680), cover_images=PHOTOGRAPHS,
               most_bytes=5 * MEGABYTE, is_opaque=True, is_kepub=True),
        Device("apple", "Apple Books", images=SHOWN_EVERYWHERE | {"image/svg+xml"}, cover=(1_600, 2_400),
               cover_images=PHOTOGRAPHS, most_pixels=5_600_000),
    )
}  # fmt: skip
SHOPS = tuple(name for name in DEVICES if name != ANY)
EVERY = "all"  # of a check: each shop


def of(target: str, name: str) -> Device:
    """The device of an artifact. Formats other than EPUB are for any device."""
    return DEVICES[name if target == "epub" else ANY]


def suffix(target: str, device: str, usual: str) -> str:
    """The suffix of an artifact: Kobo opens an EPUB in its own program only as `.kepub.epub`."""
    return DEVICES[device].suffix if target == "epub" else usual


class Rule(NamedTuple):
    """`refuses`: the shop or its converter refuses the file, or leaves out the part. Else the rule is advice.

    `applied` is the change of the writer for `device=`; empty: it changes nothing, and the finding reports that.
    """

    device: str
    name: str
    refuses: bool
    source: str
    message: str
    fix: str
    applied: str = ""

    @property
    def key(self) -> str:
        return f"{self.device}/{self.name}"


KDP_HTML = "Kindle Publishing Guidelines, HTML and CSS"
KDP_IMAGES = "Kindle Publishing Guidelines, Images (reflowable)"
KDP_COVER = "Kindle Publishing Guidelines, Cover Images"
KDP_TABLES = "Kindle Publishing Guidelines, Tables"
KDP_CONTENTS = "Kindle Publishing Guidelines, Table of Contents"
SEND = "Send to Kindle"
KOBO = "kobolabs/epub-spec"
APPLE = "Apple Books Asset Guide 5.3"
ALWAYS = "Every EPUB of this service holds it."
RULES: tuple[Rule, ...] = (
    Rule("kindle", "language", True, f"{SEND}: E999 (Calibre-Web-Automated#382, graham-essays#19)",
         "The book has no language, or one that is not a language tag.", "Set the language, for example lang=en.",
         "The language is the one of the article; without one, the notice names this rule."),
    Rule("kindle", "link-broken", True, f"{SEND}: E999 (gibbok/typescript-book#108)",
         "A link leads to a place that is not in the book.", "Correct the link, or remove it.", ALWAYS),
    Rule("kindle", "empty-alt", True, "Kindle Previewer: E21018 (kindle-epub-fix#25)",
         'A picture has the attribute alt="".', 'Describe the picture, or remove alt and set role="presentation".',
         'Decorative pictures have role="presentation" instead of alt="".'),
    Rule("kindle", "hidden-text", True, "KindleGen: E3013", "More than 10,000 characters are hidden with display: none.",
         "Remove the hidden text.", "The property `display: none` is not written."),
    Rule("kindle", "contents", True, KDP_CONTENTS, "The book has no table of contents.",
         "Add a navigation document or an NCX.", ALWAYS),
    Rule("kindle", "ncx", False, KDP_CONTENTS, "The book has no NCX, which older Kindles need.", "Add an NCX.", ALWAYS),
    Rule("kindle", "file-size", True, f"{SEND}: 200 MB (mastering-cardano#47)", "The file has more than 200 MB.",
         "Give the pictures a budget: image_budget=50000.", "The option image_budget limits the pictures."),
    Rule("kindle", "mail-size", False, f"{SEND} by mail: 50 MB", "The file has more than 50 MB and cannot be sent by mail.",
         "Give the pictures a budget: image_budget=40000.", "The option image_budget limits the pictures."),
    Rule("kindle", "cover-missing", False, KDP_COVER, "The package names no cover.",
         "Add a cover: cover=auto or cover=drawn.", "The option cover adds one; without it, the notice names this rule."),
    Rule("kindle", "cover-format", True, KDP_COVER, "The cover is neither JPEG nor PNG.", "Save the cover as JPEG.",
         "The cover becomes JPEG or PNG."),
    Rule("kindle", "cover-small", True, KDP_COVER, "The cover has less than 625 × 1000 pixels.",
         "Use a cover of 1600 × 2560 pixels.", "A drawn cover has 1600 × 2560 pixels; a picture is not stretched."),
    Rule("kindle", "cover-size", False, KDP_COVER, "The height of the cover is below 2500 pixels.",
         "Use a cover of 1600 × 2560 pixels.", "A drawn cover has 1600 × 2560 pixels; a picture is not stretched."),
    Rule("kindle", "picture-format", True, KDP_IMAGES, "A picture is of a format that Kindle does not show.",
         "Save the picture as JPEG or PNG.", "Pictures become JPEG, PNG or GIF."),
    Rule("kindle", "picture-vector", False, KDP_IMAGES, "Enhanced Typesetting shows SVG only in part.",
         "Use JPEG or PNG.", "SVG pictures become PNG."),
    Rule("kindle", "picture-size", False, KDP_IMAGES, "A picture has more than 5 MB.",
         "Save it with fewer pixels or a lower quality.", "Pictures are made smaller until they fit."),
    Rule("kindle", "picture-transparent", False, KDP_IMAGES, "A picture has an alpha channel.",
         "Put it on a white ground.", "Transparent parts become white."),
    Rule("kindle", "picture-animated", False, KDP_IMAGES, "A picture moves.", "Use one picture of it.",
         "Only the first picture is kept."),
    Rule("kindle", "picture-colours", False, KDP_IMAGES, "A picture has CMYK colours.", "Save it in RGB.",
         "Such pictures become RGB."),
    Rule("kindle", "table-large", True, KDP_TABLES, "A table has more than 1,800 cells and 20,000 characters.",
         "Divide the table."),
    Rule("kindle", "table-nested", False, KDP_TABLES, "A table contains another table.",
         "Divide the tables."),
    Rule("kindle", "scripts", False, KDP_HTML, "The book has a script, form or frame. Kindle removes it.",
         "Remove it.", ALWAYS),
    Rule("kindle", "paragraph-nested", False, KDP_HTML, "A paragraph contains another paragraph.",
         "End the outer one first.", ALWAYS),
    Rule("kindle", "formulas", False, "Kindle Publishing Guidelines, MathML (Enhanced Typesetting only)",
         "Older Kindles show no MathML.", "Use pictures with the TeX as description.",
         "Formulas are PNG pictures with their TeX as description."),
    Rule("kindle", "css-layout", False, "Kindle Publishing Guidelines, supported CSS",
         "The style sheet uses a layout (flex, grid, position) that Kindle does not support.", "Use blocks and floats.",
         "Such declarations are left out."),
    Rule("kindle", "css-negative", False, KDP_HTML, "A margin or indent is negative, which cuts off text.",
         "Use lengths of 0 or more, or add the same padding.", "Negative margins are left out, and indents without padding."),
    Rule("kindle", "css-variables", False, f"{SEND}: E999 (cs249r_book#1148)",
         "The style sheet uses variables or light-dark().", "Write the values.", "Such declarations are left out."),
    Rule("kindle", "css-rules", False, "KindleGen: I10004", "The style sheet has a rule that Kindle does not know.",
         "Use only style rules, @font-face and @media for print or screen.", "Such rules are left out."),
    Rule("kindle", "fonts", False, "Kindle Publishing Guidelines, Fonts", "A font is neither OpenType nor TrueType.",
         "Embed the font as OTF or TTF."),
    Rule("kobo", "spans", False, f"{KOBO}: sideloading; kepubify", "The text has no koboSpan: sideloaded, a Kobo cannot "
         "bookmark and highlight in it.", "Convert with device=kobo.", "Each sentence has a span with class koboSpan."),
    Rule("kobo", "file-size", False, f"{KOBO}: Limitations and Maximums", "The file has more than 1 GB.",
         "Give the pictures a budget: image_budget=100000.", "The option image_budget limits the pictures."),
    Rule("kobo", "document-size", False, f"{KOBO}: Limitations and Maximums",
         "A file of the text has more than 10 MB.", "Divide the text at its headings."),
    Rule("kobo", "picture-size", False, f"{KOBO}: Image Formatting", "A picture has more than 5 MB.",
         "Save it with fewer pixels or a lower quality.", "Pictures are made smaller until they fit."),
    Rule("kobo", "picture-transparent", False, f"{KOBO}: Image Formatting", "A picture has an alpha channel.",
         "Put it on a white ground.", "Transparent parts become white."),
    Rule("kobo", "picture-colours", False, f"{KOBO}: Image Formatting", "A picture has CMYK colours.", "Save it in RGB.",
         "Such pictures become RGB."),
    Rule("kobo", "cover-missing", False, f"{KOBO}: Cover Images", "The package names no cover.",
         "Add a cover: cover=auto or cover=drawn.", "The option cover adds one; without it, the notice names this rule."),
    Rule("kobo", "cover-format", True, f"{KOBO}: Cover Images", "The cover is neither JPEG nor PNG.", "Save the cover as JPEG.",
         "The cover becomes JPEG or PNG."),
    Rule("kobo", "cover-size", False, f"{KOBO}: Cover Images", "The cover has more than 3 MB.", "Save it with fewer pixels.",
         "The cover is JPEG of a bearable size."),
    Rule("kobo", "cover-page", False, f"{KOBO}: Cover Images", "The page of the cover has text too.",
         "Give the cover a page of its own.", ALWAYS),
    Rule("kobo", "file-names", False, f"{KOBO}: OPF", "The name of a file has spaces or special characters.",
         "Use letters, digits, - and _.", ALWAYS),
    Rule("kobo", "identifier", False, f"{KOBO}: OPF", "The identifier of the NCX is not that of the package.",
         "Write the same identifier into both.", ALWAYS),
    Rule("kobo", "table-wide", False, f"{KOBO}: Tables", "A table has more than four columns.", "Divide the table."),
    Rule("kobo", "css-root-size", False, f"{KOBO}: CSS", "The size of all text is a percentage, which some Kobos cannot change.",
         "Leave out the size of html and body.", "Such declarations are left out."),
    Rule("kobo", "css-background", False, f"{KOBO}: CSS", "The page has a background, which night mode cannot change.",
         "Leave out the background of html and body.", "Such declarations are left out."),
    Rule("apple", "version", False, APPLE, "The book is not EPUB 3.", "Convert it to EPUB 3.", ALWAYS),
    Rule("apple", "file-size", True, f"{APPLE}: 2 GB", "The file has more than 2 GB.",
         "Give the pictures a budget: image_budget=500000.", "The option image_budget limits the pictures."),
    Rule("apple", "picture-pixels", True, f"{APPLE}: Interior Images", "A picture has more than 5.6 million pixels.",
         "Save it with fewer pixels.", "Pictures are made smaller until they fit."),
    Rule("apple", "picture-format", False, f"{APPLE}: Interior Images", "A picture is neither JPEG, PNG, GIF nor SVG.",
         "Save the picture as JPEG or PNG.", ALWAYS),
    Rule("apple", "picture-colours", True, f"{APPLE}: Interior Images", "A picture has CMYK colours.", "Save it in RGB.",
         "Such pictures become RGB."),
    Rule("apple", "picture-wrapped", False, f"{APPLE}: Interior Images", "A picture is wrapped in an SVG.", "Use img.", ALWAYS),
    Rule("apple", "cover-missing", False, f"{APPLE}: Cover Art", "The package names no cover.",
         "Add a cover: cover=auto or cover=drawn.", "The option cover adds one; without it, the notice names this rule."),
    Rule("apple", "cover-small", False, f"{APPLE}: Cover Art", "The shorter side of the cover is below 1400 pixels.",
         "Use a cover of 1600 × 2400 pixels.", "A drawn cover has 1600 × 2400 pixels; a picture is not stretched."),
    Rule("apple", "cover-format", False, f"{APPLE}: Cover Art", "The cover is neither JPEG nor PNG.", "Save the cover as JPEG.",
         "The cover becomes JPEG or PNG."),
)  # fmt: skip
