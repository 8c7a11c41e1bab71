"""The argument of `\\author`: a name on its first line, then affiliations and addresses of mail, each on its own line.

pandoc joins the lines of an author, so a stand-in separates them during reading.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

LINE = "\ue0d1"  # represents a line break within an author
ARGUMENT = re.compile(
    r"\\author\*?+\s*+(?>(?:\[[^\[\]]*+\]\s*+)?)\{(?>(?:[^{}]++|\{(?>(?:[^{}]++|\{(?>(?:[^{}]++|\{[^{}]*+\})*)\})*)\})*)\}"
)
BREAK = re.compile(r"\\\\(?>(?:\[[^\[\]]*+\])?)|\\(?:newline|linebreak)(?![A-Za-z])")
INSTITUTE = re.compile(r"\\(?:inst|textsuperscript|thanksref)\s*+\{([\d,\s]*+)\}")
COMMAND = re.compile(r"\\[A-Za-z]++\*?+")
MARKS = re.compile(r"(?<=[^\W\d_])[.]?+\s?\^[^\s^]{1,20}$|(?<=[^\W\d_])[\s,\d*†‡§¶∗]++(?<=[\d*†‡§¶∗])$")
MAIL = re.compile(r"(?<![^\s@,;<>{}])[^\s@,;<>{}]++@[^\s@,;<>{}]++")


def with_lines(head: str) -> str:
    """`head` with the stand-in for each line break in an author."""
    return ARGUMENT.sub(lambda found: BREAK.sub(f" {LINE} ", found.group()), head)


def person(text: str, institutes: Sequence[str] = ()) -> dict[str, Any] | str:
    """One author in pandoc's form. `institutes` are those that `\\inst{2}` counts."""
    numbers = [int(each) for found in INSTITUTE.finditer(text) for each in re.findall(r"\d{1,4}", found[1] or "")]
    name, *lines = [_plain(each) for each in INSTITUTE.sub("", text).split(LINE)]
    places = [institutes[number - 1] for number in numbers if 0 < number <= len(institutes)]
    mails: list[str] = []
    for line in filter(None, lines):
        mails += MAIL.findall(line)
        places += [rest] if (rest := MAIL.sub("", line).strip(" ,;<>")) else []
    found = {"name": MARKS.sub("", name).strip(" ,"), "email": ", ".join(mails), "affiliation": "; ".join(places)}
    kept = {key: value for key, value in found.items() if value}
    return kept if len(kept) > 1 else found["name"]


def _plain(text: str) -> str:
    return " ".join(COMMAND.sub(" ", text).replace("{", "").replace("}", "").split())
