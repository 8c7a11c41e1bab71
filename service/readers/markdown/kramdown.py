"""kramdown's extensions in braces: `{::comment}` … `{:/}`, `{::options … /}`, `{::nomarkdown}`; attributes in a row."""

from __future__ import annotations

import re

from service.readers.markdown.changes import Text

OPENS, CLOSES = "{::comment}", "{:/"
IN_A_ROW = re.compile(r"(?<=[\w\"'])\}\{:")
OTHERS = re.compile(r"\{::(?:options|nomarkdown)\b[^{}\n]*+\}|\{:/(?:nomarkdown)?\}")


def extensions(text: Text) -> None:
    cuts: list[tuple[int, int, str]] = []
    start = text.bare.find(OPENS)
    while start >= 0:
        closes = text.bare.find(CLOSES, start)
        stop = text.bare.find("}", closes) + 1 if closes >= 0 else 0
        if not stop:
            break
        line = text.line + text.bare.count("\n", 0, start)
        text.gone.note("comment-removed", "kramdown", line, text.text[start:stop])
        cuts.append((start, stop, ""))
        start = text.bare.find(OPENS, stop)
    text.cut(cuts)

    def gone(found: re.Match[str]) -> str:
        text.note("site-code-removed", "kramdown extension", found)
        return ""

    text.replaced(OTHERS, gone)
    text.replaced(IN_A_ROW, lambda _: " ")
