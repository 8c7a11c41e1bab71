"""Tells formulas from amounts of money, shell variables and prices: `$E=mc^2$` is TeX, `$5 and $6` is not."""

from __future__ import annotations

import re

LONGEST = 4000  # characters of a formula
# pandoc's own rule: no space inside the dollars, no digit after the closing one, no blank line in between.
DISPLAY = r"\$\$(?P<display>(?:[^$\\]|\\.)+?)\$\$"
INLINE = r"(?<![\w\\$])\$(?P<inline>(?=[^\s$])(?:[^$\\\n]|\\.|\n(?!\s*\n))*?(?<=[^\s\\]))\$(?![\d$])"
CANDIDATE = re.compile(f"{DISPLAY}|{INLINE}", re.DOTALL)
DOLLAR = re.compile(r"\\[\\$]|\$")
COMMAND = re.compile(r"\\([A-Za-z]+)\*?")
BRACED = re.compile(r"\\(?:text|mathrm|mathbf|mathit|mathsf|operatorname|label|tag|begin|end)\*?\{[^{}]*\}")
SCRIPT = re.compile(r"[\w)\]}|'][\^_](?:\{|\\|\w)")
WORD = re.compile(r"[^\W\d_]{3,}")
# What stands in a formula of no command and no script: numbers, one or two letters, operators.
TOKEN = re.compile(r"(?P<atom>[A-Za-z0-9.]+)'*|[-+*/=<>≤≥≠≈∈,|!^()\[\]:±]|\s+")
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
ce xrightarrow leqslant geqslant
"""
COMMANDS = frozenset(WORDS.split())


def mask(text: str, stand_in: str, *, keep_formulas: bool) -> str:
    """`text` with every dollar sign replaced that is no part of a formula, and not escaped: that one is text already."""
    if not keep_formulas:
        return _masked(text, stand_in)
    parts, end = [], 0
    for start, stop in _formulas(text):
        parts += [_masked(text[end:start], stand_in), text[start:stop]]
        end = stop
    return "".join([*parts, _masked(text[end:], stand_in)])


def _masked(text: str, stand_in: str) -> str:
    return DOLLAR.sub(lambda found: stand_in if found[0] == "$" else found[0], text)


def _formulas(text: str) -> list[tuple[int, int]]:
    """Where the formulas are, dollars included; a pair that is none lets its second dollar open the next."""
    found, position = [], 0
    while match := CANDIDATE.search(text, position):
        content = match["display"] or match["inline"] or ""
        if looks_like_tex(content):
            found.append(match.span())
            position = match.end()
        else:
            position = match.start() + 1
    return found


def looks_like_tex(content: str) -> bool:
    """Whether somebody meant it as a formula: a TeX command, a sub- or superscript, or letters and operators alone."""
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
    if sum(len(token.group()) for token in tokens) != len(content) or content == "Id":
        return False
    atoms = [token["atom"] for token in tokens if token["atom"]]
    amount = content[0].isdigit() and not re.search(r"[=<>+]", content)
    return all(ATOM.fullmatch(atom) for atom in atoms) and not amount and any(atom.strip("0123456789.") for atom in atoms)
