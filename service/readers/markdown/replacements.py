"""Spellings with one pattern and one replacement: one row each. Removed parts have a notice.

The sites and programs are GitLab, Azure DevOps, Discord, Reddit, Slack, Logseq, Roam, Bear, VitePress, mdBook, bookdown
and assistants. `spellings` has the spellings that need more than a row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from html import escape

from service.ast.pandoc_ast import attr
from service.readers.markdown import attributes, formulas
from service.readers.markdown.changes import Text

New = Callable[[Text, "re.Match[str]"], "str | None"]
LEAD, END = r"^(?P<lead>[ \t>]*+)", r"[ \t]*$"
UNSEEN, INCLUDED = "site-code-removed", "include-ignored"
WORD = re.compile(r"[^\W\d_]{3}")
SPOILER = r'<span class="spoiler">\g<text></span>'
RUBY = r"<ruby>\g<base><rt>\g<text></rt></ruby>"
READINGS = re.compile(r"(?P<base>[\u3400-\u9fff々]{1,10})《(?P<text>[\u3040-\u30ff]{1,30})》")
TIGHT_HEADING = re.compile(r"^(?P<marks>#{1,6})(?P<text>[^\s#!\d][^\n]*)$", re.M)
MORE_TIGHT = re.compile(r"^##[^\s#!\d]", re.M)
# Marks of items from Word, Google Docs and chats. Those that other texts use too (`○○大学`, `●●○`) need a blank.
BULLETS = "•‣▪◦▫⁃●○■□◆◇►▸➢➤❖·∙\uf0b7\uf0a7"
BULLET = re.compile(
    rf"^(?P<lead>[ \t>]{{0,12}})(?:[•‣▪◦▫⁃\uf0b7\uf0a7][ \t\u00a0\u3000]*|[{BULLETS}][ \t\u00a0]+|[o§]\t[ \t]*)(?=\S)", re.M
)
MYST = re.compile(r"^(?:`{3,}|:{3,})\{[a-z]|^\([\w:.-]+\)=|\{[a-z:]+\}`", re.M)
UNDERLINE = re.compile(r"\n[ \t>]*(?:=+|-+)[ \t]*(?:\n|\Z)")
KEYS = (
    "(?:ctrl|control|alt|option|shift|cmd|command|win|windows|meta|super|fn|enter|return|esc|escape|tab|space|del|delete|ins|insert"
    "|backspace|home|end|page-?up|page-?down|up|down|left|right|arrow-(?:up|down|left|right)|caps-lock|print-screen|f[1-9][0-2]?)"
)
FORUM_TAGS = ("poll", "wrap", "color", "size", "font", "center")
NEAR = 2_000  # characters of the line before and behind a spoiler that are checked
DEFINED = re.compile(r"^\[(\d{1,3})\]: ", re.M)
REFERENCES = re.compile(r"\[(\d{1,3})\]")


@dataclass(frozen=True, slots=True)
class Row:
    """`mark` is in every text that has the pattern, in lower case. `new` is a template of `re.Match.expand`, or returns
    the text; None keeps the source text. `gone`: code and kind of the notice."""

    mark: str
    pattern: re.Pattern[str]
    new: str | New = ""
    gone: tuple[str, str] | None = None
    tall: bool = False  # the pattern matches more than a line, or depends on other lines


def row(mark: str, pattern: str, new: str | New = "", gone: tuple[str, str] | None = None, *, tall: bool = False) -> Row:
    letters = re.I if any(map(str.isalpha, mark)) else re.NOFLAG  # ignoring the case takes time
    return Row(mark, re.compile(pattern, re.M | letters), new, gone, tall)


def _spoiler(_: Text, found: re.Match[str]) -> str | None:
    """`||a norm||` of mathematics has no words; a row of a table also has single bars."""
    text, start, stop = found.string, found.start(), found.end()
    line = text[max(0, start - NEAR) : start].rpartition("\n")[2] + text[start : stop + NEAR].partition("\n")[0]
    return found.expand(SPOILER) if WORD.search(found["text"]) and "|" not in line.replace("||", "") else None


def _reading(text: Text, found: re.Match[str]) -> str | None:
    """`青空《あおぞら》` of Aozora Bunko's texts, which have many; a single one may be the title of a book."""
    return found.expand(RUBY) if text.once(_has_many_readings) else None


def _has_many_readings(text: Text) -> bool:
    return "｜" in text.bare or len(READINGS.findall(text.bare)) > 2


def _has_tight(text: Text) -> bool:
    return bool(MORE_TIGHT.search(text.bare))


def _has_myst(text: Text) -> bool:
    return bool(MYST.search(text.text))


def _attributes(text: Text, found: re.Match[str]) -> str | None:
    """`A paragraph {#id .class}` of markdown-it; the braces behind a heading, a container and a caption are read elsewhere."""
    line = found.string[found.string.rfind("\n", 0, found.start()) + 1 : found.start()].lstrip(" \t>")
    if line.startswith(("#", ":", "|", "Table:", "$$")) or UNDERLINE.match(found.string, found.end()):
        return None
    text.note(UNSEEN, "attributes of a paragraph", found)
    given = attributes.parsed(found["inside"])
    return f'<a id="{escape(given[0])}"></a>' if given and given[0] else ""


def _heading(text: Text, found: re.Match[str]) -> str | None:
    """`##Part` below a blank line; `#Part` too if other headings have this form, else it is a tag."""
    above = _line_above(found)
    if above.strip() and not (len(found["marks"]) > 1 and TIGHT_HEADING.match(above)):
        return None
    if len(found["marks"]) == 1 and "#" in found["text"]:  # `#sea# #sand`
        return None
    is_one = len(found["marks"]) > 1 or text.once(_has_tight)
    return f"{found['marks']} {found['text']}" if is_one else None


def _line_above(found: re.Match[str]) -> str:
    end = max(found.start() - 1, 0)
    return found.string[found.string.rfind("\n", 0, end) + 1 : end]


def _bullet(_: Text, found: re.Match[str]) -> str | None:
    """`• one` is an item if the line above or below is one too."""
    below = found.string.find("\n", found.end()) + 1
    neighbour = BULLET.match(_line_above(found)) or (below and BULLET.match(found.string, below))
    return f"{found['lead']}- " if neighbour else None


def _myst(text: Text, _: re.Match[str]) -> str | None:
    return "" if text.once(_has_myst) else None


def _formula(mark: str) -> New:
    """A formula whose backslashes were lost when it was copied: `[ x = \\frac{1}{2} ]` on separate lines, `( x^2 )`."""

    def made(_: Text, found: re.Match[str]) -> str | None:
        tex = found["tex"].strip()
        is_tex = formulas.looks_like_tex(tex) and formulas.SIGNS.search(tex)
        lines = f"{mark}\n{found['tex']}{found['lead']}{mark}" if mark == "$$" else f"{mark}{tex}{mark}"
        return (found["lead"] if mark == "$$" else "") + lines if is_tex else None

    return made


def _defined(text: Text) -> set[str]:
    return set(DEFINED.findall(text.bare))


def _references(text: Text, found: re.Match[str]) -> str | None:
    """`[1][2]` are two references to sources if both are defined, and not a link `1` to the second."""
    numbers = REFERENCES.findall(found[0])
    defined = text.once(_defined).issuperset(numbers)
    shown = f"{text.masks.of('[')}%s{text.masks.of(']')}"
    return "".join(f"[{shown % number}][{number}]" for number in numbers) if defined else None


def _nothing(text: Text, found: re.Match[str]) -> str:
    """The line stays, so that lists do not become loose."""
    return found["lead"] + text.masks.stand_in(lambda _: [{"t": "Attributes", "c": attr()}], found[0].strip())


def _time(_: Text, found: re.Match[str]) -> str:
    """Discord's `<t:1700000000:R>`, in UTC."""
    return datetime.fromtimestamp(int(found[1]), UTC).strftime("%Y-%m-%d %H:%M UTC")


def _day(_: Text, found: re.Match[str]) -> str:
    return " ".join(filter(None, (found["day"], found["time"])))


def _quotation(text: Text, found: re.Match[str]) -> str:
    """Discourse's `[quote="ann, post:1"]`: who is quoted stands before the words."""
    text.note(UNSEEN, "place of a quotation", found)
    return "::: blockquote" + (f" {found['who'].strip()}:" if found["who"] else "")


def _keys(_: Text, found: re.Match[str]) -> str:
    return "+".join(f"<kbd>{escape(key)}</kbd>" for key in found[1].split("+"))


def _empty(_: Text, found: re.Match[str]) -> str | None:
    """A backslash alone is an empty paragraph of an editor (Milkdown, Outline)."""
    return found["lead"] if not _line_above(found).strip() else None


def _reference(_: Text, found: re.Match[str]) -> str:
    """MyST's reference to a target without words of its own; in a heading it leads to itself."""
    line = found.string[found.string.rfind("\n", 0, found.start()) + 1 : found.start()]
    return "" if line.startswith("#") else found.expand(r"[\g<name>](#\g<name>)")


TABLE: Mapping[str, Sequence[Row]] = {
    "contents": (
        row("toc", LEAD + r"(?:(?:[-*+]|1\.)[ \t]+[^\n]{1,40}\n[ \t>]*\{:?[ \t]*[:.]?toc[^{}\n]*\}|\[toc\]|\[\[_?toc_?\]\]"
            r"|\{:?[ \t]*toc[^{}\n]*\}|\{\{[ \t]*toc[ \t]*\}\}|[^\s\w{}]\{toc\}|::toc|@\[toc\](?:\([^()\n]*\))?"
            r"|<!--[ \t]*toc[ \t]*-->|<toc[ \t]*/?>|\[\[toc:[^\[\]\n]*\]\])" + END,
            r"\g<lead>", (UNSEEN, "list of contents"), tall=True),
        row("\\tableofcontents", LEAD + r"\\tableofcontents" + END, r"\g<lead>", (UNSEEN, "list of contents")),
        row("[[_tosp_]]", r"\[\[_tosp_\]\]", "", (UNSEEN, "list of contents")),
    ),
    "includes": (
        row("{{#", r"(?<!\\)\{\{#(?:include|rustdoc_include|playground|playpen)[ \t][^{}\n]{1,500}\}\}", "",
            (INCLUDED, "mdBook directive")),
        row("{{#", r"(?<!\\)\{\{#(?:title|template)[ \t][^{}\n]{1,500}\}\}", "", (UNSEEN, "mdBook directive")),
        row("<<<", r"^[ \t]*<<<[ \t]*[@./~][^\s]*[^\n]{0,200}$", "", (INCLUDED, "VitePress snippet")),
        row("@[code", r"^[ \t]*@\[code[^\[\]\n]{0,100}\]\([^()\n]{1,300}\)" + END, "", (INCLUDED, "VuePress snippet")),
        row("::include{", r"^[ \t]*::include\{[^{}\n]{1,300}\}" + END, "", (INCLUDED, "GitLab include")),
    ),
    "snippets": (
        row("8<-", r"^[ \t>]*+-{2,8}8<-{2,8}[ \t]++[\"'][^\"'\n]*+[\"'][ \t]*+$", "", (INCLUDED, "snippet")),
    ),
    "citation-marks": (
        row("\ue200entity", "\ue200entity\ue202\\[\"[^\"\n]{1,40}\"[ ]?,[ ]?\"([^\"\n]{1,200})\"[^\ue201\n]{0,200}\ue201", r"\1"),
        row("entity[", r"(?<![A-Za-z])entity\[\"[^\"\n]{1,40}\"[ ]?,[ ]?\"([^\"\n]{1,200})\"[^\[\]\n]{0,200}\]", r"\1"),
        row("citeturn", r"[ ]?cite(?:turn\d{1,3}[a-z]{2,12}\d{1,3}){1,20}", "", (UNSEEN, "mark of a source")),
        row("†", r"【\d{1,3}(?::\d{1,3})?†[^【】\n]{0,200}】", "", (UNSEEN, "mark of a source")),
        row("\ue200", "\ue200[^\ue200-\ue202\n]{1,20}(?:\ue202[^\ue200-\ue202\n]{0,200}){0,20}\ue201", "",
            (UNSEEN, "mark of a source")),
        row(":contentreference", r":contentReference\[oaicite:\d{1,3}\]\{index=\d{1,3}\}", "", (UNSEEN, "mark of a source")),
        row("[citation:", r"\[citation:\d{1,3}\]", "", (UNSEEN, "mark of a source")),
        row("^]", r"\[\^(\d{1,3})\^\]", r"<sup>\1</sup>"),
        row("][", r"(?<![\]\\!])(?:\[\d{1,3}\]){2,20}(?![\[(:])", _references),
        row("<think", r"^[ \t]*<think(?:ing)?>" + END, "", (UNSEEN, "mark of a thought")),
        row("</think", r"^[ \t]*</think(?:ing)?>" + END, "", (UNSEEN, "mark of a thought")),
        row("[\n", LEAD + r"\[[ \t]*\n(?P<tex>(?>(?:(?![ \t>]*+\][ \t]*+$)(?=[ \t]*+\S)[^\n]*+\n){1,30}))[ \t>]*\]" + END,
            _formula("$$")),
        row("( ", r"(?<![\w)\]\\])\([ ](?P<tex>[^()\n]{1,200}(?>(?:\([^()\n]{0,100}\)[^()\n]{0,100}){0,9}))[ ]\)", _formula("$")),
    ),
    "forums": (
        row("||", r"(?<![|\w\\])\|\|(?P<text>[^\s|](?:[^|\n]{0,500}[^\s|])?)\|\|(?![|\w^_])", _spoiler),
        row("!<", r">!(?P<text>[^\s!<>](?:[^<>\n]{0,500}[^\s!<>])?)!<", SPOILER),
        row("-# ", LEAD + r"-#[ \t]+(?P<text>[^\n]+)$", r"\g<lead><small>\g<text></small>"),
        row("<http", r"<(?P<url>https?://[^|<>\s]{1,1000})\|(?P<text>[^|<>\n]{1,300})>", r"[\g<text>](<\g<url>>)"),
        row("<:", r"<a?:(\w{2,32}):\d{15,20}>", r":\1:"),
        row("<a:", r"<a:(\w{2,32}):\d{15,20}>", r":\1:"),
        row("<@", r"<@(?:[!&]?\d{15,20}|[UW][A-Z0-9]{6,12})>", "@…", (UNSEEN, "mention of a user")),
        row("<@", r"<@[UW][A-Z0-9]{6,12}\|([^|<>\n]{1,100})>", r"@\1"),
        row("<#", r"<#\d{15,20}>", "#…", (UNSEEN, "mention of a channel")),
        row("<#", r"<#C[A-Z0-9]{6,12}\|([^|<>\n]{1,100})>", r"#\1"),
        row("<!", r"<!(here|channel|everyone)(?:\|[^|<>\n]{1,100})?>", r"@\1"),
        row("<!", r"<!(?:date\^\d{1,12}\^[^|<>\n]{1,200}|subteam\^[A-Z0-9]{1,20})\|([^|<>\n]{1,200})>", r"\1"),
        row("<t:", r"<t:(\d{1,11})(?::[tTdDfFR])?>", _time),
        row("[quote", r'^\[quote(?:="?(?P<who>[^,"\[\]\n]{1,100})[^\[\]\n]{0,200})?\]' + END, _quotation),
        row("[/quote]", r"^\[/quote\]" + END, ":::"),
        row("[details", r'^\[details(?:="?(?P<title>[^"\[\]\n]{1,200})"?)?\]' + END, r"::: details \g<title>"),
        row("[spoiler", r"^\[spoiler\]" + END, "::: details"),
        row("[/", r"^\[/(?:details|spoiler)\]" + END, ":::"),
        row("[/spoiler]", r"\[spoiler\](?P<text>[^\[\]\n]{1,500})\[/spoiler\]", SPOILER),
        *(row(f"[/{tag}]", rf"\[{tag}\]((?:(?!\[/?{tag}[\]=])[^\n]){{1,500}})\[/{tag}\]", rf"<{html}>\1</{html}>")
          for tag, html in (("b", "strong"), ("i", "em"), ("u", "u"), ("s", "del"))),
        row("[/url]", r"\[url=(?P<url>https?://[^\[\]\s]{1,1000})\](?P<text>[^\[\]\n]{1,300})\[/url\]", r"[\g<text>](<\g<url>>)"),
        row("[/url]", r"\[url\](https?://[^\[\]\s]{1,1000})\[/url\]", r"<\1>"),
        row("[/img]", r"\[img(?:=[\dx]{1,12})?\](https?://[^\[\]\s]{1,1000})\[/img\]", r"![](<\1>)"),
        *(row(f"[/{tag}]", rf"\[{tag}(?:=[^\[\]\n]{{1,100}})?\]((?:(?!\[/?{tag}[\]=])[^\n]){{0,500}})\[/{tag}\]", r"\1",
              (UNSEEN, "tag of a forum")) for tag in FORUM_TAGS),
        *(row(f"[{slash}{tag}", rf"^\[{slash}{tag}(?:[= ][^\[\]\n]{{1,200}})?\]" + END, "", (UNSEEN, "tag of a forum"))
          for tag in FORUM_TAGS for slash in ("", "/")),
        row("[date=", r"\[date=(?P<day>\d{4}-\d\d-\d\d)(?:[ ]time=(?P<time>[\d:]{4,8}))?[^\[\]\n]{0,200}\]", _day),
        row("^(", r"(?<![\\^(\[|$/\]])\^\((?P<text>[\w ,.'’+=-]{1,60})\)(?![$*+?|])", r"<sup>\g<text></sup>"),
    ),
    "wikis": (
        row("{+", r"\{\+[ ]?(?P<text>[^\s+{}](?:[^+{}\n]{0,500}?[^\s+{}])?)[ ]?\+\}", r"<ins>\g<text></ins>"),
        row("{-", r"\{-(?!-)[ ]?(?P<text>[^{}\n-](?:[^{}\n]{0,500}?[^{}\s-])?)[ ]?-\}", r"<del>\g<text></del>"),
        row("[+ ", r"\[\+[ ](?P<text>[^+\[\]\n]{1,500})[ ]\+\]", r"<ins>\g<text></ins>"),
        row("[- ", r"\[-[ ](?P<text>[^\[\]\n]{1,500})[ ]-\]", r"<del>\g<text></del>"),
        row("query-table", r"^[ \t]*:::[ \t]*query-table[^\n]*\n[ \t]*:::" + END, "", (UNSEEN, "query"), tall=True),
        row("\\@ref(", r"\\@ref\((fig|eq):(?P<name>[\w-]{1,100})\)", r"@\1:\g<name>"),
        row("\\@ref(", r"\\@ref\(tab:(?P<name>[\w-]{1,100})\)", r"@tbl:\g<name>"),
        row("\\@ref(", r"\\@ref\((?P<name>[\w:-]{1,100})\)", r"[\g<name>](#\g<name>)"),
        row("[](#", r"\[\]\(#(?P<name>(?:fig|tbl|tab|eq|sec)[-:][\w:.-]{1,100})\)", r"@\g<name>"),
        row("[](#", r"\[\]\(#(?P<name>[\w:.-]{1,100})\)", _reference),
        row(":", r":(?:material|octicons|fontawesome|simple)-[a-z0-9]{1,40}(?:-[a-z0-9]{1,40}){0,8}:(?:\{[^{}\n]{1,200}\})?[ ]?",
            "", (UNSEEN, "icon")),
        row("++", rf"(?<![+\w])\+\+({KEYS}(?:\+(?:{KEYS}|[a-z0-9])){{1,4}}|enter|esc|escape|backspace)\+\+(?![+\w])", _keys),
        row("{{#", r"^[ \t]*\{\{#(?:tabs(?:[ ][^{}\n]{0,200})?|endtabs?)[ ]{0,3}\}\}" + END, "", (UNSEEN, "tabs")),
        row("{{#tab", r'^[ \t]*\{\{#tab[ ]name="([^"{}\n]{1,200})"[ ]{0,3}\}\}' + END, r"**\1**"),
        row("\\\n", LEAD + r"\\" + END, _empty),
        row("（http", r"(?<!\\)\[(?P<text>[^\[\]\n]{1,300})\]（(?P<url>https?://[^（）\s<>]{1,1000})）", r"[\g<text>](\g<url>)"),
        row("@tab", r"^[ \t]*@tab(?::active)?[ \t]+(?P<text>[^\n*]{1,100})$", r"**\g<text>**"),
        row(" {.", r"(?<=[^\s#|`)\]*_}=~])[ ]\{(?=[.#])(?P<inside>[.#\w][\w .#-]{0,100})\}" + END, _attributes),
        row(" {#", r"(?<=[^\s#|`)\]*_}=~])[ ]\{(?=[.#])(?P<inside>[.#\w][\w .#-]{0,100})\}" + END, _attributes),
        row("[name=", r"\[name=([^\[\]\n]{1,100})\]", r"— \1"),
        row("[time=", r"\[time=([^\[\]\n]{1,100})\]", r"\1"),
        row("[color=", r"[ ]?\[color=[#\w]{1,30}\]", "", (UNSEEN, "colour of a quotation")),
        row("<%", r"<%[-_*=]?[^%<>]{0,20}\btp\.[^%]{0,500}%>", "", (UNSEEN, "template"), tall=True),
        row("<%", r"^[ \t]*<%[-_*][^%]{0,2000}%>" + END, "", (UNSEEN, "template"), tall=True),
    ),
    "tight-headings": (row("#", TIGHT_HEADING.pattern, _heading),),
    "bullets": tuple(row(mark, BULLET.pattern, _bullet) for mark in (*BULLETS, "o\t", "§\t")),
    "myst": (
        row("% ", r"^%[ ][^\n]*$", _myst, ("comment-removed", "MyST")),
        row("+++", r"^\+\+\+[^\n+]*$", _myst, (UNSEEN, "break of a block")),
    ),
    "ruby": (
        row("《", r"｜(?P<base>[^｜《》\n]{1,20})《(?P<text>[\u3040-\u30ff]{1,40})》", RUBY),
        row("《", READINGS.pattern, _reading),
        row("]^(", r"(?<![\]!])\[(?P<base>[\u3400-\u9fff々]{1,10})\]\^\((?P<text>[\u3040-\u30ffA-Za-z ]{1,40})\)", RUBY),
        row("]{", r"(?<![\]!])\[(?P<base>[\u3400-\u9fff々]{1,10})\]\{(?P<text>[\u3040-\u30ff|]{1,40})\}", RUBY),
    ),
    "outlines": (
        row("::", LEAD + r"(?:id|collapsed|background-color|heading|created-at|updated-at|ls-type|hl-[a-z]+"
            r"|logseq\.[\w.-]+|card-[a-z-]+|query-[a-z-]+|file|file-path)::[^\n]*$", _nothing, (UNSEEN, "property of a block")),
        row(":", LEAD + r":(?:LOGBOOK|PROPERTIES|END):" + END, _nothing, (UNSEEN, "record of a task")),
        row("clock: [", LEAD + r"CLOCK: \[[^\[\]\n]{4,40}\][^\n]*$", _nothing, (UNSEEN, "record of a task")),
        row("((", r"(?<!\]\()\(\((?:[0-9a-f]{8}-[0-9a-f-]{27}|[\w-]{9})\)\)", "", (UNSEEN, "reference to a block")),
        row("todo", r"\{\{(?:\[\[todo\]\]|todo)\}\}", "☐"),
        row("done", r"\{\{(?:\[\[done\]\]|done)\}\}", "☒"),
        row("{{", r"\{\{(?:\[\[)?(?:video|youtube|youtube-timestamp|tweet|twitter|vimeo|iframe|pdf|audio)(?:\]\])?:?[ ]+"
            r"(?P<url>https?://[^\s{}]{1,500})[ ]*\}\}", r"<\g<url>>"),
        row("{{", r"\{\{(?:\[\[)?(?:embed|query|renderer|table|kanban|diagram|mermaid|attr-table|mentions|roam/[a-z/]+|slider"
            r"|calc|namespace|function|zotero-linked-file|zotero-imported-file)(?:\]\])?(?:[: ][^{}\n]{0,500})?\}\}", "",
            (UNSEEN, "macro")),
        row("{{cloze", r"\{\{cloze[ ]+([^{}\n]{1,500})\}\}", r"\1"),
        row("^^", r"(?<![\^\w])\^\^(?=[^\s^])([^^\n]{1,300})(?<=\S)\^\^(?![\^\w])", r"<mark>\1</mark>"),
        row("#+begin_", LEAD + r"(?P<item>(?:[-*][ \t]+)?)#\+BEGIN_(?P<kind>[A-Z]{3,12})" + END, r"\g<lead>\g<item>::: \g<kind>"),
        row("#+end_", LEAD + r"#\+END_[A-Z]{3,12}" + END, r"\g<lead>:::"),
        row("{:", r"(?<=\))\{:height[ ](?P<height>\d{1,5}),?[ ]:width[ ](?P<width>\d{1,5})\}",
            r"{width=\g<width> height=\g<height>}"),
        row("<!-- {", r'(?<=\))[ ]?<!--[ ]?\{"width":(\d{1,5})[^{}\n]{0,100}\}[ ]?-->', r"{width=\1}"),
    ),
}  # fmt: skip


def changed(rows: Sequence[Row], text: Text) -> None:
    """Each row in turn; the marks show which of them the text may have."""
    for each in rows:
        if text.may_have(each.mark) and each.mark in text.looked_at(each.mark):
            new: Callable[[re.Match[str]], str | None] = partial(_new, each, text)
            text.replaced(each.pattern, new, "" if each.tall else each.mark)


def _new(each: Row, text: Text, found: re.Match[str]) -> str | None:
    made = found.expand(each.new) if isinstance(each.new, str) else each.new(text, found)
    if each.gone and made is not None:
        text.note(*each.gone, found)
    return made
