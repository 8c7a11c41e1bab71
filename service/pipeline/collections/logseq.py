"""Logseq: the pages of a graph by their names, then the journals by their days. Blocks are lines of lists that others refer to.

docs.logseq.com: "Block reference", "Built-in properties", "Pages" (`a___b.md` is the page `a/b`). A reference `((identifier))`
becomes the words of the block, with a link to its page; `{{embed ((identifier))}}` becomes the block with what is below it.
"""

from __future__ import annotations

import functools
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from service.model.notices import notice
from service.pipeline.collections.base import Changed, Collection, Files, chosen, decoded, in_folder, in_order, joined
from service.pipeline.collections.substitutions import outside_code

UUID = r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
HIDDEN = re.compile(r":hidden[ \t\n]*\[(?P<names>[^\[\]]{0,5000})\]")
QUOTED = re.compile(r'"/?([^"\n]{1,300})"')
DAY = re.compile(r"\A(\d{4})[_-](\d{2})[_-](\d{2})\Z")
BLOCK = re.compile(r"^(?P<lead>[ \t]*)[-*][ \t](?P<words>[^\n]*)$")
IDENTIFIER = re.compile(rf"^[ \t]*id::[ \t]*(?P<uuid>{UUID})[ \t]*$")
# Properties that the program keeps for itself; others are text that the author wrote.
OWN_PROPERTY = re.compile(
    r"^[ \t]*(?:[-*][ \t]+)?(?:id|collapsed|heading|background-color|template|template-including-parent|created[-_]at"
    r"|updated[-_]at|last-modified-at|query-[\w-]+|card-[\w-]+|hl-[\w-]+|ls-type|logseq\.[\w.-]+|filters|icon)::(?:[ \t][^\n]*)?$"
)
EMBED = re.compile(rf"\{{\{{embed[ \t]+(?:\(\((?P<uuid>{UUID})\)\)|(?P<page>\[\[[^\[\]\n]{{1,200}}\]\]))[ \t]*\}}\}}")
REFERENCE = re.compile(rf"\[(?P<text>[^\[\]\n]{{1,300}}+)\]\(\(\((?P<labelled>{UUID})\)\)\)|\(\((?P<uuid>{UUID})\)\)")
MACRO = re.compile(
    r"\{\{(?P<name>youtube|video|tweet|twitter|bilibili|vimeo|cloze|youtube-timestamp)[ \t]+(?P<value>[^{}\n]{1,300})\}\}"
)
ORG = re.compile(r"(?P<lead>[ \t]*+(?:[-*][ \t]++)?)#\+BEGIN_(?P<kind>\w++)[ \t]*+(?P<info>[\w+#-]*+)", re.I)
ORG_END = re.compile(r"#\+END_\w", re.I)
CODE, CALLOUTS = frozenset({"SRC", "EXAMPLE"}), frozenset({"NOTE", "TIP", "IMPORTANT", "CAUTION", "WARNING"})
DRAWER, DRAWER_END = ":LOGBOOK:", ":END:"
MARKS = (b"((", b"::", b"{{", b"#+BEGIN_", b"#+begin_", b":LOGBOOK:")


@dataclass(frozen=True, slots=True)
class Block:
    """A line that others refer to: where it is, its words, and the lines below it, as they are indented there."""

    page: str
    words: str
    below: tuple[str, ...] = ()


def collection(files: Files) -> Collection | None:
    config = next((name for name in files.data if name.endswith("logseq/config.edn")), "")
    folder = posixpath.dirname(posixpath.dirname(config))
    if not config:
        return None
    hidden = HIDDEN.search(files.text(config))
    names = [joined(folder, each) for each in QUOTED.findall(hidden["names"])] if hidden else []
    inside = [name for name in in_folder(files.articles, folder) if _is_shown(name, folder, names)]
    journals = [name for name in inside if name.startswith(joined(folder, "journals") + "/")]
    pages = in_order(name for name in inside if name not in frozenset(journals))
    titles = {name: _called(name) for name in inside}
    aliases = {name: [titles[name], *_aliases(files.front_matter(name))] for name in inside}
    about = {"title": posixpath.basename(folder)} if folder else {}
    site: dict[str, Any] = {"about": about, "media": (folder,), "media_by_name": True, "content": folder, "root": folder}
    return chosen("logseq", [*pages, *sorted(journals)], files, titles=titles, aliases=aliases, **site)


def _is_shown(name: str, folder: str, hidden: list[str]) -> bool:
    inside = name.removeprefix(f"{folder}/") if folder else name
    is_hidden = any(name == each or name.startswith(f"{each}/") for each in hidden)
    return inside.partition("/")[0] in {"pages", "journals"} and not is_hidden


def _called(name: str) -> str:
    """`a/b` for the file `a___b.md` or `a%2Fb.md`, and the day of a journal."""
    stem = posixpath.splitext(posixpath.basename(name))[0]
    day = DAY.match(stem)
    return "-".join(day.groups()) if day else unquote(stem.replace("___", "/"))


def _aliases(front: Mapping[str, Any]) -> list[str]:
    given = front.get("alias", front.get("aliases", ""))
    found = given if isinstance(given, list) else str(given).split(",")
    return [each.strip().strip("[]") for each in map(str, found) if each.strip()]


def placed(files: Mapping[str, bytes], collection: Collection) -> Changed:
    """The pages with the words of the blocks that they refer to, and without what the program keeps for itself."""
    if collection.kind != "logseq":
        return Changed()
    texts = {name: decoded(files[name]) for name in collection.names if any(mark in files[name] for mark in MARKS)}
    blocks = {uuid: block for name, text in texts.items() for uuid, block in _blocks(name, text)}
    found: dict[str, bytes] = {}
    removed = list[str]()
    for name, text in texts.items():
        change = functools.partial(_changed, page=name, blocks=blocks, removed=removed)
        if (changed := outside_code(_without_org(text, removed), change)) != text:
            found[name] = changed.encode()
    if not removed:
        return Changed(found)
    message = f"{len(removed)} properties, queries and references of Logseq that have no text were left out"
    data = {"kind": "logseq", "count": len(removed), "removed": removed[:50]}
    return Changed(found, (notice("site-code-removed", message, stage="combine", data=data),))


def _blocks(page: str, text: str) -> Iterator[tuple[str, Block]]:
    """Each block that has an identifier: the line of a list above the identifier, and the lines that are indented more."""
    lines = text.split("\n")
    above = -1
    for number, line in enumerate(lines):
        if BLOCK.match(line):
            above = number
        elif above >= 0 and (match := IDENTIFIER.match(line)):
            yield match["uuid"].lower(), _block(page, lines, above)


def _block(page: str, lines: list[str], number: int) -> Block:
    head = BLOCK.match(lines[number])
    assert head
    width = len(head["lead"])
    below: list[str] = []
    for line in lines[number + 1 :]:
        if line.strip() and len(line) - len(line.lstrip()) <= width:
            break
        if not OWN_PROPERTY.match(line):
            below.append(line[width:])
    return Block(page, head["words"].strip(), tuple(below))


def _changed(text: str, page: str, blocks: Mapping[str, Block], removed: list[str]) -> str:
    def gone(found: re.Match[str]) -> str:
        removed.append(found[0].strip()[:100])
        return ""

    text = EMBED.sub(lambda found: _embedded(found, blocks) or gone(found), text)
    text = REFERENCE.sub(lambda found: _reference(found, page, blocks) or found["text"] or gone(found), text)
    text = MACRO.sub(_macro, text)
    lines = text.split("\n")
    kept = [line for line in lines if not OWN_PROPERTY.match(line)]
    removed += [line.strip()[:100] for line in lines if OWN_PROPERTY.match(line)]
    return "\n".join(kept)


def _without_org(text: str, removed: list[str]) -> str:
    """Blocks of Org in Markdown, which Logseq reads as well, as fences, callouts and quotations; queries and logs go."""
    lines, out, at = text.split("\n"), list[str](), 0
    while at < len(lines):
        block, is_log = ORG.match(lines[at]), lines[at].strip() == DRAWER
        end = _end(lines, at + 1, is_log=is_log) if block or is_log else 0
        if not end:
            out.append(lines[at])
        elif is_log or (block and block["kind"].upper() == "QUERY"):
            removed.append(" ".join(lines[at : end + 1])[:100])
        elif block:
            out += _org_block(block, lines[at + 1 : end])
        at = max(at, end) + 1
    return "\n".join(out)


def _end(lines: list[str], first: int, *, is_log: bool) -> int:
    """The number of the line that ends the block; 0 where it has no end."""
    stripped = ((number, lines[number].strip()) for number in range(first, len(lines)))
    return next((number for number, line in stripped if (line == DRAWER_END if is_log else ORG_END.match(line))), 0)


def _org_block(head: re.Match[str], body: list[str]) -> list[str]:
    kind, lead = head["kind"].upper(), head["lead"]
    indent = " " * len(lead.expandtabs())
    if kind in CODE:
        return [f"{lead}```{head['info']}", *(indent + line.removeprefix(indent) for line in body), f"{indent}```"]
    first = [f"> [!{kind.lower()}]"] if kind in CALLOUTS else []
    quoted = [*first, *(f"> {line.strip()}" for line in body)] or [">"]
    return [lead + quoted[0], *(indent + line for line in quoted[1:])]


def _embedded(found: re.Match[str], blocks: Mapping[str, Block]) -> str:
    if found["page"]:
        return f"!{found['page']}"
    block = blocks.get(found["uuid"].lower())
    if block is None:
        return ""
    before = found.string[found.string.rfind("\n", 0, found.start()) + 1 : found.start()]
    lead = before[: len(before) - len(before.lstrip())]
    return "\n".join([block.words, *(lead + line for line in block.below if not EMBED.search(line))]).rstrip()


def _reference(found: re.Match[str], page: str, blocks: Mapping[str, Block]) -> str:
    block = blocks.get((found["uuid"] or found["labelled"]).lower())
    if block is None:
        return ""
    words = found["text"] or REFERENCE.sub("", EMBED.sub("", block.words)).replace("[", "").replace("]", "").strip()
    path = posixpath.relpath(block.page, posixpath.dirname(page) or ".")
    return f"[{words}](<{path}>)" if block.page != page else words


def _macro(found: re.Match[str]) -> str:
    name, value = found["name"], found["value"].strip()
    if name == "cloze":
        return value.partition("\\\\")[0].strip()
    if name == "youtube-timestamp":
        seconds = int(value) if value.isdecimal() else 0
        return f"{seconds // 60}:{seconds % 60:02}" if seconds else value
    return f"<{value}>" if value.startswith(("http://", "https://")) else value
