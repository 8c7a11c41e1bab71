"""`\\ce{…}` of the LaTeX package mhchem as plain TeX: formulas, charges, states, coefficients, arrows with labels.

The grammar is that of the package's manual (sections 3 to 6). Other parts, for example bonds by name, are not
translated: the caller keeps the source.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

ARROWS = {
    "<=>>": "\\rightleftharpoons", "<<=>": "\\rightleftharpoons", "<=>": "\\rightleftharpoons", "<-->": "\\leftrightarrow",
    "<->": "\\leftrightarrow", "->": "\\rightarrow", "<-": "\\leftarrow",
}  # fmt: skip
# Text has no space around it, as an operator has.
BONDS = {
    "-": "\\text{–}", "1": "\\text{–}", "=": "\\text{=}", "2": "\\text{=}", "#": "\\text{≡}", "3": "\\text{≡}", "~": "\\text{∼}",
    "~-": "\\text{≃}", "~=": "\\text{≅}", "...": "\\text{···}", "....": "\\text{····}", "->": "\\text{→}", "<-": "\\text{←}",
}  # fmt: skip
STRETCHED = {"->": "\\xrightarrow", "<-": "\\xleftarrow"}
LABEL = r"(?:\[([^\[\]]{0,200})\])?"
TOKEN = re.compile(
    r"(?P<space>\s++)"
    rf"|(?P<arrow><=>>|<<=>|<=>|<-->|<->|->|<-){LABEL}{LABEL}"
    r"|(?P<state>\((?:aq|s|l|g|cr)\))"
    r"|(?P<element>[A-Z][a-z]?)"
    r"|(?P<number>\d++(?:[./]\d++)?)"
    r"|(?P<script>[\^_])(?:\{(?P<group>[^{}]{0,200})\}|(?P<charge>\d{0,3}[+-]{1,4}|\d{1,3}|[a-z*.])|(?=\s|$))"
    r"|(?P<sign>[+\-=#])"
    r"|(?P<bracket>[()\[\]])"
    r"|(?P<dot>[*.·])"
    r"|\$(?P<math>[^$]{1,300})\$"
    r"|\\bond\{(?P<bond>[^{}]{1,4})\}"
    r"|(?P<greek>\\[A-Za-z]++\s?)"
    r"|(?P<text>\{[^{}]{0,200}\})"
    r"|(?P<small>[a-z])"
)


def translated(source: str) -> str:
    """The TeX of one `\\ce`; empty where a part of it is not understood."""
    out: list[str] = []
    place, before = 0, "space"
    while place < len(source):
        found = TOKEN.match(source, place)
        if found is None:
            return ""
        kind = str(found.lastgroup)
        behind = source[found.end() : found.end() + 1]
        kind = "arrow" if found["arrow"] else "script" if found["script"] else kind
        out.append(_written(kind, found, before, behind))
        place, before = found.end(), kind
    return "".join(out).strip()


QUANTITY = re.compile(
    r"(?P<power>(?<=\d)[eE](?P<exponent>[+-]?\d++))|(?P<unit>[A-Za-zµμΩ°]++)(?P<raised>[+-]?\d++)?|(?P<other>//|[*. ]++)"
)


def quantity(source: str) -> str:
    """The TeX of one `\\pu`, a number with its unit: `1.2e3 m s-2`, `120 kJ//mol`."""

    def written(found: re.Match[str]) -> str:
        if found["power"]:
            return f"\\cdot 10^{{{found['exponent']}}}"
        if found["unit"]:
            return f"\\mathrm{{{found['unit']}}}" + (f"^{{{found['raised']}}}" if found["raised"] else "")
        return {"//": "/", "": "\\,", ".": "." if found[0] == "." else "\\cdot "}.get(found[0].strip(), "\\cdot ")

    return QUANTITY.sub(written, source.strip())


def _written(kind: str, found: re.Match[str], before: str, behind: str) -> str:
    return WRITTEN[kind](found, before, behind) if kind in WRITTEN else found.group()


def _scripted(found: re.Match[str], before: str, _behind: str) -> str:
    inside = found["group"] or found["charge"]
    base = "{}" if before == "space" else ""
    return f"{base}{found['script']}{{{_script(inside)}}}" if inside else " \\uparrow "


def _number(found: re.Match[str], before: str, _behind: str) -> str:
    text = found.group()
    if before in {"element", "bracket", "small", "text", "script"}:
        return f"_{{{text}}}"
    top, slash, bottom = text.partition("/")
    return f"\\frac{{{top}}}{{{bottom}}}" if slash else f"{text}\\,"


def _sign(found: re.Match[str], before: str, behind: str) -> str:
    """A charge directly behind a formula; otherwise an operation or a bond."""
    text = found.group()
    if text in "+-" and before != "space" and behind in ("", " ", "]", ")"):
        return f"^{{{text}}}"
    if before != "space" and behind not in ("", " "):
        return BONDS.get(text, text)
    return "\\equiv " if text == "#" else text


def _letter(found: re.Match[str], before: str, behind: str) -> str:
    text = found.group()
    return " \\downarrow " if text == "v" and before == "space" and behind in ("", " ") else f"\\mathrm{{{text}}}"


def _words(found: re.Match[str], _before: str, _behind: str) -> str:
    return f"\\text{{{found.group().strip('{}')}}}"


def _script(text: str) -> str:
    return re.sub(r"[A-Za-z]+", lambda found: f"\\mathrm{{{found[0]}}}", text)


def _arrow(found: re.Match[str], _before: str, _behind: str) -> str:
    name, above, below = found["arrow"], found[3], found[4]
    if above is None and below is None:
        return f" {ARROWS[name]} "
    above, below = (_label(label) for label in (above, below))
    if name in STRETCHED:
        return f" {STRETCHED[name]}" + (f"[{below}]" if below else "") + f"{{{above}}} "
    arrow = f"\\overset{{{above}}}{{{ARROWS[name]}}}" if above else ARROWS[name]
    return f" \\underset{{{below}}}{{{arrow}}} " if below else f" {arrow} "


def _label(text: str | None) -> str:
    """A label as a formula if it is one, else as words."""
    if not text:
        return ""
    formula = translated(text) if re.search(r"[A-Z\d\\^]", text) else ""
    return formula or f"\\text{{{text.strip('{}')}}}"


WRITTEN: Mapping[str, Callable[[re.Match[str], str, str], str]] = {
    "arrow": _arrow,
    "script": _scripted,
    "number": _number,
    "sign": _sign,
    "element": _letter,
    "small": _letter,
    "state": _words,
    "text": _words,
    "math": lambda found, *_: f"{{{found['math']}}}",
    "bond": lambda found, *_: BONDS.get(found["bond"], "\\text{–}"),
    "dot": lambda *_: "\\cdot ",
    "space": lambda *_: " ",
}
