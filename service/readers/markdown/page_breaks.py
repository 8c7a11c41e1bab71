"""Page breaks: TeX's `\\newpage`, style sheets' `page-break-after`, comments and elements that represent one."""

from __future__ import annotations

import re

from service.ast.pandoc_ast import attr, div
from service.readers.markdown.changes import Text
from service.readers.markdown.reading import Block, Reading

END = r"[ \t]*$"
BREAK = r"(?:page-?break-(?:after|before)|(?<![\w-])break-(?:after|before))[ \t]*:[ \t]*(?:always|page|left|right|recto|verso)"
TEX_BREAK = r"\\(?:newpage|pagebreak|clearpage|cleardoublepage)(?![A-Za-z])(?:\{\}|\[\d\])?"
HTML_BREAK = (
    rf"<(?:div|p|span|br|hr)\b[^<>\n]*(?:{BREAK}|class=[\"']?(?:page-?break|newpage)\b)[^<>\n]*>"
    rf"(?:[ \t]|&nbsp;|<br[ ]?/?>|{TEX_BREAK})*(?:</(?:div|p|span)>)?"
)
PAGE_BREAK = re.compile(
    rf"^(?P<lead>[ \t>]*+)(?:{TEX_BREAK}|{HTML_BREAK}|<!--[ \t]*(?:page[ _-]?break|new[ _-]?page)[ \t]*-->"
    r"|\{(?:pagebreak|newpage)\}|<(?:pagebreak|mbp:pagebreak)[ \t]*/?>|`\\(?:newpage|pagebreak)`\{=(?:latex|tex)\}"
    rf"){END}",
    re.M | re.I,
)
# `The end.\newpage`: after the end of a sentence it is a command, in the middle of one it is a topic.
BREAK_BEHIND = re.compile(rf"(?<=[.!?。！？…)）\"”])[ \t]*{TEX_BREAK}{END}", re.M)
MARKS = (
    "newpage", "pagebreak", "page-break", "page break", "page_break", "new-page", "new page", "new_page", "clearpage",
    "cleardoublepage", "break-after", "break-before",
)  # fmt: skip


def changed(text: Text) -> None:
    for mark in (one for one in MARKS if one in text.small):
        text.replaced(PAGE_BREAK, lambda found: found["lead"] + text.masks.stand_in(_page_break, found[0].strip()), mark)
        text.replaced(BREAK_BEHIND, lambda found: text.masks.stand_in(_page_break, found[0].strip()), mark)


def _page_break(_: Reading) -> list[Block]:
    return [div([], attr(classes=["page-break"]))]
