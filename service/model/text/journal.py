"""The statements of a journal about an article besides title, authors and date, from the author's keys.

The metadata keeps these keys as they are written (`custom`). Here they become texts for the page. A switch (`funding: true`)
and a template (`{{ date }}`) give no text. Names: JATS, Quarto, MyST, rticles, and Chinese and Japanese journals.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from service.model.metadata import Metadata

# Field → its names, without letter case and separators.
NAMES: Mapping[str, str] = {
    "corresponding": "correspondingauthor correspondingauthors correspondence 通讯作者 通訊作者 通信作者 責任著者 連絡先著者",
    "received": "received datereceived receiveddate receivedon submitted datesubmitted submissiondate "
    "收稿日期 收稿日 受付日 投稿日期",
    "accepted": "accepted dateaccepted accepteddate acceptedon acceptancedate 录用日期 錄用日期 接受日期 受理日 採択日",
    "volume": "volume vol 卷 巻",
    "number": "issue issuenumber number 期 号 號",
    "pages": "pages page pagerange 页码 頁碼 ページ",
    "first": "fpage firstpage startpage pagestart spage",
    "last": "lpage lastpage endpage pageend epage",
    "article": "elocationid articlenumber eid elocator",
    "funding": "funding fundingstatement fundinginformation financialsupport grants 基金项目 基金項目 资助 資助 助成",
    "conflict_of_interest": "conflictofinterest conflictsofinterest conflict competinginterests competinginterest coi "
    "declarationofinterest declarationofinterests declarationsofinterest disclosurestatement 利益冲突 利益衝突 利益相反",
}  # fmt: skip
FIELD_OF = {name: field for field, names in NAMES.items() for name in names.split()}
GROUPS = frozenset({"citation", "publication", "journal", "article", "history", "dates"})  # keys of maps that contain such keys
SEPARATORS = re.compile(r"[\W_]+")
PROGRAM = re.compile(r"\{\{|\{%|<%|<\?|\$\{|`|!expr|\\today|Sys\.")
SAID = ("statement", "text", "source", "funder", "name", "number", "award", "awardnumber", "grant", "id", "email")
DASH = re.compile(r"\d\s*[-–—]+\s*\d")
LONGEST = 2_000  # characters of one statement


def found(metadata: Metadata) -> dict[str, str]:
    """Field of NAMES → its text, for those that the author gives."""
    out: dict[str, str] = {}
    for key, value in _keys(metadata.custom):
        field = FIELD_OF.get(_plain(key), "")
        if field and field not in out and (text := _text(value)):
            out[field] = text
    return out


def place(said: Mapping[str, str]) -> str:
    """Volume, issue and pages as `12 (3), 44–58`; a bare number of pages is a length, not a place."""
    number = said.get("number", "")
    issue = " ".join(filter(None, (said.get("volume", ""), f"({number})" if number and "volume" in said else "")))
    pages = "–".join(filter(None, (said.get("first", ""), said.get("last", ""))))
    given = said.get("pages", "")
    pages = pages or (given if issue or DASH.search(given) else "")
    pages = DASH.sub(lambda match: f"{match[0][0]}–{match[0][-1]}", pages)  # a digit at either end
    return ", ".join(filter(None, (issue, pages or said.get("article", "") if issue or pages else "")))


def _keys(custom: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The keys of the front matter, those of a group in it, and JATS's `history: [received 2024-05-03]`."""
    for key, value in custom.items():
        if _plain(key) in GROUPS and isinstance(value, Mapping):
            yield from ((str(name), each) for name, each in value.items())
        elif _plain(key) == "history" and isinstance(value, list):
            yield from ((each.partition(" ")[0], each.partition(" ")[2]) for each in value if isinstance(each, str))
        else:
            yield key, value


def _plain(key: str) -> str:
    return SEPARATORS.sub("", key.casefold())


def _text(value: Any) -> str:
    """The words of a value; empty for a switch, a template, and a text that is too long for a line."""
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, Mapping):
        plain = {_plain(str(key)): each for key, each in value.items()}
        said = [_text(plain[name]) for name in SAID if name in plain and not isinstance(plain[name], Mapping)]
        return said[0] if "statement" in plain and said else ", ".join(filter(None, said))
    if isinstance(value, list):
        return "; ".join(filter(None, map(_text, value)))
    text = " ".join(str(value).split())
    return "" if PROGRAM.search(text) or len(text) > LONGEST else text
