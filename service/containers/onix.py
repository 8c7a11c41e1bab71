"""The accessibility of a file in codes of ONIX: list 196 of EDItEUR, which catalogues and shops of books exchange.

Only claims of the file itself, by the crosswalk of the W3C (Schema.org Accessibility Properties Crosswalk, 2024), without
conclusions. A code has its name, and a value where ONIX has a ProductFormFeatureDescription.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

NAMES: Mapping[str, str] = {
    "00": "Accessibility summary",
    "02": "EPUB Accessibility Specification 1.0 A",
    "03": "EPUB Accessibility Specification 1.0 AA",
    "04": "EPUB Accessibility Specification 1.1",
    "05": "PDF/UA-1",
    "06": "PDF/UA-2",
    "11": "Table of contents navigation",
    "12": "Index navigation",
    "13": "Single logical reading order",
    "14": "Short alternative textual descriptions",
    "15": "Full alternative textual descriptions",
    "17": "Accessible math content as MathML",
    "18": "Accessible chemistry content as ChemML",
    "19": "Print-equivalent page numbering",
    "20": "Synchronised pre-recorded audio",
    "21": "Text-to-speech hinting provided",
    "26": "Use of high contrast between text and background color",
    "27": "Use of high contrast between foreground and background audio",
    "29": "Next / Previous structural navigation",
    "30": "ARIA roles provided",
    "35": "Accessible math content (as LaTeX)",
    "36": "All textual content can be modified",
    "52": "All non-decorative content supports reading without sight",
    "80": "WCAG v2.0",
    "81": "WCAG v2.1",
    "82": "WCAG v2.2",
    "84": "WCAG level A",
    "85": "WCAG level AA",
    "86": "WCAG level AAA",
    "90": "Compliance certification by (name)",
    "94": "Compliance web page for detailed accessibility information",
}
# schema:accessibilityFeature → code. Without a row: the feature has no code, for example `unlocked`.
FEATURES: Mapping[str, str] = {
    "tableOfContents": "11", "index": "12", "readingOrder": "13", "alternativeText": "14", "longDescription": "15",
    "MathML": "17", "ChemML": "18", "printPageNumbers": "19", "pageNavigation": "19", "pageBreakMarkers": "19",
    "synchronizedAudioText": "20", "ttsMarkup": "21", "highContrastDisplay": "26", "highContrastAudio": "27",
    "structuralNavigation": "29", "ARIA": "30", "latex": "35", "displayTransformability": "36",
}  # fmt: skip
OLD = {"wcag-a": "02", "wcag-aa": "03"}  # EPUB Accessibility 1.0, by its URL
CONFORMS = re.compile(r"EPUB Accessibility 1\.1 - WCAG 2\.([012]) Level (A{1,3})")
LEVELS = {"A": "84", "AA": "85", "AAA": "86"}
PDF = {"pdf/ua-1": "05", "pdf/ua-2": "06"}
Detail = dict[str, str]


def of_epub(said: Mapping[str, Sequence[str]]) -> list[Detail]:
    """The codes for the accessibility claims of a package: the lists of `facts.accessibility`."""
    return _details(_of_epub(said))


def of_pdf(claims: Iterable[str]) -> list[Detail]:
    """The codes for the claims of a PDF, for example `pdf/ua-1`."""
    return _details((PDF[claim], "") for claim in claims if claim in PDF)


def _of_epub(said: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    yield from (("00", each) for each in said.get("summary", ()))
    for each in said.get("conforms_to", ()):
        if found := CONFORMS.fullmatch(each.strip()):
            yield from (("04", ""), (f"8{found[1]}", ""), (LEVELS[found[2]], ""))
        elif "epub/a11y/accessibility-20170105" in each:
            yield from ((code, "") for mark, code in OLD.items() if each.endswith(f"#{mark}"))
    yield from ((FEATURES[each], "") for each in said.get("features", ()) if each in FEATURES)
    if "textual" in said.get("sufficient", ()):
        yield "52", ""
    if said.get("conforms_to"):
        yield from (("90", each) for each in said.get("certified_by", ()))
        yield from (("94", each) for each in said.get("certifier_report", ()))


def _details(found: Iterable[tuple[str, str]]) -> list[Detail]:
    """Each once, by code."""
    return [{"code": code, "name": NAMES[code], "value": value} for code, value in sorted(set(found))]
