"""MDX: imports, exports, `{/* comments */}` and components (`<Tabs>`, `<Note type="tip">`) in a text of Markdown.

Capital letters are not enough for a component (`Host: <IP>`): the text must be MDX by its imports, by its name, or by a known
component with an end tag.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from html import escape

from service.ast.html.elements import KNOWN
from service.readers.markdown.site_code.tags import LONGEST, Form, Tag, address, spans

IMPORT = re.compile(r"import[ \t]+(?=[\w*{$'\"])")
COMMENT_ENDS = ("-->", "*/}")
STATEMENTS = ("import ", "export ")
QUOTED = re.compile(r"'[^'\n]*+'|\"[^\"\n]*+\"")
LONGEST_IMPORT = 1_500
EXPORT = re.compile(
    r"export[ \t]+(?:(?:const|let|var)[ \t]+[\w${\[][^=\n]{0,200}=|(?:async[ \t]+)?function\b"
    r"|default\b[ \t]*+(?:function|class|\(|\{|[\w$]++;?[ \t]*+$)|\{[^{}]*+\}|\*[ \t]+from)",
    re.M,
)
NAME = re.compile(r"<(?P<closes>/)?(?P<name>[A-Za-z][\w.-]*+)(?=[\s/>{])")
ENDED = re.compile(r"</([A-Za-z][\w.-]*)>")
GIVEN = re.compile(r"<([A-Za-z][\w.-]*)[ \t\n]")
MARK = re.compile(r"[\"'`{}<>]")
BRACKET = re.compile(r"[(\[{}\])]|\"(?>(?:[^\"\\\n]|\\.)*)\"?|'(?>(?:[^'\\\n]|\\.)*)'?")
JAVASCRIPT = re.compile(r"\s[\w:.-]{1,60}=\{[^{}]*+(?>(?:\{[^{}]*+\}[^{}]*+)*)\}|\s\{[^{}]*+\}")
IMPORTED = re.compile(r"import[ \t]+(?P<name>[\w$]+)[ \t]+from[ \t]+[\"'](?P<file>[^\"'\n]+)[\"']")
SOURCE = re.compile(r"\s(?P<name>src|href|alt|title)=\{(?P<code>[^{}]{1,500})\}")
LONGEST_EXPORT = 20_000


def statements(text: str) -> Iterator[tuple[int, int, str]]:
    """Imports and exports that begin a line after a blank line, a comment or another of them: start, end and kind."""
    if not text.startswith(STATEMENTS) and not any(f"\n{one}" in text for one in STATEMENTS):
        return
    place, behind = 0, True
    while place < len(text):
        end = text.find("\n", place)
        end = len(text) if end < 0 else end
        kind = text[place : place + 7]
        if behind and kind in STATEMENTS and (stop := _statement_end(text, place, kind)):
            yield place, stop, kind.strip()
            end = text.find("\n", stop)
            end = len(text) if end < 0 else end
        else:
            line = text[place:end].strip()
            behind = not line or line.endswith(COMMENT_ENDS)
        place = end + 1


def _statement_end(text: str, place: int, kind: str) -> int:
    if kind == "import ":
        return _import_end(text, place)
    if not (found := EXPORT.match(text, place)):
        return 0
    depth = 0
    last = found.start()
    for mark in BRACKET.finditer(text, place, place + LONGEST_EXPORT):
        if depth == 0 and mark.start() >= found.end() and "\n" in text[last : mark.start()]:
            break
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(mark[0], 0)
        last = mark.end()
    end = text.find("\n", max(last, found.end()))
    return len(text) if end < 0 else end


def _import_end(text: str, place: int) -> int:
    """Behind `import … from "…";`; 0 for other text that begins with the word."""
    found = IMPORT.match(text, place)
    quoted = QUOTED.search(text, place, place + LONGEST_IMPORT) if found else None
    if found is None or quoted is None:
        return 0
    names = text[found.end() : quoted.start()].rstrip()
    end = text.find("\n", quoted.end())
    end = len(text) if end < 0 else end
    is_whole = text[quoted.end() : end].strip() in {"", ";"} and "\n\n" not in names
    return end if is_whole and (not names or names.endswith((" from", "}from", "\nfrom"))) else 0


def comments(text: str) -> Iterator[tuple[int, int]]:
    """`{/* … */}`; one more brace around it is Hugo's comment (`spellings`)."""
    return ((start, stop) for start, stop in spans(text, "{/*", "*/}", 100_000) if text[start - 1 : start] != "{")


def found(text: str, known: Collection[str], is_mdx: bool) -> Iterator[Tag]:
    """The tags of components: of all in MDX, else of the known ones."""
    place = 0
    unknown = _unknown_names(text)
    while match := NAME.search(text, place):
        place = match.end()
        name = match["name"]
        own = name[0].isupper() and (is_mdx or (not name.isupper() and name.lower() in known))
        if not own and name not in unknown:
            continue
        stop, empty = _tag_end(text, match.end())
        if stop:
            form: Form = "close" if match["closes"] else "empty" if empty else "open"
            rest = text[match.end() : stop - 1].strip()
            yield Tag(match.start(), stop, "component", form, name.lower(), rest.removesuffix("/") if empty else rest)
            place = stop


def _unknown_names(text: str) -> set[str]:
    """Names that HTML, SVG and placeholders do not have, `TextTip`, of tags with attributes and an end."""
    names = set(ENDED.findall(text)).intersection(GIVEN.findall(text)) if "</" in text else set[str]()
    lower_first = "<svg" not in text
    return {
        one for one in names
        if not (one.islower() or one.isupper() or one.lower() in KNOWN) and (lower_first or one[0].isupper())
    }  # fmt: skip


def imported(statement: str) -> tuple[str, str] | None:
    """The name and the file of `import picture from "./a.png"`; None for other imports."""
    found = IMPORTED.match(statement)
    return (found["name"], found["file"]) if found else None


def html_tags(text: str, names: Mapping[str, str]) -> Iterator[tuple[int, int, str]]:
    """HTML tags whose attributes have JavaScript, `<div className="a" style={{color}}>`: start, end and the tag as HTML."""
    place = 0
    while match := NAME.search(text, place):
        place = match.end()
        stop, _ = _tag_end(text, place) if match["name"][0].islower() else (0, False)
        attributes = text[place : stop - 1] if stop else ""
        if "{" in attributes:
            given = SOURCE.sub(lambda found: f' {found["name"]}="{escape(address(found["code"], names))}"', attributes)
            plain = JAVASCRIPT.sub("", given).replace("className=", "class=")
            yield match.start(), stop, f"{match[0]}{plain}>"
            place = stop


def _tag_end(text: str, place: int) -> tuple[int, bool]:
    """The end of the tag whose name ends at `place`, and whether it is empty; (0, False) if it is not a tag."""
    depth, quote = 0, ""
    for mark in MARK.finditer(text, place, place + LONGEST):
        one = mark[0]
        if quote:
            quote = "" if one == quote else quote
        elif one in "\"'`":
            quote = one
        elif one in "{}":
            depth += 1 if one == "{" else -1
        elif depth <= 0:
            return (mark.end(), text[mark.start() - 1] == "/") if one == ">" else (0, False)
    return 0, False


def expressions(text: str) -> Iterator[tuple[int, int]]:
    """Blocks of JavaScript in braces, `{items.map(…)}`, each from the start of a line to the end of a line."""
    place = 0
    while (place := text.find("{", place)) >= 0:
        begins = text.rfind("\n", 0, place) + 1
        if text[begins:place].strip() or text[place : place + 2] in {"{{", "{%", "{:", "{#", "{.", "{/"}:
            place += 1
            continue
        depth, stop = 0, 0
        for mark in BRACKET.finditer(text, place, place + LONGEST):
            depth += {"{": 1, "}": -1}.get(mark[0], 0)
            if depth == 0:
                stop = mark.end()
                break
        if stop and not text[stop : (text.find("\n", stop) + 1 or len(text))].strip():
            yield place, stop
        place = max(stop, place + 1)
