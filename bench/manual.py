"""A long document of our own making, like the manual of a program: `python -m bench.manual [--chapters 30] > manual.md`.

Always the same words for the same number of chapters: headings three deep, prose, lists, definition lists, tables, code,
footnotes, and links from every chapter to others. 30 chapters are about 170 A4 pages.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator

SUBJECTS = [
    "the reader",
    "a writer",
    "every pass",
    "the parser",
    "an option",
    "the style sheet",
    "the index",
    "a filter",
    "the template",
    "a footnote",
]
VERBS = ["keeps", "replaces", "reports", "collects", "refuses", "wraps", "orders", "copies", "measures", "compares"]
OBJECTS = [
    "the text of a paragraph",
    "all attributes of a heading",
    "the rows of a table",
    "what stands between two fences",
    "the address of a link",
    "each character outside the alphabet",
    "the width of a column",
    "the language of a passage",
]
TAILS = [
    "unless the setting says otherwise",
    "before anything is written",
    "as the first section tells",
    "so that two runs give the same bytes",
    "and says so in its report",
    "when the input ends early",
    "in the order in which they were given",
    "without asking the network",
]
NOUNS = ["extension", "variable", "metadata", "template", "reference", "citation", "figure", "caption", "margin", "outline"]
CODE = """\
article = read(path)
for section in article.sections:
    if section.level <= {level}:
        outline.append(section.title)
"""


def manual(chapters: int) -> str:
    chance = random.Random(chapters)
    titles = [f"{_title(chance)} {number}" for number in range(1, chapters + 1)]
    lines = ["---", f"title: A manual of {chapters} chapters", "author: Colophon", "date: 2026-01-01", "lang: en", "---", ""]
    for number in range(1, chapters + 1):
        lines += _chapter(chance, number, titles)
    return "\n".join(lines) + "\n"


def _chapter(chance: random.Random, number: int, titles: list[str]) -> Iterator[str]:
    yield from (f"## {titles[number - 1]}", "", _paragraph(chance, 5), "")
    other = chance.choice(titles)
    yield from (f"What follows builds on [{other}](#{other.lower().replace(' ', '-')}).[^note-{number}]", "")
    for section in range(1, 5):
        yield from (f"### {_title(chance)} {number}.{section}", "", _paragraph(chance, 6), "", _paragraph(chance, 4), "")
        for option in range(1, 4):
            yield from (f"#### `--{chance.choice(NOUNS)}-{number}-{section}-{option}`", "", _paragraph(chance, 3), "")
            yield from (f"- {_sentence(chance)}" for _ in range(chance.randint(2, 5)))
            yield ""
        yield from _table(chance) if section % 2 else _listing(chance)
    yield from (f"[^note-{number}]: {_paragraph(chance, 2)}", "")


def _title(chance: random.Random) -> str:
    return f"{chance.choice(NOUNS).capitalize()} and {chance.choice(NOUNS)}"


def _sentence(chance: random.Random) -> str:
    words = f"{chance.choice(SUBJECTS)} {chance.choice(VERBS)} {chance.choice(OBJECTS)} {chance.choice(TAILS)}"
    words = words.replace("setting", "*setting*").replace("report", "`report`").replace("network", "**network**")
    return words[0].upper() + words[1:] + "."


def _paragraph(chance: random.Random, sentences: int) -> str:
    return " ".join(_sentence(chance) for _ in range(sentences))


def _table(chance: random.Random) -> Iterator[str]:
    yield from ("| name | what it does | since |", "|---|---|---:|")
    yield from (
        f"| `{chance.choice(NOUNS)}` | {_sentence(chance)} | {chance.randint(1, 9)}.{chance.randint(0, 20)} |" for _ in range(6)
    )
    yield ""


def _listing(chance: random.Random) -> Iterator[str]:
    yield from ("```python", *CODE.format(level=chance.randint(1, 6)).splitlines() * 2, "```", "")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--chapters", type=int, default=30)
    print(manual(parser.parse_args().chapters), end="")


if __name__ == "__main__":
    main()
