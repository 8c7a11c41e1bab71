"""TeX within a text of Markdown, as in pandoc and R Markdown: `\\textbf{…}`, `\\cite{…}`, `\\begin{itemize}`.

A command is one of the rows below, with its braces; `C:\\textbf` and `\\d+` are text. An environment begins and ends a
line. Formulas become formulas, lists and quotations become theirs, the others stay as code with one notice.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import partial
from textwrap import dedent

from service.ast.pandoc_ast import attr, para, span
from service.readers.markdown import code_info
from service.readers.markdown.changes import Text
from service.readers.markdown.reading import Block, Reading

# Command → the text before and behind its words.
AROUND: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(("textbf", "bm"), ("<strong>", "</strong>")),
    **dict.fromkeys(("emph", "textit", "textsl"), ("<em>", "</em>")),
    **dict.fromkeys(("underline", "uline"), ("<u>", "</u>")),
    **dict.fromkeys(("texttt", "code"), ("<code>", "</code>")),
    "textsc": ('<span class="smallcaps">', "</span>"),
    "textsuperscript": ("<sup>", "</sup>"),
    "textsubscript": ("<sub>", "</sub>"),
    **dict.fromkeys(("sout", "st"), ("<del>", "</del>")),
    "footnote": ("^[", "]"),
    "url": ("<", ">"),
    **dict.fromkeys(("textrm", "textsf", "mbox", "text"), ("", "")),
    **dict.fromkeys(("cite", "citep", "citet", "parencite", "textcite", "autocite", "eqref"), ("[", "]")),
    **dict.fromkeys(("ref", "autoref", "cref", "Cref", "pageref"), ("", "")),
}
HEADINGS: Mapping[str, str] = {
    "chapter": "#", "section": "#", "subsection": "##", "subsubsection": "###", "paragraph": "####",
}  # fmt: skip
SYMBOLS: Mapping[str, str] = {"LaTeX": "LaTeX", "TeX": "TeX", "ldots": "…", "dots": "…", "textbackslash": "&#92;"}
GONE_WITH_BRACES = "label|vspace|hspace|vskip|index|thispagestyle|pagestyle|bibliographystyle|bibliography|setcounter"
GONE_ALONE = "noindent|hfill|vfill|centering|medskip|bigskip|smallskip|maketitle|raggedright|raggedleft|appendix"
NAMES = sorted({*AROUND, *HEADINGS}, key=len, reverse=True)
COMMAND = re.compile(
    r"(?<![\\:/])\\(?:(?P<name>" + "|".join(NAMES) + r")\*?(?:\[[^\[\]\n]{0,100}\])?\{(?P<inside>[^{}\n]{1,2000})\}"
    r"|href\{(?P<url>[^{}\s]{1,2000})\}\{(?P<words>[^{}\n]{1,2000})\}"
    rf"|(?P<symbol>{'|'.join(SYMBOLS)})(?![A-Za-z\\])(?:\{{\}})?"
    rf"|(?P<gone>(?:{GONE_WITH_BRACES})\*?\{{[^{{}}\n]{{0,200}}\}}|(?:{GONE_ALONE})(?![A-Za-z\\/])))"
)
# In a list or a note the line is indented, in a quotation it has its marks.
BEGIN = re.compile(r"^(?P<lead>(?:[ \t]{0,3}>){0,8}[ \t]{0,16})\\begin\{(?P<name>[A-Za-z]{1,30}\*?)\}", re.M)
FORMULAS = frozenset({"equation", "align", "gather", "multline", "eqnarray", "displaymath", "math", "flalign", "alignat"})
LISTS: Mapping[str, str] = {"itemize": "BulletList", "enumerate": "OrderedList"}
TOKEN = re.compile(r"\\(?P<kind>begin|end)\{(?P<name>[A-Za-z]{1,30}\*?)\}|\\item(?![A-Za-z])[ \t]*")
QUOTES = frozenset({"quote", "quotation", "verse", "displayquote"})
PLAIN = frozenset({"center", "flushleft", "flushright", "abstract", "minipage"})
CODE = frozenset({"verbatim", "lstlisting", "minted", "Verbatim"})
EQUATION = re.compile(r"\\label\{\s*(?P<id>eq[:-][\w:-]{1,200})\s*\}")
REFERENCES = frozenset({"eqref", "ref", "autoref", "cref", "Cref"})
# Targets for `passes.cross_references`: a label, or an identifier in attributes.
DEFINED = re.compile(r"(?:\\label\{\s*|\{#)((?:fig|tbl|tab|eq|lst|sec)[:-][\w:-]{1,200})")
LABEL = re.compile(r"\\label\{[^{}]*\}")
QUOTE_MARKS = re.compile(r"^(?:[ \t]{0,3}>){1,8}[ \t]?", re.M)
OPTIONS = re.compile(r"(?:\[[^\[\]\n]*\]|\{[^{}\n]*\})+")


def changed(text: Text) -> None:
    """The commands and environments of a text, only in its prose."""
    known = frozenset(DEFINED.findall(text.text)) if "ref{" in text.text else frozenset[str]()
    text.cut(list(_environments(text)))
    for _ in range(3):  # `\textbf{\emph{x}}` from the inside
        before = text.text
        text.replaced(COMMAND, partial(_command, text, known), "\\")
        if text.text == before:
            return


def _command(text: Text, known: frozenset[str], found: re.Match[str]) -> str:
    if found["name"] in HEADINGS:
        begins = found.start() == 0 or found.string[found.start() - 1] == "\n"
        return f"{HEADINGS[found['name']]} {found['inside']}" if begins else found["inside"]
    if found["name"] in REFERENCES and found["inside"].strip() in known:
        return f"@{found['inside'].strip()}"
    if found["name"]:
        before, behind = AROUND[found["name"]]
        return f"{before}{found['inside']}{behind}"
    if found["words"]:
        return f"[{found['words']}]({found['url']})"
    if found["symbol"]:
        return SYMBOLS[found["symbol"]]
    text.note("site-code-removed", "TeX command", found)
    return ""


def _environments(text: Text) -> list[tuple[int, int, str]]:
    cuts: list[tuple[int, int, str]] = []
    done = 0
    ends = _ends(text.bare)
    for found in BEGIN.finditer(text.bare):
        end = f"\\end{{{found['name']}}}"
        stop = ends.get(found.end("lead"), -1) if found.start() >= done else -1
        if stop < 0 or "\0" in text.bare[found.start() : found.end()]:
            continue
        done = stop + len(end)
        body = text.text[found.end() : stop]
        line = text.line + text.text.count("\n", 0, found.end())
        source = text.text[found.start() : done]
        if ">" in found["lead"]:
            body, source = (QUOTE_MARKS.sub("", part) for part in (body, source))
        make = partial(_environment, found["name"].removesuffix("*"), body, source.strip(), line)
        cuts.append((found.start(), done, found["lead"] + text.masks.stand_in(make, source)))
    return cuts


def _ends(bare: str) -> dict[int, int]:
    """Where each `\\begin` stands that an `\\end` of its name ends → where that one stands."""
    opened: defaultdict[str, list[int]] = defaultdict(list)
    ends: dict[int, int] = {}
    for found in TOKEN.finditer(bare):
        if found["kind"] == "begin":
            opened[found["name"]].append(found.start())
        elif found["kind"] and opened[found["name"]]:
            ends[opened[found["name"]].pop()] = found.start()
    return ends


def _environment(name: str, body: str, source: str, line: int, reading: Reading) -> list[Block]:
    first = line - reading.line + 1
    if name in FORMULAS:
        label = EQUATION.search(body)
        tex = LABEL.sub("", body if name in {"equation", "displaymath", "math"} else source).strip()
        formula: Block = {"t": "Math", "c": [{"t": "DisplayMath"}, tex]}
        return [para([span([formula], attr(label["id"])) if label else formula])]
    if name in CODE:
        language = re.search(r"language=(\w+)|\{(\w+)\}", body.split("\n", 1)[0])
        code = OPTIONS.sub("", body, count=1) if language else body
        classes = [next(one for one in language.groups() if one).lower()] if language else []
        return code_info.titled(attr(classes=classes), code.strip("\n"), "")
    if name in LISTS:
        return [_list(reading, LISTS[name], body, first)]
    if name in QUOTES:
        return [{"t": "BlockQuote", "c": _blocks(reading, body, first)}]
    if name in PLAIN:
        return _blocks(reading, body, first)
    reading.gone.note("tex-kept-as-code", name, line, source)
    return code_info.titled(attr(classes=["latex"]), source, "")


def _list(reading: Reading, tag: str, body: str, first: int) -> Block:
    depth = 0
    marks: list[re.Match[str]] = []  # the items of this list, and not those of lists within
    for found in TOKEN.finditer(body):
        depth += {"begin": 1, "end": -1}.get(found["kind"], 0)
        if not found["kind"] and not depth:
            marks.append(found)
    starts, stops = [found.end() for found in marks], [*(found.start() for found in marks), len(body)][1:]
    items = [
        _blocks(reading, body[start:stop], first + body.count("\n", 0, start)) for start, stop in zip(starts, stops, strict=True)
    ]
    if not re.search(r"\n[ \t]*\n", body.strip()):  # items without space between them
        items = [[{"t": "Plain", "c": one["c"]} if one["t"] == "Para" else one for one in item] for item in items]
    return {"t": tag, "c": items if tag == "BulletList" else [[1, {"t": "Decimal"}, {"t": "Period"}], items]}


def _blocks(reading: Reading, body: str, first: int) -> list[Block]:
    return reading.sub_document(dedent(body).split("\n"), first) if body.strip() else []
