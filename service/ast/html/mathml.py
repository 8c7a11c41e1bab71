"""MathML → TeX: the source in its annotation, else a translation of presentation MathML.

Source: MathML Core; the elements of MathML 3 that converters write. An element without a row shows its content.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from service.ast.html.tree import Element

DEEPEST = 40  # elements in one another
# Characters with a command in TeX, because the character itself has another meaning or look there.
ESCAPED = {
    "\\": r"\backslash ", "{": r"\{", "}": r"\}", "$": r"\$", "%": r"\%", "#": r"\#", "&": r"\&", "_": r"\_", "^": r"\hat{}",
    "~": r"\sim ",
}  # fmt: skip
OPERATORS = {
    "−": "-", "∑": r"\sum ", "∏": r"\prod ", "∫": r"\int ", "∮": r"\oint ", "∂": r"\partial ", "∇": r"\nabla ", "∞": r"\infty ",
    "≤": r"\le ", "≥": r"\ge ", "≠": r"\ne ", "≈": r"\approx ", "≡": r"\equiv ", "∼": r"\sim ", "≪": r"\ll ", "≫": r"\gg ",
    "±": r"\pm ", "∓": r"\mp ", "×": r"\times ", "÷": r"\div ", "⋅": r"\cdot ", "·": r"\cdot ", "∗": "*", "∘": r"\circ ",
    "→": r"\to ", "←": r"\leftarrow ", "↔": r"\leftrightarrow ", "⇒": r"\Rightarrow ", "⇐": r"\Leftarrow ",
    "⇔": r"\Leftrightarrow ", "↦": r"\mapsto ", "∈": r"\in ", "∉": r"\notin ", "∋": r"\ni ", "⊂": r"\subset ", "⊆": r"\subseteq ",
    "⊃": r"\supset ", "⊇": r"\supseteq ", "∪": r"\cup ", "∩": r"\cap ", "∖": r"\setminus ", "∅": r"\emptyset ", "∀": r"\forall ",
    "∃": r"\exists ", "¬": r"\neg ", "∧": r"\wedge ", "∨": r"\vee ", "⊕": r"\oplus ", "⊗": r"\otimes ", "⟨": r"\langle ",
    "⟩": r"\rangle ", "‖": r"\|", "⌊": r"\lfloor ", "⌋": r"\rfloor ", "⌈": r"\lceil ", "⌉": r"\rceil ", "…": r"\dots ",
    "⋯": r"\cdots ", "⋮": r"\vdots ", "⋱": r"\ddots ", "′": "'", "ℏ": r"\hbar ", "ℓ": r"\ell ", "ℝ": r"\mathbb{R}",
    "ℤ": r"\mathbb{Z}", "ℕ": r"\mathbb{N}", "ℚ": r"\mathbb{Q}", "ℂ": r"\mathbb{C}", "∣": r"\mid ", "∥": r"\parallel ",
    "⊥": r"\perp ", "∠": r"\angle ", "△": r"\triangle ", "∝": r"\propto ", "\u2061": "", "\u2062": "", "\u2063": "", "\u2064": "",
    "\u00a0": r"\ ", "\u2009": r"\,",
}  # fmt: skip
GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "varepsilon", "ζ": "zeta", "η": "eta", "θ": "theta", "ι": "iota",
    "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau", "υ": "upsilon",
    "φ": "varphi", "χ": "chi", "ψ": "psi", "ω": "omega", "Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi",
    "Π": "Pi", "Σ": "Sigma", "Υ": "Upsilon", "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega", "ϵ": "epsilon", "ϑ": "vartheta", "ϕ": "phi",
    "ϱ": "varrho", "ς": "varsigma", "ϖ": "varpi",
}  # fmt: skip
LARGE = frozenset({r"\sum", r"\prod", r"\int", r"\oint", r"\bigcup", r"\bigcap", r"\lim"})
ACCENTS = {
    "^": "hat", "ˆ": "hat", "~": "tilde", "˜": "tilde", "¯": "overline", "‾": "overline", "_": "underline", "→": "vec", "⃗": "vec",
    "˙": "dot", "¨": "ddot", "⏞": "overbrace", "⏟": "underbrace", "ˇ": "check", "˘": "breve", "´": "acute", "`": "grave",
}  # fmt: skip
FONTS = {
    "bold": "mathbf", "double-struck": "mathbb", "script": "mathcal", "fraktur": "mathfrak", "normal": "mathrm",
    "monospace": "mathtt", "sans-serif": "mathsf", "bold-italic": "boldsymbol",
}  # fmt: skip
FUNCTIONS = frozenset({
    "sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "arcsin", "arccos", "arctan", "exp", "ln", "log", "lg",
    "det", "dim", "gcd", "hom", "inf", "ker", "lim", "max", "min", "sup", "Pr", "arg", "deg",
})  # fmt: skip
IN_TEXT = {"\\": r"\textbackslash ", "^": " ", "~": " "}
SPECIAL = re.compile(r"[\\{}$%#&_^~]")


def tex(element: Element) -> str:
    """The formula as TeX; empty if the element is empty or nests too deep."""
    noted = (each.text() for each in element.iter("annotation") if "tex" in each.get("encoding").lower())
    return next((source.strip() for source in noted if source.strip()), "") or " ".join(_row(element, 0).split())


def _row(element: Element, depth: int) -> str:
    return "".join(_one(child, depth + 1) for child in element.children)


def _one(part: str | Element, depth: int) -> str:
    if isinstance(part, str):
        return _escaped(part.strip())
    if depth > DEEPEST:
        return _escaped(part.text())
    return ELEMENTS.get(part.tag, _row)(part, depth)


def _escaped(text: str) -> str:
    return "".join(ESCAPED.get(each) or (OPERATORS[each] if each in OPERATORS else _greek(each)) for each in text)


def _greek(letter: str) -> str:
    return f"\\{GREEK[letter]} " if letter in GREEK else letter


def _arguments(element: Element, depth: int, number: int) -> list[str]:
    """The content of each child, in groups; missing children are empty groups."""
    made = [_one(child, depth + 1) for child in element.elements()]
    return [*made, *[""] * number][: max(number, len(made))]


def _identifier(element: Element, _depth: int) -> str:
    text = "".join(element.text().split())
    font = FONTS.get(element.get("mathvariant"), "")
    if text in FUNCTIONS:
        return f"\\{text} "
    made = _escaped(text)
    if font and not (font == "mathrm" and len(text) == 1 and not text.isalpha()):
        return f"\\{font}{{{made}}}"
    return f"\\mathrm{{{made}}}" if len(text) > 1 and text.isalpha() else made


def _number(element: Element, _depth: int) -> str:
    return _escaped("".join(element.text().split()))


def _operator(element: Element, _depth: int) -> str:
    text = "".join(element.text().split())
    if text in FUNCTIONS:
        return f"\\{text} "
    return f"\\operatorname{{{text}}}" if re.fullmatch(r"[A-Za-z]{2,}", text) else _escaped(text)


def _text(element: Element, _depth: int) -> str:
    text = SPECIAL.sub(lambda found: IN_TEXT.get(found[0], f"\\{found[0]}"), element.text())
    return f"\\text{{{text}}}" if text.strip() else r"\ " if text else ""


def _fraction(element: Element, depth: int) -> str:
    above, below = _arguments(element, depth, 2)[:2]
    command = "binom" if element.get("linethickness") in ("0", "0px") else "frac"
    return f"\\{command}{{{above}}}{{{below}}}"


def _square_root(element: Element, depth: int) -> str:
    return f"\\sqrt{{{_row(element, depth)}}}"


def _boxed(element: Element, depth: int) -> str:
    return f"\\boxed{{{_row(element, depth)}}}"


def _nothing(_element: Element, _depth: int) -> str:
    return ""


def _scripted(below: bool, above: bool) -> Callable[[Element, int], str]:
    def made(element: Element, depth: int) -> str:
        base, *scripts = _arguments(element, depth, 1 + below + above)
        under = scripts[0] if below else ""
        over = scripts[below] if above else ""
        sub, sup = f"_{{{under}}}" if under else "", f"^{{{over}}}" if over else ""
        rest = "".join(scripts[below + above :])
        return f"{_group(base)}{sub}{sup}{rest}"

    return made


def _group(base: str) -> str:
    return base if base.strip() in LARGE or len(base.strip()) == 1 else f"{{{base}}}"


def _stacked(below: bool, above: bool) -> Callable[[Element, int], str]:
    """Limits of a large operator, an accent, or one thing over or under another."""

    def made(element: Element, depth: int) -> str:
        children = list(element.elements())
        base, *scripts = _arguments(element, depth, 1 + below + above)
        marks = [child.text().strip() for child in children[1:]]
        if base.strip() in LARGE:
            return _scripted(below, above)(element, depth)
        for position, script in enumerate(scripts):
            accent = ACCENTS.get(marks[position], "") if position < len(marks) else ""
            under = below and position == 0
            if accent:
                base = f"\\{'underline' if under and accent == 'overline' else accent}{{{base}}}"
            elif script:
                base = f"\\{'underset' if under else 'overset'}{{{script}}}{{{base}}}"
        return base

    return made


def _root(element: Element, depth: int) -> str:
    base, index = _arguments(element, depth, 2)[:2]
    return f"\\sqrt[{index}]{{{base}}}"


def _fenced(element: Element, depth: int) -> str:
    separators = element.get("separators", ",").strip()
    joined = ""
    for number, child in enumerate(element.elements()):
        joined += separators[min(number, len(separators)) - 1] if number and separators else ""
        joined += _one(child, depth + 1)
    opening = _escaped(element.get("open", "(")) or "."
    closing = _escaped(element.get("close", ")")) or "."
    return f"\\left{opening}{joined}\\right{closing}"


def _table(element: Element, depth: int) -> str:
    rows = [row for row in element.elements() if row.tag in ("mtr", "mlabeledtr")]
    cells = [[_row(cell, depth + 2) for cell in row.elements()] for row in rows]
    return "\\begin{matrix}" + r" \\ ".join(" & ".join(row) for row in cells) + "\\end{matrix}"


def _prescripted(element: Element, depth: int) -> str:
    """`<mmultiscripts>`: base, pairs of scripts after it, `<mprescripts>`, pairs before it."""
    children = list(element.elements())
    base = _one(children[0], depth + 1) if children else ""
    after: list[str] = []
    before: list[str] = []
    now = after
    for child in children[1:]:
        if child.tag == "mprescripts":
            now = before
        else:
            now.append("" if child.tag in ("none", "mnone") else _one(child, depth + 1))
    return f"{'{}' if any(before) else ''}{_scripts(before)}{_group(base)}{_scripts(after)}"


def _scripts(made: list[str]) -> str:
    below, above = "".join(made[::2]), "".join(made[1::2])
    return (f"_{{{below}}}" if below else "") + (f"^{{{above}}}" if above else "")


ELEMENTS: Mapping[str, Callable[[Element, int], str]] = {
    "mi": _identifier, "mn": _number, "mo": _operator, "mtext": _text, "ms": _text, "mspace": lambda *_: r"\ ",
    "mfrac": _fraction, "msqrt": _square_root, "mroot": _root, "menclose": _boxed, "mfenced": _fenced, "mtable": _table,
    "msub": _scripted(True, False), "msup": _scripted(False, True), "msubsup": _scripted(True, True),
    "munder": _stacked(True, False), "mover": _stacked(False, True), "munderover": _stacked(True, True),
    "mmultiscripts": _prescripted, "annotation": _nothing, "annotation-xml": _nothing,
}  # fmt: skip
