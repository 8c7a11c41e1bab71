"""Spellings of lines and words that no Markdown parser knows, changed before parsing: one row of SPELLINGS each.

Each searches the text with its code blanked; no line moves. A row has marks that a text needs for it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape

from service.ast.pandoc_ast import attr
from service.readers.markdown import (
    attributes,
    citations,
    containers,
    drawn_tables,
    kramdown,
    list_markers,
    page_breaks,
    pymdown,
    replacements,
    table_rules,
    tex,
)
from service.readers.markdown.changes import Text
from service.readers.markdown.reading import Block, Reading

LEAD = r"^[ \t>]*+"  # the allowed start of a line: indentation, marks of a quotation
END = r"[ \t]*$"
COMMENT = re.compile(
    r"^[ \t>]{0,20}\[(?:(?=\]:[ \t]*[#<])|//|/{3}|comments?|_|#|hidden|todo|note to self|_metadata_:\w+)\]:-?[ \t]*"
    r"(?:(?:#|<>|<|/)?[ \t]*(?:\((?>(?:[^()\n]|\n(?![ \t]*\n)|\([^()\n]*\))*)\)|\"[^\"]*+\"|'[^'\n]*+'|[^\n]*)|[^\n]*)$",
    re.M | re.I,
)
# Jinja, Nunjucks and Twig; Hugo; Handlebars.
TEMPLATE_COMMENT = re.compile(
    r"\{#[ \t\n][^#{}]*+#\}|\{\{-?[ \t]?/\*[^*{}]*+\*/[ \t]?-?\}\}|\{\{!--[^{}]*+\}\}|\{\{![^-{}][^{}\n]*+\}\}"
)
NOTE_LABEL = re.compile(r"\[\^(?P<label>[^\s\[\]^][^\[\]\n]{0,100})\](?P<colon>[ ]?：[ \t]*|[ ]{1,3}:[ \t]{1,8})?")
ATTRIBUTE_LINE = re.compile(rf"^(?P<lead>[ \t>]*+)\{{(?::[ \t]*|[ ]?(?=[.#]))(?P<inside>[^{{}}\n]{{0,500}})\}}{END}", re.M)
TARGET = re.compile(r"^(?P<lead>[ \t>]*+)\((?P<name>[A-Za-z][\w:.-]{0,100})\)=[ \t]*$", re.M)
HEADING = re.compile(r"^(?P<head>[ \t>]{0,20}#{1,6}[ \t][^\n{}]*)\{:[ \t]*(?P<inside>[^{}\n]{0,500})\}(?=[ \t#]*$)", re.M)
ATTRIBUTES_BEHIND = re.compile(r"(?P<end>[)`*_\]>])\{:[ \t]*(?P<inside>[^{}\n]{0,500})\}")
BLOCK_ID = re.compile(r"\^(?=[\w-]*[A-Za-z])[A-Za-z0-9-]{2,40}[ \t]*$", re.M)
ABBREVIATION = re.compile(r"^[ ]{0,3}\*\[(?P<term>[^\[\]\n]{1,100})\]:[ \t]*+(?P<text>[^\n]*)$", re.M)
BASE = r"[\u3400-\u9fff\uf900-\ufaff々〆ヶ]{1,20}"
READING = r"[\u3040-\u30ff\u3100-\u312fA-Za-zÀ-ʯ\u0300-\u036f |・]{1,60}"
RUBY = re.compile(rf"\{{(?P<base>{BASE})\|(?P<text>{READING})\}}")
SIZE = re.compile(r"(?P<target>\]\([^\s()<>]{1,2000})[ \t]+=(?P<width>\d{0,5}%?)x?(?P<height>\d{0,5}%?)\)")
SPACED_TITLE = re.compile(
    r"(?P<target>\]\([^\s()<>]{1,2000}[ \t]+\"[^\"\n]*\")[ \t]+=(?P<width>\d{0,5}%?)x(?P<height>\d{0,5}%?)\)"
)
WIKILINK = re.compile(r"(?P<head>\[\[[^\[\]|\n]{1,300}\|[^\[\]|\n]{1,300})\|(?P<rest>[^\[\]|\n]{0,300})\]\]")
CRITIC = re.compile(
    r"\{(?:\+\+(?P<ins>[^+{}\n]{1,1000})\+\+|--(?P<del>[^-{}\n](?:[^-{}\n]|-(?!-)){0,1000})--|==(?P<mark>[^={}\n]{1,1000})=="
    r"|~~(?P<old>[^~{}\n]{0,1000})~>(?P<new>[^~{}\n]{0,1000})~~|>>(?P<comment>[^<{}]{0,1000})<<)\}"
)
SPAN = re.compile(r"(?<![\]!\\])\[(?P<text>[^\[\]\n]{1,500})\]\{(?P<inside>[.#][^{}\n]{0,300})\}")
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
BLOCK_MARK = rf"(?:#{{1,6}}|[-*+]|\d{{1,9}}[.)]|>)(?=[ \u00a0{INVISIBLE}])"
HIDDEN_LEAD = re.compile(rf"^(?P<lead>[ \t]*+[\u00a0{INVISIBLE}][ \t\u00a0{INVISIBLE}]*+)(?={BLOCK_MARK})", re.M)
# Punctuation may begin a fence, a container, a comment, a table or a formula.
HIDDEN_START = re.compile(rf"^[ \t]*+[{INVISIBLE}]++(?=[!-/:-@\[-`{{-~])", re.M)
HARD_BLANK = re.compile(r"^(?P<lead>[ \t]*+(?:#{1,6}|[-*+]|\d{1,9}[.)]))[\u00a0](?=\S)", re.M)
ASCIIDOC = re.compile(
    r"^\[(?P<kind>NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]\n={4,10}[ \t]*\n(?P<body>(?:(?!={4})[^\n]*\n){1,200}?)={4,10}[ \t]*$",
    re.M,
)


def comments(text: Text) -> None:
    """`[//]: # (…)`, `[comment]: <> (…)`, `{# … #}`."""

    def gone(kind: str, found: re.Match[str]) -> str:
        text.note("comment-removed", kind, found)
        return ""

    text.replaced(COMMENT, partial(gone, "definition"), "]:")
    text.replaced(TEMPLATE_COMMENT, partial(gone, "template"))


def note_labels(text: Text) -> None:
    """`[^1]：` with a full-width colon defines a note; `[^two words]` is the label of one where it is defined."""
    labels = Counter(found["label"] for found in NOTE_LABEL.finditer(text.bare))
    defined = {
        found["label"] for found in NOTE_LABEL.finditer(text.bare) if found["colon"] or found.string[found.end() :][:1] == ":"
    }
    called: set[str] = set()

    def label(found: re.Match[str]) -> str | None:
        lead = found.string[found.string.rfind("\n", 0, found.start()) + 1 : found.start()]
        colon = (found["colon"] or "") if lead.strip(" >") else ": " * bool(found["colon"])
        if not lead and found["label"] in called - defined and found.string.startswith(" ", found.end()):
            colon = ":"  # `[^1] A source`, below the text that calls it
            defined.add(found["label"])
        called.add(found["label"])
        return f"[^{'_'.join(found['label'].split())}]{colon}" if labels[found["label"]] > 1 else None

    text.replaced(NOTE_LABEL, label)


def asciidoc_blocks(text: Text) -> None:
    """AsciiDoc's `[NOTE]`, `====`, text, `====` is read as a container."""

    def container(found: re.Match[str]) -> str:
        return f"::: {found['kind'].lower()}\n\n{text.text[found.start('body') : found.end('body')]}:::"

    text.replaced(ASCIIDOC, container)


def attribute_lines(text: Text) -> None:
    """kramdown's `{: #id .class}` on a line of its own, which belongs to the block above or below."""

    def mark(found: re.Match[str]) -> str:
        given = attributes.parsed(found["inside"]) or attr()
        return found["lead"] + text.masks.stand_in(partial(_attributes, given), found[0].strip())

    text.replaced(ATTRIBUTE_LINE, mark, "{")


def _attributes(given: list[Sequence[str]], _: Reading) -> list[Block]:
    return [{"t": "Attributes", "c": given}]


def targets(text: Text) -> None:
    """MyST's `(name)=` above a block."""
    text.replaced(TARGET, lambda found: f'{found["lead"]}<a id="{escape(found["name"])}"></a>', ")=")


def attributes_behind(text: Text) -> None:
    """kramdown's `{: width="300"}` behind a picture, a link or code is read as `{width="300"}`; behind emphasis it is removed."""

    def plain(found: re.Match[str]) -> str:
        return f"{found['end']}{{{found['inside'].strip()}}}" if found["end"] in ")`" else found["end"]

    text.replaced(ATTRIBUTES_BEHIND, plain)
    text.replaced(HEADING, lambda found: f"{found['head']}{{{found['inside'].strip()}}}", "{:")


def block_ids(text: Text) -> None:
    """Obsidian's `^abc123` at the end of a block, or on a line of its own."""

    def gone(found: re.Match[str]) -> str | None:
        lead = found.string[found.string.rfind("\n", 0, found.start()) + 1 : found.start()]
        words = lead.rstrip(" \t")
        return "" if not lead.strip(" \t>") or (words != lead and words[-1] not in "|>") else None

    text.replaced(BLOCK_ID, gone)


def abbreviations(text: Text) -> None:
    def defined(found: re.Match[str]) -> str:
        text.abbreviations[found["term"].strip()] = found["text"].strip()
        return ""

    text.replaced(ABBREVIATION, defined, "*[")


def ruby(text: Text) -> None:
    """`{漢字|かんじ}`, and `{漢字|かん|じ}` with a reading for each character."""

    def made(found: re.Match[str]) -> str:
        base, parts = found["base"], found["text"].split("|")
        pairs = zip(base, parts, strict=True) if len(parts) == len(base) > 1 else [(base, "".join(parts))]
        return "<ruby>" + "".join(f"{one}<rt>{escape(said.strip())}</rt>" for one, said in pairs) + "</ruby>"

    text.replaced(RUBY, made)


def sizes(text: Text) -> None:
    """`![plan](plan.png =300x200)`."""

    def sized(found: re.Match[str]) -> str | None:
        if not (found["width"] or found["height"]):
            return None
        pairs = " ".join(f"{key}={found[key]}" for key in ("width", "height") if found[key])
        return f"{found['target']}){{{pairs}}}"

    text.replaced(SIZE, sized, "](")
    text.replaced(SPACED_TITLE, sized, "](")


def wikilinks(text: Text) -> None:
    """`![[plan.png|The plan|300]]`: the second bar belongs to the words."""
    text.replaced(WIKILINK, lambda found: f"{found['head']}{text.masks.of('|')}{found['rest']}]]")


def critic_marks(text: Text) -> None:
    """CriticMarkup: `{++added++}`, `{--left out--}`, `{~~old~>new~~}`, `{==marked==}`, `{>>a comment<<}`."""

    def shown(found: re.Match[str]) -> str:
        if found["comment"] is not None:
            text.note("comment-removed", "CriticMarkup", found)
            return ""
        if found["old"] is not None:
            return f"<del>{found['old']}</del><ins>{found['new']}</ins>"
        tag, inside = next((tag, found[tag]) for tag in ("ins", "del", "mark") if found[tag])
        return f"<{tag}>{inside}</{tag}>"

    text.replaced(CRITIC, shown)


def spans(text: Text) -> None:
    """pandoc's `[words]{.smallcaps}`."""

    def made(found: re.Match[str]) -> str | None:
        given = attributes.parsed(found["inside"])
        line = found.string.rfind("\n", 0, found.start()) + 1
        if given is None or found.string[line : found.start()].lstrip(" \t>").startswith(":::"):
            return None
        classes = " ".join(given[1])
        names = [f'id="{escape(given[0])}"' if given[0] else "", f'class="{escape(classes)}"' if classes else ""]
        return f"<span {' '.join(filter(None, names))}>{found['text']}</span>"

    text.replaced(SPAN, made)


def invisible(text: Text) -> None:
    """Characters of no width, and hard blanks, before and behind the mark of a block, such as a heading, an item or a fence."""
    blanks = str.maketrans({"\u00a0": " ", **dict.fromkeys(INVISIBLE, "")})
    for mark in {*INVISIBLE, "\u00a0"}.intersection(text.bare):
        text.replaced(HIDDEN_LEAD, lambda found: found["lead"].translate(blanks), mark)
        text.replaced(HIDDEN_START, lambda found: found[0].translate(blanks), mark)
    text.replaced(HARD_BLANK, lambda found: f"{found['lead']} ", "\u00a0")


@dataclass(frozen=True, slots=True)
class Spelling:
    """`marks`: one of them is in every text, in lower case, that has it."""

    name: str
    change: Callable[[Text], None]
    marks: Sequence[str]


SPELLINGS: Sequence[Spelling] = (
    Spelling("invisible", invisible, ("\u00a0", *INVISIBLE)),
    Spelling("comments", comments, ("]:", "{#", "{{")),
    Spelling("note-labels", note_labels, ("[^",)),
    Spelling("asciidoc-blocks", asciidoc_blocks, ("]\n====",)),
    *(Spelling(name, partial(replacements.changed, rows), sorted({row.mark for row in rows}))
      for name, rows in replacements.TABLE.items()),
    Spelling("quotes", containers.quotes, (">>>\n",)),
    Spelling("diagrams", containers.diagrams, (":::mermaid", "::: mermaid")),
    Spelling("page-break", page_breaks.changed, page_breaks.MARKS),
    Spelling("kramdown", kramdown.extensions, ("{:",)),
    Spelling("pymdown-blocks", pymdown.blocks, ("///",)),
    Spelling("targets", targets, (")=",)),
    Spelling("attribute-lines", attribute_lines, ("{:", "{.", "{#", "{ .", "{ #")),
    Spelling("attributes", attributes_behind, ("{:",)),
    Spelling("block-ids", block_ids, (" ^", "\n^")),
    Spelling("abbreviations", abbreviations, ("*[",)),
    Spelling("ruby", ruby, ("{",)),
    Spelling("sizes", sizes, (" =",)),
    Spelling("spans", spans, ("]{",)),
    Spelling("citations", citations.changed, ("@",)),
    Spelling("wikilinks", wikilinks, ("[[",)),
    Spelling("critic-marks", critic_marks, ("{++", "{--", "{==", "{~~", "{>>")),
    Spelling("table-rules", table_rules.repaired, table_rules.MARKS),
    Spelling("drawn-tables", drawn_tables.changed, ("+-", "+=", "-- ")),
    Spelling("tex", tex.changed, ("\\",)),
    Spelling("list-markers", list_markers.numbered, (") ", ". ")),
)  # fmt: skip

# Single characters of which one is in the text, and longer marks with their characters.
NEEDED = [
    (
        one,
        frozenset(mark for mark in one.marks if len(mark) == 1),
        [(mark, frozenset(mark)) for mark in one.marks if len(mark) > 1],
    )
    for one in SPELLINGS
]


def present(text: Text, names: Collection[str]) -> list[Spelling]:
    """The spellings of these names that the text may have: most are ruled out by a letter that the text does not have."""
    letters, small = text.letters, text.small
    found: list[Spelling] = []
    for one, single, marks in NEEDED:
        if one.name not in names:
            continue
        if not letters.isdisjoint(single) or any(letters >= needed and mark in small for mark, needed in marks):
            found.append(one)
    return found
