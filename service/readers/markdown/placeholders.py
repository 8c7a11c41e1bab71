"""One-character stand-ins for what pandoc would misread: put in before it reads, taken out of the AST it made.

A stand-in is a private-use character that the text does not hold. It is no markup, so it takes away the meaning
of the character it stands for (a dollar sign, an underscore in a bare URL, a space in a link's); beside an emphasis mark it
counts as punctuation, which is what CommonMark wants to see there before it lets `**重点：**下文` be bold. Taken out again,
nothing of it is left: code, URLs and text come out letter for letter.
"""

from __future__ import annotations

import re

from service.readers.markdown import definitions, emphasis, math_dollars
from service.readers.shared.placeholders import StandIns

BEFORE = r"[A-Za-z0-9(<\"'=]"  # asked behind the scheme: a pattern that begins with a letter is found three times as fast
BARE_URL = re.compile(
    rf"(?:https?|ftp)(?<!{BEFORE}http)(?<!{BEFORE}https)(?<!{BEFORE}ftp)"
    r"://[^\s<>\"'`\u0080-\U0010ffff]*+"
)

SPACED_URL = re.compile(r"\]\((?:https?://|\.{0,2}/)[^\s()<>\"]*(?: [^\s()<>\"]+)+(?=(?:[ ]+\"[^\"\n]*\")?[ ]*\))")
UNDERSCORE = re.compile(r"(?<!\\)_")  # an escaped one means itself already


def put_in(text: str, math: str) -> tuple[str, StandIns]:
    """`text` as pandoc may have it. `math` is the option: what it leaves of the dollar signs is a formula."""
    one = StandIns(text)
    if "$" in text and math != "on":
        text = math_dollars.mask(text, one.of("$"), keep_formulas=math == "auto")
    if "://" in text and "_" in text:
        text = BARE_URL.sub(lambda found: _masked_url(found.group(), one), text)
    if "](" in text:
        text = SPACED_URL.sub(lambda found: found.group().replace(" ", one.of(" ")), text)
    return emphasis.mend(definitions.keep(text, one), one), one


def _masked_url(url: str, one: StandIns) -> str:
    """Underscores inside it can't be emphasis; those at its end can be the closing mark of emphasis around it."""
    bare = url.rstrip("_*~.,;:!?)")
    return UNDERSCORE.sub(one.of("_"), bare) + url[len(bare) :]
