"""Distinguishes formulas from amounts of money, shell variables and escaped brackets: `$E=mc^2$` is TeX, `$5 and $6` is not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.readers.markdown.masks import Masks

LONGEST = 4000  # characters of a formula
# pandoc's own rule: no space inside the dollars, no digit after the closing one, no blank line in between.
DISPLAY = r"\$\$(?P<display>(?:[^$\\]|\\.)+?)\$\$"
INLINE = r"(?<![A-Za-z0-9_\\$])\$(?P<inline>(?=[^\s$])(?:[^$\\\n]|\\.|\n(?!\s*\n))*?(?<=[^\s\\]))\$(?![\d$])"
CANDIDATE = re.compile(f"{DISPLAY}|{INLINE}", re.DOTALL)
DOLLAR = re.compile(r"\\[\\$]|\$")
BRACKET = re.compile(r"\\(?:(?P<mark>[()\[\]])|.)", re.DOTALL)
CLOSING = {"(": ")", "[": "]"}
SIGNS = re.compile(r"\\[A-Za-z]|[\^_=]")  # parts of a displayed formula that an escaped note or box does not have
COMMAND = re.compile(r"\\([A-Za-z]+)\*?")
BRACED = re.compile(r"\\(?:text|mathrm|mathbf|mathit|mathsf|operatorname|label|tag|begin|end)\*?\{[^{}]*\}")
SCRIPT = re.compile(r"[\w)\]}|'][\^_](?:\{|\\|\w)")
WORD = re.compile(r"[^\W\d_]{3,}")
# The content of a formula without commands and scripts: numbers, one or two letters, operators.
TOKEN = re.compile(r"(?P<atom>[A-Za-z0-9.]+)'*|[-+*/=<>≤≥≠≈∈,|!^()\[\]:±]|\\[\\{},;:]|&|\s+")
ATOM = re.compile(r"[0-9.]*+[A-Za-z]{0,2}+[0-9]*+")
WORDS = """
alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi
varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega frac dfrac tfrac sqrt sum prod int iint oint lim
limsup liminf inf sup max min log ln exp sin cos tan arcsin arccos arctan det dim ker gcd mod bmod pmod times cdot cdots
ldots dots vdots ddots div pm mp le leq ge geq ne neq ll gg approx equiv sim simeq cong propto infty partial nabla forall
exists in notin ni subset subseteq supset supseteq cup cap setminus emptyset varnothing to rightarrow leftarrow
leftrightarrow Rightarrow Leftarrow Leftrightarrow iff implies mapsto longrightarrow uparrow downarrow hat bar vec dot ddot
tilde overline underline widehat widetilde overbrace underbrace overset underset stackrel binom choose left right big Big
bigg Bigg langle rangle lfloor rfloor lceil rceil lvert rvert lVert rVert mathbb mathcal mathfrak mathscr mathrm mathbf
mathit mathsf boldsymbol text textbf textit operatorname begin end quad qquad prime circ ast star oplus otimes odot wedge
vee neg lnot land lor perp parallel mid angle triangle square ell hbar Re Im aleph displaystyle limits label tag
SI si qty unit num ang boxed cancel bcancel xcancel cancelto color textcolor substack phantom mathring bm dv pdv bra ket
braket abs norm prescript dddot overrightarrow underparen overparen oiint iiint newcommand renewcommand def
DeclareMathOperator eqref implies cfrac dbinom tbinom genfrac middle xleftarrow xleftrightarrow
ce pu xrightarrow leqslant geqslant blacksquare Box qed doteq models vdash dashv succ prec lll ggg
"""
COMMANDS = frozenset(WORDS.split())


def masked(text: str, masks: Masks, math: str) -> str:
    """`text` with masks for dollar signs and TeX brackets outside of formulas.

    `math` is the option: with `on` every pair of dollars is a formula, with `off` no pair. An escaped dollar is text already.
    """
    if "$" in text and math != "on":
        text = _without_amounts(text, masks.of("$"), keep_formulas=math == "auto")
    return _without_brackets(text, masks, keep_formulas=math != "off") if has_brackets(text) else text


def has_brackets(text: str) -> bool:
    """Whether `text` may have formulas in `\\(…\\)` or `\\[…\\]`."""
    return ("\\(" in text and "\\)" in text) or ("\\[" in text and "\\]" in text)


def _without_amounts(text: str, stand_in: str, *, keep_formulas: bool) -> str:
    if not keep_formulas:
        return _masked(text, stand_in)
    parts, end = [], 0
    for start, stop in _formulas(text):
        parts += [_masked(text[end:start], stand_in), text[start:stop]]
        end = stop
    return "".join([*parts, _masked(text[end:], stand_in)])


def _masked(text: str, stand_in: str) -> str:
    return DOLLAR.sub(lambda found: stand_in if found[0] == "$" else found[0], text)


def _without_brackets(text: str, masks: Masks, *, keep_formulas: bool) -> str:
    """`\\[1\\]` is an escaped bracket, as converters from HTML write it; `\\[ x^2 \\]` is a formula."""
    formula = {place for pair in _bracketed(text) if keep_formulas for place in pair}
    parts, done = [], 0
    for found in BRACKET.finditer(text):
        if found["mark"] and found.start() not in formula:
            parts += [text[done : found.start()], masks.escape(), masks.of(found["mark"])]
            done = found.end()
    return "".join([*parts, text[done:]])


def _bracketed(text: str) -> Iterator[tuple[int, int]]:
    """The pairs of brackets with a formula."""
    opened: tuple[int, str] | None = None
    for found in BRACKET.finditer(text):
        mark = found["mark"]
        if mark in {"(", "["}:
            opened = found.start(), mark
        elif mark and opened and CLOSING[opened[1]] == mark:
            content = text[opened[0] + 2 : found.start()]
            if looks_like_tex(content) and (mark == ")" or SIGNS.search(content)):
                yield opened[0], found.start()
            opened = None


def _formulas(text: str) -> list[tuple[int, int]]:
    """The places of formulas, with their dollars. The second dollar of other pairs may open the next."""
    found, place = [], text.find("$")
    while place >= 0:
        match = CANDIDATE.match(text, place)
        if match and (_is_set_apart(text, match) or looks_like_tex(match["display"] or match["inline"] or "")):
            found.append(match.span())
        place = text.find("$", found[-1][1] if found and found[-1][0] == place else place + 1)
    return found


def _is_set_apart(text: str, match: re.Match[str]) -> bool:
    """Whether double dollars with a command in them stand on lines of their own: that is a formula with any command."""
    if match["display"] is None or len(match["display"]) > LONGEST or not COMMAND.search(match["display"]):
        return False
    before, behind = text[: match.start()].rpartition("\n")[2], text[match.end() : match.end() + 200].partition("\n")[0]
    return not before.strip(" \t>") and not behind.strip() and re.search(r"\n\s*\n", match["display"]) is None


def looks_like_tex(content: str) -> bool:
    """Whether it is intended as a formula: a TeX command, a sub- or superscript, or only letters and operators."""
    content = content.strip()
    if not content or len(content) > LONGEST or re.search(r"\n\s*\n", content):
        return False
    bare = BRACED.sub(" ", content)
    if any(name in COMMANDS for name in COMMAND.findall(content)):
        return True
    bare = COMMAND.sub(" ", bare)
    if WORD.search(re.sub(r"\{[^{}]*\}", "", bare)):
        return False
    if SCRIPT.search(bare):
        return True
    return _is_plain(bare)


def _is_plain(content: str) -> bool:
    """`x`, `n+1`, `f(x) = 2x`: and neither an amount (`5-10k`) nor a revision keyword (`Id`)."""
    tokens = list(TOKEN.finditer(content))
    if sum(len(token.group()) for token in tokens) != len(content) or content == "Id" or {content[0], content[-1]} & set(",!:|"):
        return False
    atoms = [token["atom"] for token in tokens if token["atom"]]
    amount = content[0].isdigit() and not re.search(r"[=<>+]", content)
    return all(ATOM.fullmatch(atom) for atom in atoms) and not amount and any(atom.strip("0123456789.") for atom in atoms)
