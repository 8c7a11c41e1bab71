"""The text of Markdown without its markup, by short rules, for the count of letters.

It is not a parser: a tag, an address or an attribute in braces is also removed in code, where it is text. Text that is
removed too often is not expected, so no false warning is reported.
"""

from __future__ import annotations

import html
import re

from service.readers.shared import letters

FENCE = re.compile(r"^[ \t>]*+(?:`{3,}+|~{3,}+).*+$", re.M)
COMMENT = re.compile(r"<!--.*?(?:-->|\Z)|%%.*?%%", re.S)
HIDDEN = re.compile(r"<(script|style|template|svg|head|title|canvas)\b.*?(?:</\1\s*>|\Z)", re.S | re.I)
IMAGE = re.compile(r"!\[[^\[\]\n]*\]\((?:[^()\n]|\([^()\n]*\))*\)|!\[[^\[\]\n]*\]\[[^\[\]\n]*\]|!\[\[[^\[\]\n]*\]\]")
TARGET = re.compile(r"\]\((?:[^()\n]|\([^()\n]*\))*\)|\]\[[^\[\]\n]*\]")
DEFINITION = re.compile(r"^[ \t>]*\[[^\[\]\n]+\]:[ \t]*\S.*$", re.M)
NOTE = re.compile(r"\[\^[^\[\]\s]+\]:?")
TAG = re.compile(r"</?[A-Za-z!?][^<>\n]*>|<[A-Za-z][^<>]{0,2000}>")
ADDRESS = re.compile(r"https?://[^\s<>]*")
OTHER_ADDRESS = re.compile(r"\b(?:ftp|data|mailto|file):[^\s<>]*")
ATTRIBUTES = re.compile(r"\{[^{}\n]*\}")
CITATION = re.compile(r"@\{?[\w:.#$%&+?<>~/-]+")
WIKI_PAGE = re.compile(r"\[\[[^\[\]|\n]*\|")
SIGN = re.compile(r"^[ \t>]*(?:\[![^\]\n]*\][+-]?|(?::::|!!!|\?\?\?|///).*$)", re.M)
EMOJI = re.compile(r":[a-z0-9_+-]+:")
HIDDEN_START = re.compile("^[\u200b\u200c\u2060\ufeff]++", re.M)
NUMBER = re.compile(r"^[ \t>*+-]*\(?(?:\d{1,9}|#|@\w*|[A-Za-z]|[ivxlcdmIVXLCDM]+)[.)](?=\s)", re.M)
BOX = re.compile(r"\[[ xX]\]")
TEX = re.compile(r"\\[A-Za-z]{2,30}\*?(?:\[[^\[\]\n]{0,100}\])?")
MARK_OF_SOURCE = re.compile(
    r"【\d[^【】\n†]{0,20}†[^【】\n]{0,200}】|:contentReference\[[^\[\]\n]{0,40}\]|\ue200[^\ue201\n]{0,500}\ue201"
)
CRITIC_COMMENT = re.compile(r"\{>>[^<{}]{0,1000}<<\}")
CAPTION = re.compile(r"^[ \t>]*+[Tt]able:(?=\s)", re.M)
PAGE_BREAK = re.compile(r"^[ \t>]*+\\(?:newpage|pagebreak|clearpage|cleardoublepage)[ \t]*+$", re.M)
ABBREVIATION = re.compile(r"^[ ]{0,3}\*\[[^\[\]\n]{1,100}\]:[^\n]*$", re.M)
BLOCK_ID = re.compile(r"(?<![^\s])\^[\w-]{3,40}[ \t]*+$", re.M)
SITE_CODE = re.compile(
    r"\{\{[^{}\n]{0,2000}\}\}|\{%[^{}\n]{0,2000}%\}|^(?:import|export)[ \t][^\n]*$"
    r"|\{/\*(?>(?:[^*{]++|\*(?!/\})|\{(?!/\*))*)\*/\}",
    re.M | re.S,
)
HIDDEN_CHUNK = re.compile(r"^```\{[^{}\n]{0,500}(?:include|echo)[^{}\n]{0,500}\}.*?^```", re.M | re.S)
# Each has texts, one of which is in every match: a text without these is not searched, which saves most of the time.
CUTS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (HIDDEN_CHUNK, ("```{",)), (CRITIC_COMMENT, ("{>>",)), (MARK_OF_SOURCE, ("†", ":contentReference", "\ue200")),
    (PAGE_BREAK, ("\\",)), (TEX, ("\\",)), (CAPTION, ("able:",)), (SITE_CODE, ("{{", "{%", "import", "export", "{/*")),
    (ABBREVIATION, ("*[",)), (BLOCK_ID, ("^",)), (COMMENT, ("<!--", "%%")), (HIDDEN, ("<",)), (FENCE, ("```", "~~~")),
    (IMAGE, ("![",)), (TARGET, ("](", "][")), (NOTE, ("[^",)), (DEFINITION, ("]:",)), (TAG, ("<",)), (ADDRESS, ("http",)),
    (OTHER_ADDRESS, ("ftp:", "data:", "mailto:", "file:")), (SIGN, ("[!", ":::", "!!!", "???", "///")), (EMOJI, (":",)),
    (NUMBER, (".", ")")), (BOX, ("[ ]", "[x]", "[X]")), (CITATION, ("@",)), (WIKI_PAGE, ("[[",)), (ATTRIBUTES, ("{",)),
)  # fmt: skip


def plain(text: str) -> str:
    """`text` with every line end and without its invisible parts."""
    text = HIDDEN_START.sub("", text)
    for pattern, needed in CUTS:
        if any(each in text for each in needed):
            text = letters.without(text, pattern)
    return html.unescape(text).replace("\r", " ")
