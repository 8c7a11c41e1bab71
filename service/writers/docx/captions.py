"""Captions with Word's numbers (SEQ), and references to them (REF): after F9 both follow a figure that was moved.

A number that the author typed becomes a field if it is right; a wrong one stays text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from service.model.text import construct_labels
from service.writers.docx import fields
from service.writers.docx.body import w
from service.writers.docx.stylesheet import style_of

# Style of the caption → the name of its row of numbers, in Word and in `construct_labels`.
SEQUENCES: Mapping[str, str] = {"ImageCaption": "figure", "TableCaption": "table"}
TYPED = re.compile(r"(?P<label>[^\W\d_]+)\.?\s{0,3}(?P<number>\d{1,4})")
SHORT = {"figure": {"fig", "abb", "şek", "рис", "rys", "obr"}, "table": {"tab", "tabl", "табл", "tbl"}}
SEPARATORS = {"zh": "\u3000", "ja": "\u3000"}  # an ideographic space


@dataclass(frozen=True, slots=True)
class Caption:
    """A numbered caption: `bookmark` is around its label and number, with the text `shown`."""

    bookmark: str
    shown: str


def number(top: etree._Element, lang: str, bookmarks: fields.Bookmarks) -> None:
    """Numbers the captions of word/document.xml. Links to them that show their number become fields."""
    captions = dict(_captions(top, lang, bookmarks))
    for link in list(top.iter(w("hyperlink"))) if captions else ():
        caption = captions.get(link.get(w("anchor"), ""))
        if caption is not None:
            _refer(link, caption)


def _captions(top: etree._Element, lang: str, bookmarks: fields.Bookmarks) -> Iterator[tuple[str, Caption]]:
    counts = dict.fromkeys(SEQUENCES.values(), 0)
    anchors: list[str] = []
    for element in top.iter(w("bookmarkStart"), w("bookmarkEnd"), w("p")):
        if element.tag == w("bookmarkStart"):
            anchors.append(element.get(w("name"), ""))
        elif element.tag == w("p") and (name := SEQUENCES.get(style_of(element))):
            caption = _numbered(element, name, counts, lang, bookmarks)
            if caption is not None:
                yield from ((anchor, caption) for anchor in anchors)
            anchors.clear()
        elif element.tag == w("p") and not _is_figure(element):
            anchors.clear()


def _is_figure(paragraph: etree._Element) -> bool:
    return style_of(paragraph) in {"CaptionedFigure", "Figure"} or paragraph.find(f".//{w('drawing')}") is not None


def _numbered(
    paragraph: etree._Element, name: str, counts: dict[str, int], lang: str, bookmarks: fields.Bookmarks
) -> Caption | None:
    """The caption with its number in front; None if the author's number is another one."""
    first = next((run for run in paragraph.iter(w("r")) if run.find(w("t")) is not None), None)
    if first is None:
        return None
    words = "".join(text.text or "" for text in paragraph.iter(w("t")))
    typed = TYPED.match(words)
    if typed and typed["label"].lower() not in construct_labels.words(name) | SHORT[name]:
        typed = None
    if typed and int(typed["number"]) != counts[name] + 1:
        return None
    counts[name] += 1
    label = typed["label"] if typed else construct_labels.word(name, lang)
    if typed:
        _cut(paragraph, typed.end())
    look, shown = first.find(w("rPr")), str(counts[name])
    space = "" if lang.lower().startswith(("zh", "ja")) and not label.isascii() else "\u00a0"
    runs = [fields.text(label + space, look), *fields.complex_field(f"SEQ {name.title()} \\* ARABIC", shown, look)]
    if not typed:
        runs.append(fields.text(SEPARATORS.get(lang[:2].lower(), ". "), look))
    holder = first if first.getparent() is paragraph else next(first.iterancestors(w("hyperlink")), first)
    for run in runs:
        holder.addprevious(run)
    bookmark = f"_Ref{name.title()}{counts[name]}"
    bookmarks.around(runs[:6], bookmark)
    return Caption(bookmark, f"{label}{space}{shown}")


def _cut(paragraph: etree._Element, length: int) -> None:
    """Removes the first `length` characters of the text."""
    for text in paragraph.iter(w("t")):
        words = text.text or ""
        text.text = words[length:]
        length -= min(length, len(words))
        if not length:
            return


def _refer(link: etree._Element, caption: Caption) -> None:
    """A link that shows the label and number becomes a field; one with other words stays a link."""
    runs = [run for run in link.iter(w("r")) if run.find(w("t")) is not None]
    words = "".join(text.text or "" for text in link.iter(w("t"))).strip()
    label = words.rstrip("0123456789").strip().rstrip(".").lower()
    if not runs or not words[-1:].isdigit():
        return
    known = construct_labels.words("figure") | construct_labels.words("table") | SHORT["figure"] | SHORT["table"]
    if label not in known:
        return
    for run in fields.complex_field(f"REF {caption.bookmark} \\h", caption.shown, runs[0].find(w("rPr"))):
        link.addprevious(run)
    parent = link.getparent()
    if parent is not None:
        parent.remove(link)
