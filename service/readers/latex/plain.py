"""The text of LaTeX without markup, for the count of letters. Formulas are not counted.

The rules are short and leave out doubtful parts: the preamble, arguments of commands with settings.
"""

from __future__ import annotations

import re

from service.readers.shared import letters

PREAMBLE = re.compile(r"\A.*?\\begin\s*\{document\}|\\end\s*\{document\}.*", re.S)
COMMENT = re.compile(r"(?<!\\)%[^\n]*")
DROPPED = re.compile(
    r"\\iffalse\b.*?(?:\\fi\b|\Z)|\\begin\{(comment|tikzpicture|picture|pspicture|filecontents\*?|CCSXML|tikzcd|equation\*?|align\*?|eqnarray\*?|gather\*?"
    r"|multline\*?|displaymath|math|flalign\*?|alignat\*?|dmath\*?|keywords?|IEEEkeywords)\}.*?(?:\\end\{\1\}|\Z)", re.S
)  # fmt: skip
FORMULA = re.compile(r"\\\[.*?(?:\\\]|\Z)|\\\(.*?(?:\\\)|\Z)|\$\$.*?(?:\$\$|\Z)|(?<!\\)\$[^$]*\$", re.S)
SETTING = re.compile(
    r"\\(?:begin|end|label|[a-zA-Z]*ref|[a-zA-Z]*cite[a-zA-Z]*|includegraphics|input|include|bibliography\w*|[vh]space|usepackage"
    r"|set\w*|re?new\w*|provide\w*|def|let|document\w*|page\w*|this\w*|color|textcolor|definecolor|hypersetup|addto\w*|addcontents\w*"
    r"|href|gls\w*|ac\w*|si|SI|num|unit|input\w*|graphicspath|bibitem|font\w*|select\w*|index|cline|cmidrule|multicolumn|multirow"
    r"|parbox|raisebox|rule|title|author|date|thanks|keywords?|subtitle|email|address|affil\w*|institute|newtheorem|DeclareMath\w*)"
    r"\*?\s*(?:(?:\[[^\[\]]*\]|(?:(?:to|spread)[^{}\n\\]*+\\?[^{}\n\\]*+)?\{(?:[^{}]|\{[^{}]*\})*\})\s*){0,4}"
)
COMMAND = re.compile(r"\\[A-Za-z@]+\*?(?:\[[^\[\]\n]*\])?[ \t]*|\\[\s\S]|[{}~&]")
LENGTH = re.compile(r"(?<![\d.])-?(?:\d++(?>(?:\.\d++)?)|\.\d++)\s*+(?:pt|cm|mm|in|em|ex|bp)\b")


def plain(text: str) -> str:
    """`text` with every line end and without its invisible parts."""
    if not re.search(r"\\begin\s*\{document\}", text):
        text = letters.without(text, COMMENT)
    text = letters.without(text, PREAMBLE, COMMENT, DROPPED, FORMULA, SETTING, LENGTH)
    return letters.without(text, COMMAND, by="")
