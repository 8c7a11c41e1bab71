"""The bodies of a FictionBook as HTML, because the HTML reader keeps the text of every element, also of unknown ones.

pandoc ignores unexpected elements with all their words, and notes without a call
(pandoc 3.9), but programs write `<b>`, `<ul>` and `<TABLE>` into real books.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lxml import etree

from service.ast import html
from service.ast.pandoc_ast import Node, attr, div, string
from service.model.errors import Place, TooComplex
from service.readers.shared import note_calls
from service.readers.shared import text as texts
from service.readers.shared.xml import HREF, every

DEEPEST = 100  # depth of elements: the converter recurses
DIVISIONS = {"section": "section", "epigraph": "epigraph", "annotation": "annotation", "poem": "poem"}
RENAMED = {
    "emphasis": "em", "strikethrough": "s", "style": "span", "cite": "blockquote", "stanza": "p", "text-author": "p", "date": "p",
}  # fmt: skip
OWN = frozenset({
    "body", "p", "v", "title", "subtitle", "empty-line", "image", "a", "strong", "sub", "sup", "code", "table", "tr", "th", "td",
}) | set(DIVISIONS) | set(RENAMED)  # fmt: skip
DIMENSIONS = ("colspan", "rowspan", "align", "valign")


@dataclass
class Page:
    """One book on its way to the AST. `pictures` are names of binaries → names of assets; `foreign` elements that are not part of
    FictionBook's, each once.
    """

    pictures: Mapping[str, str]
    foreign: dict[str, None] = field(default_factory=dict)
    converter: html.Converter = field(default_factory=html.Converter)
    notes: dict[str, etree._Element] = field(default_factory=dict)
    called: dict[str, Node] = field(default_factory=dict)

    def blocks(self, top: etree._Element) -> list[Node]:
        """The text of every body, with notes at their calls. Raises TooComplex if elements nest too deep."""
        _refuse_depth(top)
        bodies = list(top.iterchildren("{*}body"))
        own = [body for body in bodies if body.get("name") != "notes"]
        for body in bodies:
            if body not in own:
                self.notes |= {each.get("id", ""): each for each in body.iter("{*}section") if each.get("id")}
        self._refuse_many(own)
        found = self._annotation(top) + [block for body in own for block in self._converted(body, 1)]
        for body in bodies:
            if body not in own:
                found += self._uncalled(body)
        texts.refuse_depth(found)
        return found

    def _refuse_many(self, own: Sequence[etree._Element]) -> None:
        calls = {identifier: _calls(section) for identifier, section in self.notes.items()}
        weights = note_calls.weigh(calls)
        if sum(weights.get(each, 0) for body in own for each in _calls(body)) > note_calls.MAX_NOTES:
            most = note_calls.MAX_NOTES
            first = next(iter(self.notes.values()))
            line: int = getattr(first, "sourceline", None) or 1
            detail = f"The notes from line {line} on come to more than {most:,}, each as often as it is called."
            raise TooComplex(detail, places=[Place(detail, line=line)], extra={"limit": most})

    def _annotation(self, top: etree._Element) -> list[Node]:
        """The book's annotation before its text, because metadata is not on a page."""
        for each in every(top, "description/title-info/annotation"):
            if inside := self._converted(each, 2):
                return [div(inside, attr(classes=["annotation"]))]
        return []

    def _uncalled(self, body: etree._Element) -> list[Node]:
        """The notes of a body without a call; empty if all are called."""
        for identifier in self.called:
            section = self.notes[identifier]
            if section.getparent() is not None:
                section.getparent().remove(section)  # type: ignore[union-attr]
        texts_left = (text for each in body.iterchildren("{*}section") for text in each.itertext())
        return self._converted(body, 1) if any(text.strip() for text in texts_left) else []

    def _converted(self, element: etree._Element, depth: int) -> list[Node]:
        holder = etree.Element("div")
        self._fill(holder, element, depth)
        return self.converter.blocks(etree.tostring(holder, encoding="unicode", method="html"))

    def _fill(self, target: etree._Element, source: etree._Element, depth: int) -> None:
        """The content of `source` as that of `target`."""
        _append(target, source.text)
        for child in source.iterchildren(etree.Element):
            self._add(target, child, depth)
            _append(target, child.tail)

    def _add(self, target: etree._Element, source: etree._Element, depth: int) -> None:
        name = _name(source)
        lower = name.lower()
        if name not in OWN:
            self.foreign.setdefault(name)
        if lower == "title":
            self._add_line(target, source, f"h{min(depth, 6)}", depth)
        elif lower == "subtitle":
            self._add_line(target, source, f"h{min(depth + 1, 6)}" if _name(target) == "div" else "p", depth)
        elif lower == "stanza":
            self._add_line(target, source, "p", depth)
        elif lower == "image":
            reference = source.get(HREF, "").lstrip("#")
            etree.SubElement(target, "img", src=self.pictures.get(reference, reference), alt=source.get("alt", ""))
        elif lower == "a":
            self._add_link(target, source, depth)
        elif lower != "empty-line":
            made = etree.SubElement(target, "div" if lower in DIVISIONS else RENAMED.get(lower, _legal(lower)))
            made.attrib.update(dict(_attributes(source, lower)))
            self._fill(made, source, depth + (lower == "section"))

    def _add_line(self, target: etree._Element, source: etree._Element, name: str, depth: int) -> None:
        """Paragraphs or verses as one, with one line each."""
        made = etree.SubElement(target, name)
        _append(made, source.text)
        lines = [child for child in source.iterchildren(etree.Element) if _name(child) not in ("empty-line", "title", "subtitle")]
        for child in source.iterchildren(etree.Element):
            if child in lines and _name(child) in ("p", "v"):
                self._fill(made, child, depth)
                if child is not lines[-1]:
                    etree.SubElement(made, "br")
            elif child in lines:
                self._add(made, child, depth)
            elif _name(child) != "empty-line":
                self._add_line(made, child, "strong", depth)
                etree.SubElement(made, "br")
            _append(made, child.tail)
        parent = source.getparent()
        if parent is not None and _name(parent) == "section" and name[0] == "h" and _name(source) == "title" and parent.get("id"):
            made.set("id", parent.get("id", ""))

    def _add_link(self, target: etree._Element, source: etree._Element, depth: int) -> None:
        address = source.get(HREF) or source.get("href") or ""
        identifier = address.removeprefix("#")
        if source.get("type") == "note" and address.startswith("#") and identifier in self.notes:
            made = etree.fromstring(self.converter.stand_in([self._note(identifier)]))
            target.append(made)
            return
        made = etree.SubElement(target, "a", href=address)
        self._fill(made, source, depth)

    def _note(self, identifier: str) -> Node:
        """The note without its number; a note that calls itself is its number again."""
        if identifier not in self.called:
            self.called[identifier] = string(f"[{identifier}]")
            section = self.notes[identifier]
            body = etree.Element("section")
            body.extend([_copy(child) for child in section if _name(child) != "title"])
            body.text = section.text
            self.called[identifier] = {"t": "Note", "c": self._converted(body, 3)}
        return self.called[identifier]


def _calls(part: etree._Element) -> list[str]:
    """The notes that a part of the book calls, each as often as it does."""
    links = (each for each in part.iter("{*}a") if each.get("type") == "note")
    return [(each.get(HREF) or each.get("href") or "").removeprefix("#") for each in links]


def _refuse_depth(top: etree._Element) -> None:
    now = 0
    for event, element in etree.iterwalk(top, events=("start", "end")):
        now += 1 if event == "start" else -1
        if now > DEEPEST:
            line = element.sourceline or 1
            detail = f"The book nests more than {DEEPEST} elements up to line {line}."
            raise TooComplex(detail, places=[Place(detail, line=line)], extra={"limit": DEEPEST})


def _name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _legal(name: str) -> str:
    """A tag name that the HTML parser accepts."""
    return name if name.isascii() and name.replace("-", "").isalnum() else "span"


def _append(target: etree._Element, text: str | None) -> None:
    if not text:
        return
    if len(target):
        target[-1].tail = (target[-1].tail or "") + text
    else:
        target.text = (target.text or "") + text


def _attributes(source: etree._Element, name: str) -> Iterator[tuple[str, str]]:
    titled = name == "section" and any(_name(child) == "title" for child in source)
    if source.get("id") and not titled:  # the heading has it
        yield "id", source.get("id", "")
    if name in DIVISIONS and name != "section":
        yield "class", DIVISIONS[name]
    yield from ((key, source.get(key, "")) for key in DIMENSIONS if source.get(key))


def _copy(element: etree._Element) -> etree._Element:
    return etree.fromstring(etree.tostring(element, encoding="unicode"))


def foreign(names: Sequence[str]) -> str:
    """The message for elements that FictionBook does not have."""
    shown = ", ".join(f"<{name}>" for name in names[:10])
    return f"Elements that FictionBook does not have were dropped and their text was kept: {shown}."
