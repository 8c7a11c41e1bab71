"""Rules of pipe tables that no parser accepts: with changed dashes, with other cells than the head, without a head."""

from __future__ import annotations

import re

from service.readers.markdown.changes import Text
from service.readers.markdown.wide_tables import cells

MARKS = ("|-", "| -", "|:", "| :", "-|", "- |", "|–", "|—", "| –", "| —", "｜")
CELL = r"[ \t]*+:?[-–—]{1,200}:?[ \t]*+"
RULE = re.compile(rf"^(?P<lead>[ \t>]{{0,20}})(?P<rule>\|?{CELL}(?:\|{CELL}){{1,64}}\|?|\|{CELL}\|)[ \t]*$", re.M)
HEADLESS = re.compile(rf"\n\n(?P<rule>\|{CELL}(?:\|{CELL}){{1,64}}\|)[ \t]*(?=\n\|)")
WIDE_ROW = re.compile(r"^｜[^\n]*｜[ \t]*$", re.M)
WIDE_RULE = re.compile(r"^｜(?>(?:[ \t]*:?[-－–—]{1,200}:?[ \t]*｜){1,64})[ \t]*$", re.M)
DASHES = re.compile(r"[-–—]+")


def repaired(text: Text) -> None:
    if "｜" in text.bare and WIDE_RULE.search(text.bare):
        text.replaced(WIDE_ROW, lambda found: found[0].replace("｜", "|").replace("－", "-"))
    text.replaced(HEADLESS, lambda found: "\n" + "|  " * found["rule"].count("|", 1) + f"|\n{found['rule']}")
    text.replaced(RULE, _rule, "|")


def begins_with_one(text: str) -> bool:
    """Whether the text begins with a table without a head, which then has no line above it."""
    return text.startswith("|") and HEADLESS.match(f"\n\n{text[:4000]}") is not None


def _rule(found: re.Match[str]) -> str | None:
    """The rule with a cell for each cell of the head above it."""
    begin = found.start() - 1
    above = found.string[found.string.rfind("\n", 0, max(begin, 0)) + 1 : max(begin, 0)]
    rule, below = found["rule"], found.string[found.end() + 1 : found.string.find("\n", found.end() + 1) + 1 or None]
    if "|" not in above or "|" not in below or RULE.match(above):
        return None
    given = [DASHES.sub("---", cell).strip() for cell in rule.strip("|").split("|")]
    wanted = cells(above)
    if wanted == len(given) and not ("–" in rule or "—" in rule or rule.startswith("- ")):
        return None
    if wanted < 2 or len(given) > wanted + 1:
        return None
    given = (given + ["---"] * wanted)[:wanted]
    return f"{found['lead']}|{'|'.join(given)}|"
