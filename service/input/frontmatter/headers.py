"""Metadata at the head of Markdown without a fence around it: Pelican, MultiMarkdown, reST fields, pandoc's title block, Notion.

Such lines look like prose, so each form has strict rules, and what does not keep all of them is text:

- `Title: …` lines (Pelican, MultiMarkdown) and `:title: …` fields begin in the first line and end at a blank line. The
  first two or more keys are known; one is the title, or three are fields. Below a title, up to half of them may be unknown.
- `% title`, `% authors`, `% date` (pandoc) begin in the first line; at most three, then a blank line.
- `title:: …` lines (Logseq) begin in the first line and end at a blank line.
- Comments of HTML that begin the text and hold such lines only (Wiki.js), the title among them.
- Joplin's properties are the last lines, from `id:` to `type_:`; the first line is the title.
- Notion's lines stand below the first heading. Each names a field, or one holds Notion's own date and the rest look alike.

A block with a key of a mail (`From:`, `To:`, `Subject:`) is a quoted mail.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from schemas.field_names import plain_name
from schemas.metadata import field_of
from service.input.frontmatter.scalars import typed

LINE = re.compile(r"(?P<key>[^\W\d_][^:：\n]{0,30}?)[ \t]?(?::[ \t\u00a0]+|：[ \t]*|:$)(?P<value>\S.*)?")
FIELD = re.compile(r":(?P<key>[^\W\d_][^:\n]{0,30}):(?:[ \t\u00a0]+(?P<value>\S.*)|[ \t]*)")
PROPERTY = re.compile(r"(?P<key>[A-Za-z][\w-]{0,40})::(?:[ \t]+(?P<value>\S.*)|[ \t]*)")
JOPLIN = re.compile(r"\n\n(?P<raw>id: [0-9a-f]{32}\n(?:[a-z_]{1,40}:[^\n]{0,4000}\n){3,60}?type_: \d{1,2})\n*\Z")
COMMENTS = re.compile(r"(?:<!--[^<>]{1,4000}-->[ \t]*\n){1,30}")
TITLE_BLOCK = re.compile(r"%[ \t]+(?P<value>\S.*)|%[ \t]*")
HEADING = re.compile(r"#[ \t]+\S.*")
NOTION_DATE = re.compile(r"(?:@)?[A-Z][a-z]+ \d{1,2}, \d{4}(?: \d{1,2}:\d\d [AP]M)?(?: \([A-Z]{2,5}\))?(?: → .*)?")
NOTION_WORDS = """created createdtime createdby lastedited lasteditedtime lasteditedby status tags type url date property
    category priority assign assignee due duedate topics author publisher link summary score reading readingstatus archived"""
NOTION_KEYS = frozenset(NOTION_WORDS.split())
NOTION_DATES = frozenset(("created", "createdtime", "createdat", "lastedited", "lasteditedtime", "lasteditedat", "datecreated"))
# Keys of Pelican, MultiMarkdown and static sites that no field of the record has.
SITE_WORDS = """slug status template layout saveas lang translation gallery image thumbnail ordering toc draft id css
    basedheaderlevel baseheaderlevel latexmode htmlheader htmlheaderlevel latexinput latexfooter latexheaderlevel quoteslanguage
    bibtex email affiliation phone web revision xhtmlheader mmdheader mmdfooter notetoself"""
SITE_KEYS = frozenset(SITE_WORDS.split())
MAIL_KEYS = frozenset(["from", "to", "cc", "bcc", "subject", "sent", "replyto", "messageid"])
LOGSEQ_MARKS = re.compile(r"#?\[\[|\]\]|(?:(?<=\s)|^)#(?=\w)")
MAX_LINES = 60
MIN_KNOWN = 2


@dataclass(frozen=True, slots=True)
class Header:
    """`data` of the lines `raw`, which begin at `line` of the text; `body` is the text without them, from `body_line` on."""

    data: Mapping[str, Any]
    raw: str
    body: str
    line: int = 1
    body_line: int = 1


def find(text: str) -> Header | None:
    """The unfenced metadata of a text, if it begins with such."""
    first = text.partition("\n")[0]
    if TITLE_BLOCK.fullmatch(first) and first.startswith("% "):
        return _title_block(text)
    if text.rstrip("\n")[-12:].rpartition("\n")[2].startswith("type_: "):
        return _joplin(text)
    if first.startswith("<!--"):
        return _in_comments(text)
    if HEADING.fullmatch(first):
        return _below_heading(text)
    if PROPERTY.fullmatch(first):
        return _at_top(text, PROPERTY)
    form = FIELD if first.startswith(":") else LINE
    return _at_top(text, form) if form.fullmatch(first) else None


def _at_top(text: str, form: re.Pattern[str]) -> Header | None:
    lines = text.split("\n", MAX_LINES + 1)
    entries = _entries(lines, 0, form)
    if entries is None:
        return None
    found, end = entries
    if form is PROPERTY:
        found = [(key, LOGSEQ_MARKS.sub("", value)) for key, value in found]
    elif not _is_header([key for key, _ in found]):
        return None
    raw = "".join(f"{line}\n" for line in lines[: end + 1]) if end < len(lines) else text
    return Header(_data(found), raw, text[len(raw) :], 1, raw.count("\n") + 1)


def _is_header(keys: list[str]) -> bool:
    names = [plain_name(key) for key in keys]
    if any(name in MAIL_KEYS for name in names):
        return False
    fields = [field_of(key) for key in keys]
    known = sum(1 for field, name in zip(fields, names, strict=True) if field or name in SITE_KEYS)
    least = len(keys) / 2 if fields[0] == "title" else len(keys)
    return known >= max(least, MIN_KNOWN) and ("title" in fields or len(set(fields) - {""}) > MIN_KNOWN)


def _entries(lines: list[str], start: int, form: re.Pattern[str]) -> tuple[list[tuple[str, str]], int] | None:
    """Keys and values from line `start` to the next blank line, and the number of that line; None if a line has no key."""
    found: list[tuple[str, str]] = []
    for number in range(start, len(lines)):
        line = lines[number].rstrip()
        if not line:
            return (found, number) if found else None
        if match := form.fullmatch(line):
            found.append((match["key"].strip(), match["value"] or ""))
        elif found and line[:1] in (" ", "\t"):
            key, value = found[-1]
            found[-1] = (key, f"{value}\n{line.strip()}".strip())
        else:
            return None
    return (found, len(lines)) if found and len(lines) <= MAX_LINES else None


def _data(found: list[tuple[str, str]]) -> dict[str, Any]:
    """Typed as YAML would; the lines of a list of authors or tags are its items."""
    out: dict[str, Any] = {}
    for key, text in found:
        parts = [part.removeprefix("- ").strip() for part in text.split("\n")]
        value = parts if len(parts) > 1 and field_of(key) in ("authors", "keywords", "categories") else typed(" ".join(parts))
        out[key] = value if key not in out else f"{out[key]} {value}"
    return out


def _title_block(text: str) -> Header | None:
    """pandoc's `% title`, `% authors` and `% date`, each with indented lines that go on."""
    lines = text.split("\n", MAX_LINES + 1)
    parts: list[str] = []
    for number, line in enumerate(lines):
        if match := TITLE_BLOCK.fullmatch(line):
            parts.append(match["value"] or "")
        elif line[:1] in (" ", "\t") and line.strip():
            parts[-1] += "\n" + line.strip()
        else:
            end = number
            break
    else:
        end = len(lines)
    if len(parts) > 3 or (end < len(lines) and lines[end].strip()):
        return None
    title, authors, date = (part.strip() for part in (*parts, "", "")[:3])
    names = [name for name in re.split(r"[;\n]", authors) if name.strip()]
    said = {"title": " ".join(title.split("\n")), "author": [name.strip() for name in names], "date": date}
    data = {key: value for key, value in said.items() if value}
    raw = "".join(f"{line}\n" for line in lines[: end + 1]) if end < len(lines) else text
    return Header(data, raw, text[len(raw) :], 1, raw.count("\n") + 1) if data else None


def _in_comments(text: str) -> Header | None:
    found = COMMENTS.match(text)
    text_within = found[0].replace("<!--", "\n").replace("-->", "\n") if found else ""
    lines = [bare for line in text_within.split("\n") if (bare := line.strip()) not in ("", "---")]
    entries = _entries([*lines, ""], 0, LINE)
    if found is None or entries is None or "title" not in [field_of(key) for key, _ in entries[0]]:
        return None
    return Header(_data(entries[0]), found[0], text[found.end() :], 1, found[0].count("\n") + 1)


def _joplin(text: str) -> Header | None:
    """The properties that Joplin writes below a note; the lines above them keep their numbers."""
    found = JOPLIN.search(text, max(0, text.rfind("\n\nid: ")))
    if found is None:
        return None
    entries = [line.partition(":") for line in found["raw"].split("\n")]
    data = {key: value.strip() for key, _, value in entries if value.strip() and key != "type_"}  # 1 is a note
    title, _, rest = text[: found.start()].partition("\n")
    if title.strip() and (not rest or rest.startswith("\n")):
        data, title = {"title": title.lstrip("# ").strip(), **data}, ""
    return Header(data, found["raw"], f"{title}\n{rest}\n", text.count("\n", 0, found.start("raw")) + 1, 1)


def _below_heading(text: str) -> Header | None:
    """Notion's properties: the lines go, blank lines in their place, the heading stays."""
    lines = text.split("\n", MAX_LINES + 1)
    start = next((number for number in range(1, len(lines)) if lines[number].strip()), len(lines))
    entries = _entries(lines, start, LINE) if start > 1 else None
    if entries is None:
        return None
    found, end = entries
    if not _is_notion(found):
        return None
    raw = "\n".join(lines[start:end])
    body = "\n".join([*lines[:start], *[""] * (end - start), *lines[end:]])
    return Header(_data(found), raw, body, start + 1, 1)


def _is_notion(found: list[tuple[str, str]]) -> bool:
    names = [plain_name(key) for key, _ in found]
    if any(name in MAIL_KEYS for name in names) or not all(value and "\n" not in value for _, value in found):
        return False
    dated = any(
        name in NOTION_DATES and NOTION_DATE.fullmatch(value.strip()) for name, (_, value) in zip(names, found, strict=True)
    )
    if dated:
        return all(key[:1].isupper() or not key.isascii() for key, _ in found)
    known = all(field_of(key) or plain_name(key) in NOTION_KEYS for key, _ in found)
    return known and len({field for key, _ in found if (field := field_of(key))}) >= MIN_KNOWN
