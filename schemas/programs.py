"""Values that another program should compute: `` `r Sys.Date()` ``, `{{ page.title }}`, `today`.

They stay data under their own key, and are never on a page.
"""

from __future__ import annotations

import re

PROGRAM = re.compile(
    r"""
    `(?:r|\{[^`]*\}|!r|python|js|!expr)[ ][^`]*` | `=[^`]*`      # R Markdown, Quarto, Dataview
    | !(?:r|expr)[ ].* | \{\{.*\}\} | \{%.*%\} | <%.*%> | <\?.*\?>  # YAML tags, templates
    | \$\{.*\} | \$\([^()]*\) | \$[A-Z][A-Za-z]*\$                # shells, JavaScript, $Date$
    | \\(?:today|DTMnow|DTMtoday)(?:\{\})?                       # TeX
    | Sys\.(?:Date|time)\(\) | format\(Sys\..*\)
    """,
    re.VERBOSE | re.DOTALL,
)
# Words that Quarto, Jupyter Book and Eleventy replace by a date.
DATE_WORDS = frozenset(
    ("today", "now", "last-modified", "last modified", "created", "git created", "git last modified", "file-modified", "auto")
)
PLACEHOLDER = re.compile(r"(?:[YyMmDdHhSs]{1,4}(?:[-/.: T]|$)){2,7}")
KEYWORD = re.compile(r"\$[A-Z][A-Za-z]*:(.*)\$")  # of CVS and Subversion


def is_program(text: str) -> bool:
    """Whether all of `text` is code, without words for readers."""
    return bool(PROGRAM.fullmatch(text.strip()))


def is_date_program(text: str) -> bool:
    """Whether a date is the day of a program's run, or must be filled in."""
    bare = text.strip()
    return bare.lower() in DATE_WORDS or bool(PLACEHOLDER.fullmatch(bare)) or is_program(bare)


def expanded_keyword(text: str) -> str:
    """The value in `$Date: 2024-11-21 $`, which version control has filled in; else `text`."""
    found = KEYWORD.fullmatch(text.strip())
    return found[1].strip() if found else text
