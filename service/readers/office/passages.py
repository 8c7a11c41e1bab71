"""The text of packaged documents for the count of letters: found in the upload itself, by short rules of the formats.

These rules are independent of the changes before pandoc reads: text that is lost there must be missing here.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from urllib.parse import unquote

from lxml import etree

from service.model.document import Conversion, Document
from service.model.record import RECORD_NAME
from service.model.text import labels
from service.readers.office.title_page import letters
from service.readers.shared.letters import Passage

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
MAIN = re.compile(rb'<Relationship\b(?=[^>]*/officeDocument")[^>]*\bTarget="/?([^"]+)"')
DELETED = frozenset({"del", "moveFrom"})
BLANKS = frozenset({"tab", "br", "cr", "s", "line-break"})
NOT_TEXT = frozenset({
    "tracked-changes", "annotation", "forms", "note-citation", "number", "event-listeners", "hidden-text", "hidden-paragraph",
    "binary-data", "table-of-content",
})  # fmt: skip
NOT_SHOWN = frozenset({
    "head", "script", "style", "template", "math", "nav", "iframe", "object", "canvas", "video", "audio", "select", "svg",
    "title",
})  # fmt: skip
UNCOUNTED = frozenset({"noteref", "doc-noteref", "backlink", "doc-backlink", "pagebreak", "doc-pagebreak"})


def _parsed(data: bytes) -> etree._Element | None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _local(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def docx(document: Document, conversion: Conversion) -> Iterator[Passage]:
    """The paragraphs of the document and of its notes, without the lines below a title that this service writes."""
    written = {letters(line.label + line.text) for line in labels.title_lines(document.metadata)}
    yield from (each for each in _word(document, conversion) if letters(each.text) not in written)


def _word(document: Document, _: Conversion) -> Iterator[Passage]:
    """All paragraphs; of two alternatives the longer."""
    with zipfile.ZipFile(io.BytesIO(document.source.data)) as archive:
        names = archive.namelist()
        found = MAIN.search(archive.read("_rels/.rels")) if "_rels/.rels" in names else None
        main = found[1].decode("utf-8", "replace") if found else "word/document.xml"
        notes = [name for name in names if re.fullmatch(r"word/(foot|end)notes\d*\.xml", name)]
        for name in (main, *notes):
            top = _parsed(archive.read(name)) if name in names else None
            lines: list[list[str]] = [[]]
            if top is not None:
                _read_word(top, lines[0], lines)
            yield from (Passage("".join(line), part=name) for line in lines if line)


def _read_word(element: etree._Element, line: list[str], lines: list[list[str]]) -> None:
    """The texts below `element`: those of its own paragraph go to `line`, each other paragraph is one more of `lines`."""
    for child in element.iterchildren(etree.Element):
        space, name = str(child.tag)[1:].partition("}")[0], _local(child)
        if name == "AlternateContent":
            lines += max(map(_branch, child), key=lambda found: sum(map(len, map("".join, found))), default=[])
        elif name == "t" and space in (WORD, STRICT):
            line.append(child.text or "")
        elif name in BLANKS:
            line.append(" ")
        elif name == "p":
            lines.append([])
            _read_word(child, lines[-1], lines)
        elif name not in DELETED and not space.endswith("/math"):
            _read_word(child, line, lines)


def _branch(branch: etree._Element) -> list[list[str]]:
    lines: list[list[str]] = [[]]
    _read_word(branch, lines[0], lines)
    return lines


def pptx(document: Document, _: Conversion) -> Iterator[Passage]:
    """The paragraphs of each slide, without those on all of them."""
    with zipfile.ZipFile(io.BytesIO(document.source.data)) as archive:
        for name in archive.namelist():
            top = _parsed(archive.read(name)) if re.fullmatch(r"ppt/slides/slide\d+\.xml", name) else None
            for shape in top.iter("{*}sp", "{*}tc") if top is not None else ():
                if not any(each.get("type") in ("sldNum", "dt", "ftr") for each in shape.iter("{*}ph")):
                    lines = ("".join(each.text or "" for each in line.iter("{*}t")) for line in shape.iter("{*}p"))
                    yield from (Passage(line, part=name) for line in lines if line.strip())


def xlsx(document: Document, _: Conversion) -> Iterator[Passage]:
    """The shared texts of cells, if no sheet is hidden: texts of hidden sheets are not shown."""
    with zipfile.ZipFile(io.BytesIO(document.source.data)) as archive:
        names = set(archive.namelist())
        book = archive.read("xl/workbook.xml") if "xl/workbook.xml" in names else b"idden"
        top = _parsed(archive.read("xl/sharedStrings.xml")) if "xl/sharedStrings.xml" in names and b"idden" not in book else None
        for each in top.iter("{*}si") if top is not None else ():
            for hint in each.iter("{*}rPh"):
                hint.clear()
            yield Passage("".join(run.text or "" for run in each.iter("{*}t")), part="xl/sharedStrings.xml")


def odt(document: Document, _: Conversion) -> Iterator[Passage]:
    """The paragraphs and headings, those in boxes, cells and notes among them."""
    with zipfile.ZipFile(io.BytesIO(document.source.data)) as archive:
        top = _parsed(archive.read("content.xml"))
    lines: list[list[str]] = [[]]
    for body in top.iter("{*}body") if top is not None else ():
        _read_open(body, lines[0], lines)
    yield from (Passage("".join(line), part="content.xml") for line in lines[1:] if line)


def _read_open(element: etree._Element, line: list[str], lines: list[list[str]]) -> None:
    for child in element.iterchildren(etree.Element):
        name = _local(child)
        drawn = "svg-compatible" in str(child.tag)  # the title and description of a drawing
        if name in BLANKS:
            line.append(" ")
        elif name in ("p", "h"):
            lines.append([child.text or ""])
            _read_open(child, lines[-1], lines)
        elif name not in NOT_TEXT and not drawn:
            line += [child.text or ""] if line is not lines[0] else []
            _read_open(child, line, lines)
        if line is not lines[0]:
            line.append(child.tail or "")


def epub(document: Document, _: Conversion) -> Iterator[Passage]:
    """The pages of the spine unchanged; lists of places and of contents, and drawings, are not counted."""
    with zipfile.ZipFile(io.BytesIO(document.source.data)) as archive:
        names = {posixpath.normpath(name): name for name in archive.namelist()}
        is_own = any(posixpath.basename(name) == RECORD_NAME for name in names)
        for path in _spine(archive.read, names):
            top = _parsed(archive.read(names[path]))
            if top is not None:
                yield from (Passage(text, line, path) for text, line in _shown(top, is_own=is_own))


def _spine(read: Callable[[str], bytes], names: dict[str, str]) -> Iterator[str]:
    container = _parsed(read("META-INF/container.xml"))
    roots = (each.get("full-path") or "" for each in (container.iter("{*}rootfile") if container is not None else ()))
    path = next((each for each in roots if each in names), "")
    package = _parsed(read(names[path])) if path else None
    if package is None:
        return
    hrefs = {each.get("id"): each.get("href") or "" for each in package.iter("{*}item")}
    for each in package.iter("{*}itemref"):
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(hrefs.get(each.get("idref"), ""))))
        if target in names:
            yield target


def _is_number(element: etree._Element) -> bool:
    """A link without a letter: the number of a note, or the arrow back from it."""
    return _local(element) == "a" and not len(element) and not any(map(str.isalpha, element.text or ""))


def _is_uncounted(element: etree._Element) -> bool:
    return _local(element) in NOT_SHOWN or not UNCOUNTED.isdisjoint(element.attrib.values()) or _is_number(element)


def _is_title_block(element: etree._Element) -> bool:
    """The lines below the title that this service writes again from the metadata."""
    return "title-block" in (element.get("class") or "").split()


def _shown(top: etree._Element, *, is_own: bool = False) -> Iterator[tuple[str, int | None]]:
    walk = etree.iterwalk(top, events=("start", "end"))
    for event, element in walk:
        if not isinstance(element.tag, str):
            text = (element.tail or "") if event == "end" else ""
        elif event == "end":
            text = element.tail or ""
        elif _is_uncounted(element) or (is_own and _is_title_block(element)):
            walk.skip_subtree()
            text = ""
        else:
            text = element.text or ""
        if text.strip():
            yield text, element.sourceline
