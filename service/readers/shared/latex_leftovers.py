"""Handles LaTeX that pandoc did not convert: references get their number or key, and the words of unknown commands are kept."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from service.ast import pandoc_ast
from service.ast.pandoc_ast import Node, attr, link, para, span, string, words
from service.model.document import Notice
from service.model.notices import notice

BRACED = r"\{((?>(?:[^{}]++|\{(?>(?:[^{}]++|\{[^{}]*+\})*)\})*))\}"
REFERENCE = re.compile(
    r"\\(?P<name>(?:page|eq|auto|v|f|full|title|name|l?c|C|labelc|sub|prettyp?|z|Vr|vpage|cpage|autopage|thm|th)?[rR]ef"
    r"(?:range)?\*?|[cC]refrange)\s*(?:\[[^\[\]]*\])?\{(?P<keys>[^{}]*)\}(?:\{(?P<last>[^{}]*)\})?"
)
LABEL = re.compile(r"\\(?:label|hypertarget|phantomsection\s*\\label)\s*\{([^{}]*)\}")
CITATION = re.compile(r"\\(?=[A-Za-z]*[cC]ite)[A-Za-z]++\*?+\s*+(?>(?:\[[^\[\]]*+\]\s*+)*)\{([^{}]*+)\}")
# Commands for the look; they are removed with their arguments.
TECHNICAL = re.compile(
    r"\\(?:PassOptionsToPackage|maketitle|centering|raggedright|noalign|(?:top|mid|bottom|cmid)rule|[hc]line|newpage|clearpage"
    r"|cleardoublepage|pagebreak|nopagebreak|tableofcontents|listof\w*|[vhm]?space\*?|[vh]skip|(?:small|med|big)skip|noindent"
    r"|indent|(?:this)?pagestyle|pagenumbering|bibliograph\w*|printbibliography|addbibresource|set\w*|addto\w*|use\w*|document\w+"
    r"|frontmatter|mainmatter|backmatter|appendix|phantomsection|null|par|re?new\w*|new\w*|provide\w*|[Dd]eclare\w*|define\w*"
    r"|DefineV\w*|include\w*|input\w*|import|subfile|graphicspath|hypersetup|add(?:contents|tocontents)\w*|markboth|markright"
    r"|fancy\w*|l?[fhlrc]head|[lrc]foot|color|textcolor|pagecolor|rowcolors?|cellcolor|columncolor|definecolor|font\w*|select\w*"
    r"|bgroup|egroup|begingroup|endgroup|let|def|edef|gdef|xdef|global|relax|ensuremath|index|glossary|gls\w*add|make\w+|today"
    r"|vfill|hfill|hrule|vrule|rule|hbox|vspace|linebreak|nolinebreak|break|allowbreak|penalty|protect|captionsetup|title"
    r"|keywords?|kwd|subtitle|doi|acm\w*|author|date|thanks|affil\w*|institute|address|email|label|crefname|Crefname|lst\w*|tikz\w*|pgf\w*|everymath|everypar"
    r"|parindent|parskip|baselineskip|baselinestretch|hsize|vsize|textwidth|textheight|expandafter|csname|endcsname|at\w+Document"
    r"|immediate|write|read|open\w*|close\w*|special|pdf(?!tooltip)\w+|hyphenation|sloppy|fussy|raggedbottom|flushbottom|newline"
    r"|footnotemark|counterwithin|numberwithin|allowdisplaybreaks|theoremstyle|qedhere|qed|balance|IEEE\w+|microtype\w*"
    r"|nocite|citestyle|citation|bibitem|bibinfo|bibfield|doublespacing|onehalfspacing|singlespacing|tiny|scriptsize|item)(?![A-Za-z])"
)
# Environments for drawings, without running text.
DRAWINGS = re.compile(
    r"(?:tikz|pgf|circuitikz|pspicture|picture|asy|xy|forest|feyn|gnuplot|axis|overpic|filecontents|CCSXML|mpost|luacode"
    r"|pycode|sageblock|psmatrix|diagram|scope|prooftree|ProofTree)"
)
BOXES = frozenset({r"\mbox", r"\fbox", r"\makebox", r"\framebox", r"\colorbox", r"\fcolorbox", r"\parbox", r"\scalebox"})
COMMAND = re.compile(r"\\(?:[A-Za-z@]+\*?|.)\s*", re.S)
PIECE = re.compile(rf"\\[A-Za-z@]+\*?|\[(?:[^\[\]]*)\]|{BRACED}")
ENVIRONMENT = re.compile(r"\s*\\begin\s*\{([^{}]*)\}")
OPTION = re.compile(r"\[([^\[\]]*+)\]")
TAGS = re.compile(r"\\(?:begin|end)\s*\{[^{}]*\}(?:\[[^\[\]]*\]|\{[^{}]*\})*")
WORDY = re.compile(r"[^\W\d_]{2}|[^\x00-\x7f]")
CHEMISTRY = re.compile(r"\\(?:ce|pu)\s*\{")
SETTING = re.compile(r"^[^\s,=]*+=[^,]*+(?>(?:,[^,=]*+=[^,]*+)*)$|^-?[\d.]*\s*(?:pt|cm|mm|in|em|ex|bp)$|\\(?:text|line)width")


class Target(NamedTuple):
    """The target of a label: its number, its kind (`Section`), and its title, if it has one."""

    number: str
    kind: str
    title: str = ""


@dataclass
class Leftovers:
    """`targets` are those of labels, by identifier; `entries` those of the bibliography; `dropped` are commands without words."""

    targets: Mapping[str, Target]
    entries: Mapping[str, str]
    dropped: list[str] = field(default_factory=list)
    kept: Counter[str] = field(default_factory=Counter)

    def visit(self, node: Node) -> Node | list[Node] | None:
        if node["t"] == "Cite":
            return self._citation(node)
        if node["t"] == "CodeBlock":
            return self._listing(node)
        if node["t"] == "Math" and (label := LABEL.search(node["c"][1])):
            formula = {"t": "Math", "c": [node["c"][0], LABEL.sub("", node["c"][1])]}
            target = self.targets.get(label[1])
            return [span([], attr(label[1])), formula, *([{"t": "Space"}, string(f"({target.number})")] if target else [])]
        if node["t"] not in ("RawInline", "RawBlock") or node["c"][0] not in ("latex", "tex"):
            return node
        inlines = list(self._inlines(node["c"][1]))
        return inlines if node["t"] == "RawInline" else [para(inlines)] if inlines else None

    def _listing(self, node: Node) -> Node | list[Node]:
        """The listing below its caption, with its number if something refers to it."""
        (identifier, classes, pairs), code = node["c"]
        caption = next((value for key, value in pairs if key == "caption"), "")
        if not caption:
            return node
        rest = [pair for pair in pairs if pair[0] not in ("caption", "label")]
        target = self.targets.get(identifier)
        number = f"{target.kind} {target.number}. " if target else ""
        title = para([{"t": "Strong", "c": words(number + _plain(caption))}])
        return [title, {"t": "CodeBlock", "c": [[identifier, classes, rest], code]}]

    def notices(self) -> list[Notice]:
        reported = []
        if self.kept:
            names = ", ".join(self.kept)
            data = {"markup": "raw latex", "count": self.kept.total(), "commands": dict(self.kept)}
            message = f"Commands that are not known here were dropped, and their text was kept: {names[:300]}."
            reported.append(notice("raw-html-dropped", message, stage="read", data=data))
        if self.dropped:
            data = {"markup": "raw latex", "count": len(self.dropped), "removed": "\n".join(self.dropped)[:10_000]}
            times = f" ({len(self.dropped)} times)" if len(self.dropped) > 1 else ""
            message = f"LaTeX has no equivalent and was removed{times}."
            reported.append(notice("raw-html-dropped", message, stage="read", data=data))
        return reported

    def _citation(self, node: Node) -> Node | list[Node]:
        """The keys in brackets, or the numbers of the bibliography, each with its link, page and other words."""
        out: list[Node] = [string("[")]
        for place, each in enumerate(node["c"][0]):
            out += [string(";"), {"t": "Space"}] if place else []
            if each["citationPrefix"]:
                out += [*each["citationPrefix"], {"t": "Space"}]
            out.append(self._entry(each["citationId"]))
            if each["citationSuffix"]:
                out += [string(","), {"t": "Space"}, *each["citationSuffix"]]
        return [*out, string("]")]

    def _entry(self, key: str) -> Node:
        shown = self.entries.get(key)
        return link([string(shown)], f"#cite.{key}") if shown else string(key)

    def _inlines(self, source: str) -> Iterator[Node]:
        if found := REFERENCE.match(source):
            yield from self._reference(found)
        elif found := LABEL.match(source):
            yield span([], attr(found[1]))
        elif found := CITATION.match(source):
            keys = [self._entry(key.strip()) for key in found[1].split(",") if key.strip() not in ("", "*")]
            parts = [part for key in keys for part in (string(";"), {"t": "Space"}, key)][2:]
            yield from [string("["), *parts, string("]")] if keys and not source.startswith(r"\nocite") else []
        elif CHEMISTRY.match(source):
            yield {"t": "Math", "c": [{"t": "InlineMath"}, source.strip()]}
        elif TECHNICAL.match(source.lstrip()):
            return
        elif (found := ENVIRONMENT.match(source)) and DRAWINGS.match(found[1]):
            self.dropped.append(source)
        elif kept := wordy(source):
            self.dropped += [each for each in OPTION.findall(source) if WORDY.search(each) and " " in each.strip()]
            name = (COMMAND.match(source.lstrip()) or [r"\begin"])[0].strip()
            self.kept.update([] if name in BOXES else [name])
            yield from words(kept)
        else:
            self.dropped.append(source)

    def _reference(self, found: re.Match[str]) -> Iterator[Node]:
        keys = [each.strip() for each in [*found["keys"].split(","), found["last"] or ""] if each.strip()]
        for place, key in enumerate(keys):
            if place:
                yield from (string("–" if found["last"] else ","), {"t": "Space"})
            target = self.targets.get(key)
            yield link(words(_shown(found["name"], key, target)), f"#{key}") if target else string(f"[{key}]")


def _shown(command: str, key: str, target: Target) -> str:
    """The text of the reference; for a page number, which is unknown here, the key."""
    name = command.rstrip("*").lower()
    if "page" in name:
        return f"[{key}]"
    if name in ("nameref", "titleref", "titlecref", "namecref", "lcnamecref"):
        return (target.title if "title" in name or name == "nameref" else target.kind) or target.number or f"[{key}]"
    if name == "eqref":
        return f"({target.number})"
    kind = target.kind if name in ("autoref", "cref", "fullref", "thmref", "labelcref") else ""
    return f"{kind} {target.number or target.title}".strip()


def wordy(source: str) -> str:
    """The words of an unknown command or environment: those of its arguments that are not settings, markup gone."""
    if ENVIRONMENT.match(source):
        return _plain(TAGS.sub(" ", source))
    parts = [each[1] for each in PIECE.finditer(source) if each[1] is not None]
    return " ".join(_plain(each) for each in parts if WORDY.search(each) and not SETTING.search(each))


def _plain(text: str) -> str:
    text = re.sub(r"\\(?:item|par|\\)(?![A-Za-z])", " ", text)
    text = re.sub(r"\\([&%$#_{} ])", r"\1", TECHNICAL.sub("", text))
    text = re.sub(r"\\(?:[A-Za-z@]+\*?\s*|[\"'`^~=.])", "", text)
    return " ".join(text.translate(str.maketrans("~&", "  ", "{}$")).split())


def targets(blocks: Sequence[Node], formulas: Sequence[str]) -> dict[str, Target]:
    """The names of sections, figures, tables, statements and labelled formulas, by identifier."""
    found: dict[str, Target] = {}
    counts: Counter[str] = Counter()
    section: list[int] = []
    for node in pandoc_ast.query(blocks, {"Header", "Figure", "Table", "Div", "CodeBlock"}):
        kind = node["t"]
        if kind == "Header":
            level, (identifier, classes, _), inlines = node["c"]
            title, number = pandoc_ast.text(inlines), ""
            if "unnumbered" not in classes:
                above = [*section, *[0] * level]
                section = [*above[: level - 1], above[level - 1] + 1]
                number = ".".join(map(str, section)).removeprefix("0.")
            found[identifier] = Target(number or title, "Section" if number else "", title)
        elif kind == "Div" and any(each["t"] == "Table" for each in node["c"][1]):
            found[node["c"][0][0]] = Target(str(counts["Table"] + 1), "Table")
        elif kind == "Div":
            found |= _statement(node)
        elif kind == "CodeBlock":
            pairs = dict(node["c"][0][2])
            if "caption" in pairs and node["c"][0][0]:
                counts[kind] += 1
                found.setdefault(node["c"][0][0], Target(str(counts[kind]), "Listing"))
        else:
            counts[kind] += 1
            found.setdefault(node["c"][0][0], Target(str(counts[kind]), kind))
    for place, formula in enumerate(formulas, 1):
        found |= {key: Target(str(place), "Equation") for key in LABEL.findall(formula)}
    return found


def _statement(node: Node) -> dict[str, Target]:
    """A theorem by the name and number in bold at its start."""
    blocks = node["c"][1]
    if not blocks or blocks[0]["t"] not in ("Para", "Plain") or not blocks[0]["c"] or blocks[0]["c"][0]["t"] != "Strong":
        return {}
    kind, _, number = pandoc_ast.text(blocks[0]["c"][0]).replace("\u00a0", " ").rpartition(" ")
    raws = pandoc_ast.query(blocks, {"RawInline"})
    labels = [node["c"][0][0], *(label[1] for each in raws if (label := LABEL.match(each["c"][1])))]
    return {label: Target(number, kind) for label in labels if label} if number[:1].isdigit() else {}
