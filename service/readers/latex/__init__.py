"""LaTeX: `\\title`, `\\author`, `\\date`, the abstract and keywords are its front matter; nothing is run, no file is read.

pandoc reads the markup that it knows and expands the author's own macros. Environments that it does not know are rewritten
before it reads, and commands that it does not know leave their words behind.
"""

from __future__ import annotations

import re
from typing import Any

from service.ast import pandoc_ast
from service.engines import Engines
from service.model.document import Conversion, Document, Notice, Source
from service.readers.base import Reader
from service.readers.latex import algorithms, environments, limits, macros
from service.readers.latex.plain import plain
from service.readers.shared import latex_leftovers, letters, spans
from service.readers.shared import text as texts

FORMAT = "latex-smart+raw_tex"
# An argument in braces, themselves balanced once.
ARGUMENT = r"\{((?>(?:[^{}]++|\{[^{}]*+\})*))\}"
KEYWORDS = re.compile(rf"\\(?:keywords?|kwd){ARGUMENT}")
KEYWORDS_BEGIN = re.compile(r"\\begin\{(keywords?|IEEEkeywords)\}")
KEYWORDS_END = {name: re.compile(rf"\\end\{{{name}\}}") for name in ("keyword", "keywords", "IEEEkeywords")}
SEPARATOR = re.compile(r",|;|\\sep|\\and\b|\\textperiodcentered|\\cdot|·")
SETUP = re.compile(rf"\\hypersetup{ARGUMENT}", re.S)
SETTING = re.compile(rf"\b(pdf(?:title|author|subject|keywords|lang))\s*+=\s*+(?:{ARGUMENT}|([^,{{}}]+))")
BABEL = re.compile(
    r"\\usepackage\[([^\[\]]*+)\]\{(?:babel|polyglossia)\}|\\set(?:default|main)language(?:\[[^\[\]]*+\])?\{(\w++)\}"
)
INCLUDE = re.compile(
    r"\\(?:input|include|subfile|import|verbatiminput|lstinputlisting|inputminted|bibliography|addbibresource|InputIfFileExists|subimport)"
    r"\b\*?(?:\[[^\[\]]*+\])?(?:\{\w*+\})??\{([^{}]++)\}"
)
# Macros of authors that pandoc takes for those of siunitx or glossaries where no argument follows.
UNITS = re.compile(r"\\(unit|qty|num|si|SI|ang|[aA]c[slf]?p?|[gG]lspl|[gG]ls)(?![A-Za-z])(?!\s*[\[{*])")
# Lists whose items have a command of their own.
LISTS = re.compile(r"\\begin\{(?:tasks|questions|(?:sub){0,2}parts|choices|checkboxes|oneparchoices|oneparcheckboxes)\}")
ITEMS = re.compile(r"\\(?:task|question|(?:sub){1,2}part|part(?!\s*\{)|choice|CorrectChoice)(?![A-Za-z*])(?:\[[^\[\]]*+\])?")
OPENINGS = (r"\newcommand{", r"\newcommand*{", r"\newcommand", r"\renewcommand{", r"\renewcommand", r"\def", r"\let", r"\gdef")
AND = re.compile(r"\\and(?![A-Za-z])")
# pandoc loses the first cell behind these (3.9), and what they say is for paper.
FOOTS = re.compile(r"\\end(?:last)?foot\b|\\noalign\s*\{[^{}]*\}")
CHARSET = re.compile(
    rb"^[^%\n]*?\\usepackage[ \t]*+\[([^\[\]\n]*+)\][ \t]*+\{inputenc\}|^[^%\n]*?\\inputencoding[ \t]*+\{([^{}\n]++)\}"
    rb"|^%[^\n]*?(?:!TEX[ \t]++encoding[ \t]*+=|coding:)[ \t]*+([\w-]++)",
    re.M,
)
SIMPLE: dict[str, re.Pattern[str]] = {
    "subtitle": re.compile(rf"\\subtitle{ARGUMENT}"),
    "doi": re.compile(rf"\\(?:doi|acmDOI){ARGUMENT}"),
}
SETTINGS = {"pdftitle": "title", "pdfauthor": "author", "pdfsubject": "description", "pdfkeywords": "keywords", "pdflang": "lang"}
LANGUAGES = {
    "english": "en", "american": "en-US", "usenglish": "en-US", "british": "en-GB", "ukenglish": "en-GB",
    "german": "de", "ngerman": "de", "french": "fr", "francais": "fr", "italian": "it", "spanish": "es",
    "portuguese": "pt", "brazilian": "pt-BR", "brazil": "pt-BR", "dutch": "nl", "russian": "ru", "ukrainian": "uk",
    "polish": "pl", "czech": "cs", "swedish": "sv", "danish": "da", "norsk": "nb", "finnish": "fi", "greek": "el",
    "turkish": "tr", "hungarian": "hu", "romanian": "ro", "catalan": "ca", "latin": "la",
}  # fmt: skip


def read(source: Source, conversion: Conversion, engines: Engines) -> Document:
    text = texts.opened(source, conversion, engines, declared(source.data))
    bare = limits.without_comments(text.body)
    limits.check(bare, text.line)
    macros.check(bare, text.line)
    found = texts.parsed(environments.rewritten(_readable(text.body)) + "\n", FORMAT, engines, first_line=text.line)
    blocks, told = _settled(found, bare)
    included = [
        (text.line + bare.count("\n", 0, each.start()), each[1])
        for each in INCLUDE.finditer(bare)
        if not each.group().startswith((r"\bibliography", r"\addbibresource"))
    ]
    return texts.document(source, text, _native(bare, found.meta), blocks, [*texts.not_read(included), *told])


def declared(data: bytes) -> str:
    """The charset that inputenc or a comment for editors names; empty where none does."""
    found = CHARSET.search(data)
    return found[found.lastindex or 0].decode("ascii", "ignore").split(",")[-1].strip() if found else ""


def _settled(found: texts.Parsed, bare: str) -> tuple[list[pandoc_ast.Node], list[Notice]]:
    """The blocks with references, citations and the words of unknown commands, the abstract first."""
    formulas = [node["c"][1] for node in pandoc_ast.query(found.blocks, {"Math"}) if r"\label" in node["c"][1]]
    entries = {key.strip(): label or str(place) for place, (label, key) in enumerate(environments.ITEM.findall(bare), 1)}
    left = latex_leftovers.Leftovers(latex_leftovers.targets(found.blocks, formulas), entries)
    blocks = pandoc_ast.walk(found.blocks, left.visit)
    return texts.with_abstract(blocks, found.abstract), left.notices()


def _readable(text: str) -> str:
    """Without what pandoc fails on or hides text and pictures behind: `\\and` among names, feet of a long table, a box."""
    head, begin, body = text.rpartition(r"\begin{document}")
    body = UNITS.sub(lambda found: _unit(found, text), body.replace(r"\pandocbounded{", "{"))
    body = body if r"\author" in body else AND.sub(" ", body)
    body = ITEMS.sub(r"\\item", body) if LISTS.search(body) else body
    return FOOTS.sub("", head + begin + algorithms.written_out(body))


def _unit(found: re.Match[str], text: str) -> str:
    """The name as a word; the author's own macro of that name stays."""
    own = any(f"{opening}\\{found[1]}{end}" in text for opening in OPENINGS for end in "}{# \\[=")
    return found.group() if own else rf"\mbox{{{found[1]}}}"


def _native(text: str, meta: dict[str, Any]) -> dict[str, Any]:
    """What pandoc found, without the date of the day it would be set on, and what it passes over."""
    said: dict[str, Any] = {}
    for setup in SETUP.finditer(text):
        said |= {SETTINGS[each[1]]: _plain(each[2] or each[3]) for each in SETTING.finditer(setup[1])}
    if isinstance(said.get("keywords"), str):
        said["keywords"] = _words(said["keywords"])
    said |= {key: each for key, each in meta.items() if each and key not in ("nocite", "references", "csl", "bibliography")}
    if said.get("abstract"):
        said.pop("description", None)
    if said.get("date") and re.search(r"\\date\{\s*\\today", text):
        del said["date"]
    said |= {key: _plain(each[1]) for key, pattern in SIMPLE.items() if (each := pattern.search(text))}
    if (words := _keywords(text)) is not None:
        said["keywords"] = _words(words)
    if (each := BABEL.search(text)) and (lang := _language(each[1] or each[2] or "")):
        said.setdefault("lang", lang)
    return said


def _keywords(text: str) -> str | None:
    """The text of the first command or environment of keywords."""
    command = KEYWORDS.search(text)
    span = next(spans.spans(text, KEYWORDS_BEGIN, lambda found: KEYWORDS_END[found[1]]), None)
    if span and (command is None or span.start < command.start()):
        return text[span.opening.end() : span.inner_end]
    return command[1] if command else None


def _words(text: str) -> list[str]:
    return [word for part in SEPARATOR.split(text) if (word := _plain(part))]


def _plain(text: str) -> str:
    """An argument's text, its commands gone and its escapes undone."""
    text = re.sub(r"\\([&%$#_{}])", r"\1", re.sub(r"\\[A-Za-z]+\*?\s*", "", text))
    return " ".join(text.replace("{", "").replace("}", "").replace("~", " ").split())


def _language(options: str) -> str:
    """babel's main language is the one named last, or the one that is said to be."""
    words = [word.strip() for word in options.split(",")]
    main = next((word.partition("=")[2].strip() for word in words if word.startswith("main")), "")
    return LANGUAGES.get(main or (words[-1] if words else ""), "")


READER = Reader("latex", read, matches=limits.is_latex, passages=letters.of_text(plain, declared))
