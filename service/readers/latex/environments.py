"""LaTeX environments that pandoc does not know: it drops them with all their words, so they are replaced before.

An environment for layout (spacing, columns, a font) is removed with its arguments, and its content stays. A statement
(theorem, lemma) is defined, so that pandoc adds its name and number. Tables, figures, lists and listings with
other names become known ones. Drawings do not change and are reported. Lines keep their numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.readers.latex import limits
from service.readers.shared import spans
from service.readers.shared.latex_leftovers import DRAWINGS

# Environments of pandoc 3.9; it knows the starred forms of formulas too.
MATH_WORDS = """math displaymath equation align alignat flalign eqnarray gather multline dmath dgroup darray subequations
    xalignat xxalignat"""
MATH = frozenset(name + star for name in MATH_WORDS.split() for star in ("", "*"))
KNOWN_WORDS = """document abstract alltt center figure figure* subfigure letter minipage obeylines otherlanguage proof quotation
    quote sloppypar table tabular tabular* tabularx longtable verse itemize enumerate description verbatim verbatim* Verbatim
    BVerbatim lstlisting minted comment code"""
KNOWN = frozenset(KNOWN_WORDS.split()) | MATH
# Environments that are others under a different name; those without a name are removed with their arguments.
RENAMED: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^(?:(?:wrap|SC|margin|sideways|floating|teaser|cut)(?:ed)?fig(?:ure)?\*?|figwindow|marginfig)$"), "figure"),
    (re.compile(r"^(?:algorithm2?e?|algo|figlisting|codelisting|program)\*?$"), "figure"),
    (re.compile(r"^(?:(?:wrap|SC|margin|sideways|floating)table\*?|table\*|threeparttable|measuredfigure)$"), "table"),
    (re.compile(r"^(?:subtable|subfloat)$"), "subfigure"),
    (re.compile(r"listing|verbatim|[A-Z]Verbatim|console|shell|program|cppcode|pythoncode"), "verbatim"),
    (re.compile(r"^(?:displayquote|quoting|epigraphs|foreigndisplayquote)\*?$"), "quote"),
    (re.compile(r"itemi[sz]e|compactitem|^(?:trivlist|checklist|tablenotes|easylist|choices|checkboxes)$"), "itemize"),
    (re.compile(r"enum|^(?:questions|parts|subparts|subsubparts|tasks|oneparchoices|oneparcheckboxes)$"), "enumerate"),
    (re.compile(r"description|desclist|^(?:acronym|labeling)$"), "description"),
    (re.compile(r"^longtable\*$"), "longtable"),
)
TABULARS = frozenset({
    "tabu", "tabulary", "longtabu", "xltabular", "supertabular", "supertabular*", "xtabular", "mpxtabular", "tblr", "longtblr",
    "talltblr", "NiceTabular", "NiceTabular*", "NiceTabularX", "tabularew", "ctable", "deluxetable",
})  # fmt: skip
WIDTH = re.compile(r"[ \t]*+(?:to|spread)[^{}\n]*+(?=\{)")
AMPERSAND = re.compile(r"(?<!\\)&")
KEEPS_ARGUMENTS = frozenset({"longtable"})  # those of the new name follow
HEADED = {"frame": "frametitle", "block": "paragraph", "exampleblock": "paragraph", "alertblock": "paragraph"}
# Statements, by the names that authors and journals give them.
STATEMENTS = {
    "theorem": "Theorem", "thm": "Theorem", "theo": "Theorem", "teo": "Theorem", "maintheorem": "Theorem", "lemma": "Lemma",
    "lem": "Lemma", "lemme": "Lemme", "lemm": "Lemma", "proposition": "Proposition", "prop": "Proposition",
    "propo": "Proposition", "corollary": "Corollary", "cor": "Corollary", "coro": "Corollary", "corollaire": "Corollaire",
    "definition": "Definition", "defn": "Definition", "defi": "Definition", "dfn": "Definition", "df": "Definition",
    "defin": "Definition", "remark": "Remark", "rem": "Remark", "rmk": "Remark", "rk": "Remark", "remarks": "Remarks",
    "remarque": "Remarque", "example": "Example", "exam": "Example", "exmp": "Example", "eg": "Example", "exa": "Example",
    "examples": "Examples", "exemple": "Exemple", "exercise": "Exercise", "exer": "Exercise", "exercice": "Exercice",
    "conjecture": "Conjecture", "conj": "Conjecture", "claim": "Claim", "fact": "Fact", "observation": "Observation",
    "obs": "Observation", "question": "Question", "problem": "Problem", "solution": "Solution", "notation": "Notation",
    "assumption": "Assumption", "assum": "Assumption", "hypothesis": "Hypothesis", "axiom": "Axiom", "property": "Property",
    "situation": "Situation", "convention": "Convention", "criterion": "Criterion", "principle": "Principle", "law": "Law",
    "case": "Case", "step": "Step", "note": "Note", "warning": "Warning", "construction": "Construction", "result": "Result",
    "theoreme": "Théorème", "satz": "Satz", "lemmata": "Lemmata", "folgerung": "Folgerung", "korollar": "Korollar",
    "bemerkung": "Bemerkung", "beispiel": "Beispiel", "aufgabe": "Aufgabe", "teorema": "Teorema", "definizione": "Definizione",
    "esempio": "Esempio", "osservazione": "Osservazione", "proposizione": "Proposizione", "corollario": "Corollario",
    "definicion": "Definición", "ejemplo": "Ejemplo", "proposicion": "Proposición", "corolario": "Corolario",
}  # fmt: skip
BRACED = r"\{((?>(?:[^{}]++|\{(?>(?:[^{}]++|\{[^{}]*+\})*)\})*))\}"
ARGUMENTS = re.compile(rf"[ \t]*+(?:\[[^\[\]\n]*+\]|{BRACED}|<[^<>\n]*+>)")
TOKEN = re.compile(
    r"(?<!\\)%[^\n]*+|\\(?P<kind>begin|end)[ \t]*+\{(?P<name>[^{}\n]*+)\}"
    r"|(?P<math>\\[\[\]()]|\$\$?)|(?P<blank>\n[ \t]*+\n)|\\[\s\S]",
)
DEFINED = re.compile(r"\\(?:re)?newenvironment\*?\s*\{([^{}]*)\}|\\newtheorem\*?\s*\{([^{}]*)\}")
OPTIONS = r"\s*+(?>(?:\[([^\[\]]*+)\]\s*+)?)"
DECLARED = re.compile(
    rf"\\(?:spnewtheorem\*?+|newmdtheoremenv|newtcbtheorem|newthm|newproclaim|declaretheorem){OPTIONS}\{{([^{{}}]++)\}}"
    rf"(?>(?:{OPTIONS}\{{([^{{}}]++)\}})?)"
)
CALLED = re.compile(r"\bname\s*+=\s*+\{?([^,{}]++)")
TITLE = re.compile(r"\b(?:title|frametitle|caption|name)\s*+=\s*+(?:\{([^{}]*+)\}|([^,{}]++))")
INNER_LISTING = re.compile(r"\\(?:begin\{(?:minted|lstlisting|verbatim|Verbatim|alltt)|lstinputlisting|inputminted)")
SECTIONING = re.compile(r"\\(?:part|chapter|(?:sub){0,2}section|(?:sub)?paragraph)\*?\{")
WORDY = re.compile(r"[^\W\d_]{3}")
PLACES = frozenset({"center", "centre", "left", "right", "top", "bottom", "middle", "inner", "outer", ""})
SET_VALUE = re.compile(r"(?:\\|-?[\d.]|true\b|false\b|none\b|left\b|right\b|center\b|[a-z]++!|\{?$)")
SETTING = re.compile(r"\\(?:text|line|column|page|paper)(?:width|height)|^[\d.\s]*(?:pt|cm|mm|in|em|ex|bp)?$|^[lcrpX|@{}\s*\d]+$")
ITEM = re.compile(r"\\bibitem\s*+(?>(?:\[((?>(?:[^\[\]{}]++|\{[^{}]*+\})*))\]\s*+)?)\{([^{}]++)\}")


def rewritten(text: str) -> str:
    """`text` with those environments alone that pandoc reads."""
    own = {found[1] or found[2] for found in DEFINED.finditer(text)}
    stated = {found[2]: _declared_title(found) for found in DECLARED.finditer(text)}
    needed: dict[str, str] = {}
    out: list[str] = []
    last = 0
    for found in _outside_formulas(text):
        if found.start() < last or (name := found["name"]) in own or name in KNOWN:
            continue
        statement = stated.get(name) or STATEMENTS.get(name.rstrip("*").lower())
        if statement:
            needed[name] = statement
            continue
        end, new = _replaced(text, found)
        out += [text[last : found.start()], new]
        last = end
    head = "".join(rf"\newtheorem{'*' if name.endswith('*') else ''}{{{name}}}{{{title}}}" for name, title in needed.items())
    return head + _bibliography("".join([*out, text[last:]]))


def _declared_title(found: re.Match[str]) -> str:
    """`\\declaretheorem[name=…]{name}`, or the second argument of the other commands."""
    called = CALLED.search(found[1] or "")
    if r"\declaretheorem" in found.group():
        return (called[1] if called else found[2]).strip().title()
    return found[4] or found[2].title()


def _outside_formulas(text: str) -> Iterator[re.Match[str]]:
    """Each `\\begin` and `\\end` outside of formulas and drawings; a blank line ends a formula that `$` or `\\[` began."""
    formula, inside = "", ""
    for found in _tokens(text):
        kind, name, mark = found["kind"], found["name"], found["math"]
        if found["blank"]:
            formula = ""
        elif inside:
            inside = "" if kind == "end" and name == inside else inside
        elif mark:
            formula = "" if formula else mark if mark not in (r"\]", r"\)") else ""
        elif kind and not formula:
            if name in MATH or DRAWINGS.match(name):
                inside = name if kind == "begin" else ""
            else:
                yield found


def _tokens(text: str) -> Iterator[re.Match[str]]:
    """The tokens outside of verbatim text."""
    for start, end in spans.gaps(text, list(limits.verbatim(text))):
        yield from TOKEN.finditer(text, start, end)


def _replaced(text: str, found: re.Match[str]) -> tuple[int, str]:
    """The end of the environment's tag with its arguments, and its replacement."""
    name, begins = found["name"], found["kind"] == "begin"
    new = next((new for pattern, new in RENAMED if pattern.search(name)), "")
    if name == "thebibliography":
        return _arguments(text, found.end())[0] if begins else found.end(), (
            r"\section*{References}\begin{description}" if begins else r"\end{description}"
        )
    if name in TABULARS:
        return _tabular(text, found)
    if new == "verbatim":
        return _listing(text, found)
    end, arguments = (found.end(), []) if not begins or new in KEEPS_ARGUMENTS else _arguments(text, found.end())
    lines = "\n" * text.count("\n", found.start(), end)
    if new:
        return end, rf"\{found['kind']}{{{new}}}{lines}"
    shown = [_title(each) for each in arguments if WORDY.search(_title(each))] if name not in LAYOUT else []
    if name in HEADED and shown:
        return end, rf"\par\{HEADED[name]}{{{shown[0]}}} {' '.join(shown[1:])}{lines}"
    titles = "".join(f"{each} " if SECTIONING.search(each) else rf"\textbf{{{each}}} " for each in shown)
    return end, rf"\par {titles}{lines}"


LAYOUT = frozenset({
    "CJK", "CJK*", "spacing", "adjustwidth", "adjustwidth*", "otherlanguage*", "small", "large",
    "footnotesize", "scriptsize", "tiny", "singlespace", "doublespace", "onehalfspace", "landscape", "samepage", "flushleft",
    "flushright", "raggedright", "raggedleft", "titlepage", "changemargin", "list", "SingleSpace", "strip",
    "widetext", "appendices", "subappendices", "paracol", "leftbar", "shaded", "shaded*", "turn", "rotate", "resizebox",
})  # fmt: skip


def _title(argument: str) -> str:
    """The text of an argument for readers: all of it, the title among options, empty for a setting."""
    titled = TITLE.search(argument)
    if titled:
        return (titled[1] or titled[2]).strip()
    return "" if SETTING.search(argument) or _sets(argument) else argument


def _sets(argument: str) -> bool:
    """Whether an argument has only settings: options in brackets, or values in braces that are not words.

    `{url, proxy=None}` is the signature of a function; `{width=3cm}` and `[colback=red, enhanced]` are settings.
    """
    if "=" not in argument:
        return False
    parts = [each.partition("=") for each in argument.strip("[").split(",")]
    return argument.startswith("[") or all(
        SET_VALUE.match(value.strip()) if mark else name.strip() in PLACES for name, mark, value in parts
    )


def _arguments(text: str, at: int) -> tuple[int, list[str]]:
    """The end of the arguments that follow, and what is in those in brackets and braces."""
    found: list[str] = []
    while each := ARGUMENTS.match(text, at):
        at = each.end()
        option = each.group().strip()
        found.append(each[1] if each[1] is not None else option[:-1] if "=" in option else option[1:-1])
    return at, found


def _tabular(text: str, found: re.Match[str]) -> tuple[int, str]:
    """A table whose columns pandoc cannot read: as many as its widest row has cells, each to the left."""
    if found["kind"] == "end":
        return found.end(), r"\end{tabular}"
    start, _ = _arguments(text, found.end())
    if width := WIDTH.match(text, start):
        start, _ = _arguments(text, width.end())
    close = text.find(rf"\end{{{found['name']}}}", start)
    rows = text[start : close if close >= 0 else start].split(r"\\")
    cells = max(len(AMPERSAND.findall(row)) for row in rows) + 1
    lines = "\n" * text.count("\n", found.start(), start)
    return start, rf"\begin{{tabular}}{{{'l' * min(cells, 200)}}}{lines}"


def _listing(text: str, found: re.Match[str]) -> tuple[int, str]:
    """A listing under its own name, to its end: its content is not markup. One that contains a listing is a figure."""
    close = rf"\end{{{found['name']}}}"
    end = text.find(close, found.end())
    if found["kind"] == "end":
        return found.end(), r"\end{figure}"
    if end < 0:
        return found.end(), r"\par "
    if r"\caption" in text[found.end() : end] or INNER_LISTING.search(text, found.end(), end):
        return _arguments(text, found.end())[0], r"\begin{figure}"
    start, _ = _arguments(text, found.end())
    content = text[start:end].replace(r"\end{verbatim}", r"\end {verbatim}") if start <= end else ""
    return end + len(close), rf"\begin{{verbatim}}{content}\end{{verbatim}}"


def _bibliography(text: str) -> str:
    """Each entry of the bibliography under its label in brackets, or its number, with a place that citations lead to."""
    number = 0

    def item(found: re.Match[str]) -> str:
        nonlocal number
        number += 1
        lines = "\n" * found.group().count("\n")
        return rf"\item[{{[{found[1] or number}]}}]\label{{cite.{found[2].strip()}}} {lines}"

    return ITEM.sub(item, text)
