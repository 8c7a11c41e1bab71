"""DOCX, prepared so that pandoc reads it without loss, and its properties under the names of a front matter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lxml import etree

from service.ast.pandoc_ast import Node
from service.containers import docx, packages
from service.containers.docx import MAIN
from service.containers.parts import Found
from service.model import codec
from service.model.document import Asset, Notice
from service.model.errors import InvalidDocument
from service.model.text import labels
from service.readers.office import (
    page_headers,
    review,
    word_flow,
    word_languages,
    word_lists,
    word_notes,
    word_package,
    word_paragraphs,
    word_pictures,
    word_unseen,
)
from service.readers.office.base import PART, Prepared, front_matter, record_of
from service.readers.office.inserts import Inserts
from service.readers.office.ooxml_package import OTHER_PROPERTIES
from service.readers.office.title_page import PARTS, TitlePage
from service.readers.office.word_embedded import Embedded
from service.readers.office.word_names import BLIP, IMAGE_DATA, PARAGRAPH, TEXT, w
from service.readers.office.word_package import KNOWN, Word, known

NOTES = (KNOWN["footnotes"], KNOWN["endnotes"])
# The styles of a title page in Word and pandoc, by the name that is the same in every language of Word.
ROLES = {name: name for name in ("title", "subtitle", "author", "date", "abstract")} | {"article source": "source"}
HEADING = "heading"
MOST_LINES = 10  # of text before a title: a logo's words, a number, a date
MARKS = (BLIP, IMAGE_DATA, w("footnoteReference"), w("endnoteReference"))


def prepare(parts: Mapping[str, bytes], data: bytes) -> Prepared:
    """Raises InvalidDocument if it is not a DOCX."""
    found = docx.inspect(data)
    word = known(parts)
    word_notes.check(word.parts, MAIN)
    inserts = Inserts("".join(word.parts[name].decode("utf-8", "ignore") for name in (MAIN, *NOTES) if name in word.parts))
    page = TitlePage(_properties(found), _lines(found), edited=found.record is not None)
    reported = review.of_word(word.parts, (MAIN, *NOTES))
    assets: dict[str, Asset] = {}
    tops = {name: packages.parse(word.parts[name]) for name in (MAIN, *NOTES) if name in word.parts}
    reported += _shown(word, tops, inserts)
    for name, top in tops.items():
        word_flow.straightened(top)
        pictures = word_pictures.Pictures(word.targets.get(name, {}), word.parts, inserts)
        pictures.separate(top)
        assets |= {PART + each: Asset(PART + each, word.parts[each]) for each in pictures.elsewhere}
        if name == MAIN:
            _read_title_page(top, _styles(word), page)
    languages = word_languages.Languages(word.parts, list(tops.values()), inserts)
    paragraphs = word_paragraphs.Paragraphs(word.parts, list(tops.values()), inserts)
    for name, top in tops.items():
        languages.mark(top)
        paragraphs.mark(top)
        word_package.name_spaces(top)
        word.parts[name] = packages.serialize(top)

    said = page.metadata()
    reported += page_headers.of_word(word.parts, word.targets.get(MAIN, {}).values(), said)

    def finish(blocks: Sequence[Node]) -> list[Node]:
        return paragraphs.placed(languages.placed(inserts.placed(blocks)))

    return Prepared(word.parts, said, tuple(assets.values()), tuple(reported), finish)


def _shown(word: Word, tops: Mapping[str, etree._Element], inserts: Inserts) -> list[Notice]:
    """Changes the trees to what Word shows: without hidden text and its list of contents, with what other parts hold."""
    unmarked, hiding = word_lists.unmarked(word.parts), word_unseen.hidden_styles(word.parts)
    hidden: list[str] = []
    reported: list[Notice] = []
    for name, top in tops.items():
        hidden += word_unseen.hidden(top, hiding)
        if name == MAIN:
            reported += word_unseen.contents(top, word_unseen.style_names(word.parts))
        embedded = Embedded(word.targets.get(name, {}), word.parts, inserts)
        embedded.settle(top)
        reported += embedded.notices
        word_lists.settle(top, unmarked)
    word_flow.name_code(word.parts)
    return [*reported, *word_unseen.reported(hidden)]


def _properties(found: Found) -> dict[str, Any]:
    """The author's front matter if the file is from this service, else the properties of the file."""
    said = front_matter(found, "docx")
    if found.record is not None:
        return said
    native = found.native
    if (changed := native.get("core:dcterms:modified")) and changed != native.get("core:dcterms:created"):
        said.setdefault("modified", changed)
    if number := native.get("core:dc:identifier"):
        said.setdefault("identifier", number)
    for place, key in OTHER_PROPERTIES.items():
        if native.get(place):
            said.setdefault(key, native[place])
    return said


def _lines(found: Found) -> Iterator[str]:
    """The lines under the title of a file of this service."""
    try:
        ours = codec.unpack_metadata({"front_matter": {}, **record_of(found)["metadata"]})
    except (InvalidDocument, KeyError, TypeError, ValueError, AttributeError):
        return
    yield from (line.label + line.text for line in labels.title_lines(ours))


def _styles(word: Word) -> dict[str, str]:
    """Paragraph style → its role on a title page, also by the style that it is based on."""
    data = word.parts.get(KNOWN["styles"])
    names: dict[str, tuple[str, str]] = {}
    for style in packages.parse(data).iter(w("style")) if data and data.strip() else ():
        name, base = (_value(style.find(w(tag))) for tag in ("name", "basedOn"))
        names[style.get(w("styleId"), "")] = name.lower(), base
    return {style: role for style in names if (role := _role(style, names))}


def _role(style: str, names: Mapping[str, tuple[str, str]]) -> str:
    for _ in range(20):  # styles may be based on each other in a circle
        name, base = names.get(style, ("", ""))
        if name.startswith(HEADING) and name != "heading":
            return HEADING
        if name in ROLES or not base:
            return ROLES.get(name, "")
        style = base
    return ""


def _value(element: etree._Element | None) -> str:
    return element.get(w("val"), "") if element is not None else ""


def _read_title_page(top: etree._Element, roles: Mapping[str, str], page: TitlePage) -> None:
    """Takes the paragraphs of a title page out of the body: those before the text, and a title and what follows it after
    a few lines more. Those that stay lose their style, by which pandoc would take them away.
    """
    body = next(top.iter(w("body")), None)
    leading, lines = True, 0
    for paragraph in list(body) if body is not None else ():
        style = paragraph.find(f"{w('pPr')}/{w('pStyle')}")
        role, text = roles.get(_value(style), ""), shown(paragraph)
        if role == HEADING or (paragraph.tag != PARAGRAPH and text.strip()):
            return
        if (role in PARTS and not page.has(role)) or (role and leading):
            leading = True
            if page.take(role, text):
                _take_out(paragraph)
            if style is not None:
                style.getparent().remove(style)  # type: ignore[union-attr]
        elif text.strip():
            leading, lines = False, lines + 1
            if lines > MOST_LINES:
                return


def shown(paragraph: etree._Element) -> str:
    """The text of a paragraph; a break or a tab is a blank."""
    return "".join((each.text or "") if each.tag == TEXT else " " for each in paragraph.iter(TEXT, w("br"), w("tab"), w("cr")))


def _take_out(paragraph: etree._Element) -> None:
    """Removes the words; a picture or a note stays."""
    if next(paragraph.iter(*MARKS), None) is None:
        packages.take_out(paragraph)
        return
    for text in list(paragraph.iter(TEXT)):
        packages.take_out(text)
