"""LaTeX: `\\title`, `\\author`, `\\date`, the abstract and keywords are its front matter; nothing is run, no file is read.

pandoc reads the markup that it knows and expands the author's own macros. Unknown environments are rewritten
before, and the words of unknown commands are kept.
"""

from __future__ import annotations

import re

from service.ast import pandoc_ast
from service.engines import Engines
from service.model.document import Conversion, Document, Notice, Source
from service.readers.base import Reader
from service.readers.latex import algorithms, authors, columns, environments, front, limits, macros
from service.readers.latex.plain import plain
from service.readers.shared import index_entries, latex_leftovers, letters
from service.readers.shared import text as texts

FORMAT = "latex-smart+raw_tex"
INCLUDE = re.compile(
    r"\\(?:input|include|subfile|import|verbatiminput|lstinputlisting|inputminted|bibliography|addbibresource|InputIfFileExists|subimport)"
    r"\b\*?(?:\[[^\[\]]*+\])?(?:\{\w*+\})??\{([^{}]++)\}"
)
# Macros of authors that pandoc treats as those of siunitx or glossaries if no argument follows.
UNITS = re.compile(r"\\(unit|qty|num|si|SI|ang|[aA]c[slf]?p?|[gG]lspl|[gG]ls)(?![A-Za-z])(?!\s*[\[{*])")
# Lists with their own command for items.
LISTS = re.compile(r"\\begin\{(?:tasks|questions|(?:sub){0,2}parts|choices|checkboxes|oneparchoices|oneparcheckboxes)\}")
ITEMS = re.compile(r"\\(?:task|question|(?:sub){1,2}part|part(?!\s*\{)|choice|CorrectChoice)(?![A-Za-z*])(?:\[[^\[\]]*+\])?")
MARKED = frozenset({"itemize", "enumerate", "compactitem", "compactenum", "inparaenum"})
LABELLED = re.compile(
    r"\\begin\{(?P<begin>itemize|enumerate|description|list|compactitem|compactenum|inparaenum)\}"
    r"|\\end\{(?P<end>itemize|enumerate|description|list|compactitem|compactenum|inparaenum)\}"
    r"|\\item\[(?P<label>[^\[\]\n]{1,200})\]"
)
OPENINGS = (r"\newcommand{", r"\newcommand*{", r"\newcommand", r"\renewcommand{", r"\renewcommand", r"\def", r"\let", r"\gdef")
AND = re.compile(r"\\and(?![A-Za-z])")
# pandoc loses the first cell behind these (3.9), and they are only for print.
FOOTS = re.compile(r"\\end(?:last)?foot\b|\\noalign\s*\{[^{}]*\}")
NOTES = re.compile(
    r"\\(?:footnotetext|endnotetext|endnote|sidenotetext|sidenote|marginnote|marginpar|tablefootnote|blfootnote)\*?+"
    r"(?>(?:\[[^\[\]]*+\])*)(?=\{)"
)
FOOTNOTE_MARK = re.compile(r"\\footnotemark(?![A-Za-z])(?>(?:\[[^\[\]]*+\])?)")
MAKEBOX = re.compile(r"\\(?:make|frame|save)box(?>(?:\s*+\[[^\[\]]*+\])+)(?=\s*+\{)")
CAPTION_OF = re.compile(r"\\captionof\*?+\{\w++\}(?>(?:\[[^\[\]]*+\])?)(?=\{)")
SUBFLOAT = re.compile(rf"\\(?:subfloat|subfigure)\[([^\[\]]*+)\](?>(?:\[[^\[\]]*+\])?){front.DEEP_ARGUMENT}")
INDEX = re.compile(rf"\\(?:index|sindex)\b\*?+(?>(?:\[[^\[\]]*+\])?){front.DEEP_ARGUMENT}")
MARKUP = re.compile(r"\\[A-Za-z]++|[{}]")
CHARSET = re.compile(
    rb"^[^%\n]*?\\usepackage[ \t]*+\[([^\[\]\n]*+)\][ \t]*+\{inputenc\}|^[^%\n]*?\\inputencoding[ \t]*+\{([^{}\n]++)\}"
    rb"|^%[^\n]*?(?:!TEX[ \t]++encoding[ \t]*+=|coding:)[ \t]*+([\w-]++)",
    re.M,
)


def read(source: Source, conversion: Conversion, engines: Engines) -> Document:
    text = texts.opened(source, conversion, engines, declared(source.data))
    bare = limits.without_comments(text.body)
    limits.check(bare, text.line)
    macros.check(bare, text.line)
    found = texts.parsed(environments.rewritten(_readable(text.body)) + "\n", FORMAT, engines, first_line=text.line)
    blocks, reported = _settled(found, bare)
    included = [
        (text.line + bare.count("\n", 0, each.start()), each[1])
        for each in INCLUDE.finditer(bare)
        if not each.group().startswith((r"\bibliography", r"\addbibresource"))
    ]
    return texts.document(
        source, text, front.said(bare, found.meta), blocks, [*texts.not_read(included), *reported, *_indexed(bare)]
    )


def _indexed(bare: str) -> list[Notice]:
    """The entries of `\\index`, with `!` between their levels; text after `|` or before `@` is only for the index."""
    entries = (each[1].partition("|")[0] for each in INDEX.finditer(bare) if "#" not in each[1])
    shown = (", ".join(part.rpartition("@")[2] for part in entry.split("!")) for entry in entries)
    return index_entries.reported(MARKUP.sub("", entry) for entry in shown)


def declared(data: bytes) -> str:
    """The charset in inputenc or in a comment for editors; empty without one."""
    found = CHARSET.search(data)
    return found[found.lastindex or 0].decode("ascii", "ignore").split(",")[-1].strip() if found else ""


def _settled(found: texts.Parsed, bare: str) -> tuple[list[pandoc_ast.Node], list[Notice]]:
    """The blocks with references, citations and the words of unknown commands, the abstract first."""
    formulas = [node["c"][1] for node in pandoc_ast.query(found.blocks, {"Math"}) if r"\label" in node["c"][1]]
    entries = {key.strip(): label or str(place) for place, (label, key) in enumerate(environments.ITEM.findall(bare), 1)}
    left = latex_leftovers.Leftovers(latex_leftovers.targets(found.blocks, formulas), entries)
    blocks = pandoc_ast.walk(pandoc_ast.walk(found.blocks, _quoted, {"Str"}), left.visit)
    return texts.with_abstract(blocks, found.abstract), left.notices()


def _quoted(node: pandoc_ast.Node) -> pandoc_ast.Node:
    """A text with the opening quotes of TeX converted; without `smart` pandoc only converts the closing ones."""
    text: str = node["c"]
    return pandoc_ast.string(text.replace("``", "\u201c").replace("`", "\u2018")) if "`" in text else node


def _labelled(body: str) -> str:
    """The labels of items in lists with own marks, as words: pandoc ignores them."""
    if r"\item[" not in body:
        return body
    lists: list[str] = []

    def visit(found: re.Match[str]) -> str:
        if found["begin"]:
            lists.append(found["begin"])
        elif found["end"] and lists:
            lists.pop()
        elif found["label"] and lists and lists[-1] in MARKED and any(map(str.isalnum, MARKUP.sub("", found["label"]))):
            return rf"\item {{{found['label']}}} "
        return found[0]

    return LABELLED.sub(visit, body)


def _noted(body: str) -> str:
    """Notes of every kind as footnotes, pictures of floats with their captions behind them."""
    body = SUBFLOAT.sub(lambda found: rf"{{{found[2]}}} \emph{{{found[1] or ''}}}", body)
    body = FOOTNOTE_MARK.sub("", _labelled(body))
    body = MAKEBOX.sub(r"\\mbox", body)
    return CAPTION_OF.sub(r"\\par \\emph", NOTES.sub(r"\\footnote", body))


def _readable(text: str) -> str:
    """Removes constructs on which pandoc fails or loses text and pictures: `\\and` among names, feet of a long table, a box."""
    head, begin, body = text.rpartition(r"\begin{document}")
    body = UNITS.sub(lambda found: _unit(found, text), body.replace(r"\pandocbounded{", "{"))
    body = body if r"\author" in body else AND.sub(" ", body)
    body = body.replace(r"\newblock", "") if r"\begin{thebibliography}" in body else body
    body = columns.readable(body)
    if begin and r"\end{document}" not in body:
        body += "\n" + r"\end{document}"
    body = ITEMS.sub(r"\\item", body) if LISTS.search(body) else body
    head = authors.with_lines(head)
    return FOOTS.sub("", head + begin + _noted(algorithms.written_out(body)))


def _unit(found: re.Match[str], text: str) -> str:
    """The name as a word, unless it is a macro of the author."""
    own = any(f"{opening}\\{found[1]}{end}" in text for opening in OPENINGS for end in "}{# \\[=")
    return found.group() if own else rf"\mbox{{{found[1]}}}"


READER = Reader("latex", read, matches=limits.is_latex, passages=letters.of_text(plain, declared))
