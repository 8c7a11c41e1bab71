"""The body of a long document written by pandoc a few chapters at a time.

pandoc's time grows faster than the text: 182 pages took 0.69 s in one piece and 0.45 s in thirty, and the first chapters
are ready while it writes the next. pandoc numbers notes, blocks of code and sections of a document. These numbers are
continued here, so that the body is the same as in one piece.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from service.ast import pandoc_ast
from service.engines import Engines
from service.model.document import Block
from service.writers.page import constructs, fixes, footnotes, sections

SEPARATOR = "<!--part-->"
PARTS = f"$toc$\n{SEPARATOR}\n$body$"
SMALLEST = 50_000  # bytes of JSON: about three pages
HEADING = b'"t":"Header"'
NUMBERED_CODE = re.compile(rb'"CodeBlock","c":\[\[""')  # pandoc counts the blocks without an identifier, coloured or not
LINK_WITHIN = re.compile(rb'(?<!\\)"#((?>(?:[^"\\]++|\\.)*))"')
FORMULA = b'"t":"Math"'
NODE, AROUND = b'"t":', 17  # of a node of the JSON, and its estimated bytes that are not text
CODE_NAME = re.compile("cb[0-9]+")


@dataclass(frozen=True, slots=True)
class Portion:
    """Some chapters as JSON, and the numbers of numbered chapters and blocks of code before them."""

    ast: bytes
    chapters: int = 0
    code: int = 0

    @property
    def pages(self) -> float:
        """The estimated number of pages, before its HTML exists."""
        return (len(self.ast) - AROUND * self.ast.count(NODE)) / sections.LETTERS


def cut(blocks: Sequence[Block]) -> list[Portion]:
    """The chapters of a long document, with adjacent short ones together; one portion if it cannot be divided."""
    texts = [(group, pandoc_ast.dumps(group)) for group in _grouped(blocks)]
    on_top = sum(block["t"] == "Header" for block in blocks)
    if len(texts) > 1 and sum(text.count(HEADING) for _, text in texts) != on_top:
        texts = [(blocks, pandoc_ast.dumps(blocks))]  # only pandoc counts a heading within a block
    found, numbered, code = list[Portion](), 0, 0
    for group, text in texts:
        found.append(Portion(text, numbered, code))
        numbered += sum(_is_numbered_chapter(block) for block in group)
        code += len(NUMBERED_CODE.findall(text))
    return found


def _grouped(blocks: Sequence[Block]) -> list[Sequence[Block]]:
    """The blocks before the first chapter are in its portion: a heading under chapters has its number only among them."""
    starts = [index for index, block in enumerate(blocks) if block["t"] == "Header" and block["c"][0] == 1][1:]
    cuts, size, measured = [0], 0, 0
    for start in starts:
        size += len(pandoc_ast.dumps(blocks[measured:start]))
        measured = start
        if size >= SMALLEST:
            cuts.append(start)
            size = 0
    return [blocks[start:end] for start, end in zip(cuts, [*cuts[1:], len(blocks)], strict=True)]


def _is_numbered_chapter(block: Block) -> bool:
    return bool(block["t"] == "Header" and block["c"][0] == 1 and "unnumbered" not in block["c"][1][1])


@dataclass(slots=True)
class Notes:
    """The section of notes at the end of each portion."""

    section: etree._Element | None = None
    count: int = 0
    at_foot: bool = False  # each behind its call, none at the end
    firsts: dict[str, tuple[str, int]] = field(default_factory=dict)  # text of a note → the link to it, and its number

    def join(self, body: etree._Element) -> None:
        """Removes the notes that repeat another one; all calls of a note lead to it and have its number."""
        section = footnotes.section_of(body)
        if section is None:
            return
        found: dict[str, tuple[str, int]] = {}
        for note in list(section[-1]):
            link = f"#{note.get('id', '')}"
            own = link, len(self.firsts) + 1
            found[link] = self.firsts.setdefault(footnotes.content(note) or link, own)
            if found[link] is not own:
                section[-1].remove(note)
        for call in footnotes.calls(body):
            link, number = found[call.get("href", "")]
            call.set("href", link)
            call[0].text = str(number)

    def take(self, body: etree._Element) -> None:
        """Numbers the notes of `body` after the earlier ones, and removes them from the body."""
        for link in body.iter("a"):
            if link.get("role") == "doc-noteref" and link.get("class") == "footnote-ref":
                _count_on(link, "href", self.count)
                _count_on(link, "id", self.count)
            elif link.get("role") == "doc-backlink" and link.get("class") == "footnote-back":
                _count_on(link, "href", self.count)
        section = body[-1] if len(body) else None
        if section is None or section.get("role") != "doc-endnotes":
            return
        listed = section[-1]
        for note in listed:
            _count_on(note, "id", self.count)
        self.count += len(listed)
        self.join(body)
        if self.at_foot:
            footnotes.place(body, section)
            return
        body.remove(section)
        if self.section is None:
            self.section = section
        else:
            self.section[-1].extend(list(listed))


def _count_on(element: etree._Element, name: str, by: int) -> None:
    text = element.get(name, "")
    bare = text.rstrip("0123456789")
    if bare != text:
        element.set(name, f"{bare}{int(text[len(bare) :]) + by}")


def _line(markup: bytes) -> str:
    """As it begins in the template."""
    return f"\n{markup.decode()}"


def _end_line(body: etree._Element) -> None:
    tail = body[-1].tail or ""
    body[-1].tail = tail if tail.endswith("\n") else tail + "\n"


def count_code(body: etree._Element, by: int) -> None:
    """Continues the numbers of blocks of code, and of their lines."""
    for block in body.iter("div") if by else ():
        name = block.get("id", "")
        if block.get("class", "").startswith("sourceCode") and CODE_NAME.fullmatch(name):
            new = f"cb{int(name[2:]) + by}"
            block.set("id", new)
            for line in block.iter("span", "a"):
                for attribute in ("id", "href"):
                    if (text := line.get(attribute, "")).lstrip("#").startswith(f"{name}-"):
                        line.set(attribute, text.replace(name, new, 1))


@dataclass(slots=True)
class Writing:
    """The portions of a body during their way through pandoc; `fixed` yields each one."""

    portions: Sequence[Portion]
    options: Mapping[str, Any]
    engines: Engines
    measure: float | None
    notes: Notes = field(default_factory=Notes)
    toc: str = ""  # the whole body, if it was written at once
    turned: float = 0.0  # as in `tables.fit`

    def may_run_both_ways(self, lang: str) -> bool:
        """Whether a part of it may have the direction right to left."""
        return constructs.may_run_both_ways(lang, (portion.ast for portion in self.portions))

    def fixed(self) -> Iterator[etree._Element]:
        """Each portion in its own element, and the notes of all in a last one."""
        if len(self.portions) == 1:
            body = fixes.fix(self._whole(), self.measure, self.turned)
            self.notes.join(body)
            section = footnotes.section_of(body)
            if self.notes.at_foot and section is not None:
                footnotes.place(body, section)
            yield body
            return
        for portion, markup in zip(self.portions, self._written(), strict=True):
            body = fixes.fix(markup, self.measure, self.turned)
            self.notes.take(body)
            count_code(body, portion.code)
            if portion is not self.portions[-1] or self.notes.section is not None:
                _end_line(body)
            yield body
        if self.notes.section is not None:
            end = etree.Element("div")
            end.append(self.notes.section)
            yield end

    def _whole(self) -> str:
        """The whole body, with the table of contents."""
        answer = self.engines.pandoc.write(self.portions[0].ast, "html5", self.options, template=PARTS)
        self.toc, _, body = answer.decode().partition(SEPARATOR)
        return body

    def contents(self, blocks: Sequence[Block]) -> str:
        """The table of contents, for which pandoc needs only the headings; empty if it was not requested."""
        if len(self.portions) == 1 or not self.options["table_of_contents"]:
            return self.toc
        ast = pandoc_ast.dumps([block for block in blocks if block["t"] == "Header"])
        return self.engines.pandoc.write(ast, "html5", self.options, template=PARTS).decode().partition(SEPARATOR)[0]

    def _written(self) -> Iterator[str]:
        """The next portion is sent to pandoc while the caller handles this one."""
        waiting = self._begun(self.portions[0])
        for portion in self.portions[1:]:
            markup = waiting()
            waiting = self._begun(portion)
            yield _line(markup)
        yield _line(waiting())

    def _begun(self, portion: Portion) -> Any:
        options = {**self.options, "table_of_contents": False, "number_offset": [portion.chapters]}
        return self.engines.pandoc.writing(portion.ast, "html5", options)
