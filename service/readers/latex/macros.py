"""Estimates the size of the author's macros after expansion, before pandoc expands them.

`\\def\\a#1{#1#1#1#1#1#1#1#1}` and fourteen calls of it in one another are 136 bytes that never end; twelve macros, each
ten times the one before, and `*{99999999}{l}` in a table are similar. So each macro has a weight, its text with that of all its
calls, and a number of repetitions of its argument, by which text within an argument is multiplied.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from service.model.errors import Place, TooComplex

MOST = 500_000  # characters that expansion adds
FAR = 4 * MOST
ROUNDS = 20  # in each, a macro's weight is added to those that call it: enough for any chain that doubles to exceed MOST
NAME = r"(?:\\([A-Za-z@]++|.)|\{\s*+\\?([A-Za-z@]++)\*?+\s*+\})"
DEFINITION = re.compile(
    r"\\(?:[egx]?def|(?:re)?newcommand|providecommand|DeclareRobustCommand|DeclareMathOperator|(?:re)?newenvironment)\*?+\s*+"
    + NAME
    + r"(?:\[[^\[\]\n]*+\])*[^{}\\\n]{0,40}\{"
)
ALIAS = re.compile(r"\\(?:(?:re)?newcommand|providecommand|def)\*?+\s*+" + NAME + r"\s*+(\\[A-Za-z@]++)")
COPY = re.compile(r"\\let\s*+\\([A-Za-z@]++)\s*+=?+\s*+\\([A-Za-z@]++)")
EARLY = ("\\edef", "\\xdef")
TOKEN = re.compile(
    r"\\(?:begin|end)\s*+\{([A-Za-z@]++)\*?+\}|\\([A-Za-z@]++|.)|(?<=[{}|\[\]])\*\s*+\{(\d{1,18})\}|([{}])|#([1-9])"
    r"|[^\\{}#*]++|.",
    re.S,
)
CALL = re.compile(r"\\([A-Za-z@]++|.)", re.S)


@dataclass(frozen=True, slots=True)
class Weight:
    """Characters without arguments, and the largest number of repetitions of an argument."""

    characters: int = 0
    repeats: int = 1


NOTHING = Weight()


@dataclass(frozen=True, slots=True)
class Definition:
    """Of the macro or environment `name`: its text, or the name of which it is a copy; and where it is in the source.

    An `early` one uses the macros at that place: a copy, and `\\edef`.
    """

    name: str
    body: str
    copied: str
    start: int
    end: int
    early: bool = False


def check(text: str, first_line: int) -> None:
    """`text` without comments. Raises TooComplex with the line of the heaviest definition, or of the first table column."""
    definitions = list(_definitions(text))
    weights = _weights(definitions)
    used = _without(text, definitions)
    if _weight(used, weights).characters - len(used) <= MOST:
        return
    heaviest = max(definitions, key=lambda each: weights[each.name].characters * weights[each.name].repeats, default=None)
    line = first_line + text.count("\n", 0, heaviest.start if heaviest else _first_repeat(text))
    detail = f"The macros and repeated columns come to more than {MOST:,} characters; see line {line}."
    raise TooComplex(detail, places=[Place(detail, line=line)], extra={"limit": MOST})


def _without(text: str, definitions: Sequence[Definition]) -> str:
    """The text with calls of macros: a definition alone expands nothing."""
    parts, last = [], 0
    for each in definitions:
        if each.start >= last:
            parts.append(text[last : each.start])
            last = each.end
    return "".join([*parts, text[last:]])


def _first_repeat(text: str) -> int:
    return next((found.start() for found in TOKEN.finditer(text) if found[3]), 0)


def _definitions(text: str) -> Iterator[Definition]:
    closing = _closing(text)
    found = [each for pattern in (DEFINITION, ALIAS, COPY) for each in pattern.finditer(text)]
    for each in sorted(found, key=lambda one: one.start()):
        if each.re is ALIAS:
            yield Definition(each[1] or each[2], each[3], "", each.start(), each.end())
        elif each.re is COPY:
            yield Definition(each[1], "", each[2], each.start(), each.end(), True)
        elif (end := closing.get(each.end() - 1)) is not None:
            yield Definition(each[1] or each[2], text[each.end() : end], "", each.start(), end + 1, each[0].startswith(EARLY))


def _closing(text: str) -> Mapping[int, int]:
    """Opening brace of each group → its end."""
    opened: list[int] = []
    found: dict[int, int] = {}
    for each in re.finditer(r"\\[\s\S]|[{}]", text):
        if each.group() == "{":
            opened.append(each.start())
        elif each.group() == "}" and opened:
            found[opened.pop()] = each.start()
    return found


def _weights(definitions: Sequence[Definition]) -> dict[str, Weight]:
    """TeX binds late: a macro may call one that is defined after it. A copy has what its original was at that place.

    A macro that calls itself, or leads to one that does, has no end.
    """
    weights: dict[str, Weight] = {}
    for each in definitions:
        weights[each.name] = weights.get(each.copied, NOTHING) if each.copied else _weight(each.body, weights)
    late = [each for each in definitions if not each.early]
    for _ in range(ROUNDS):
        before = dict(weights)
        for each in late:
            new, old = _weight(each.body, weights), weights[each.name]
            weights[each.name] = Weight(max(new.characters, old.characters), max(new.repeats, old.repeats))
        if weights == before:
            break
        late.reverse()
    return weights | dict.fromkeys(_endless(late), Weight(FAR, FAR))


def _endless(definitions: Sequence[Definition]) -> set[str]:
    """The rest after macros that call no remaining macro are removed, until nothing changes."""
    names = {each.name for each in definitions}
    calls: dict[str, set[str]] = {name: set() for name in names}
    for each in definitions:
        calls[each.name] |= {found[1] for found in CALL.finditer(each.body)} & names
    callers: dict[str, list[str]] = {name: [] for name in names}
    for name, called in calls.items():
        for one in called:
            callers[one].append(name)
    ended = [name for name in names if not calls[name]]
    for name in ended:
        for caller in callers[name]:
            calls[caller].discard(name)
            if not calls[caller]:
                ended.append(caller)
    return names - set(ended)


def _weight(text: str, weights: Mapping[str, Weight]) -> Weight:
    """One pass over the text: in a macro's argument, everything is multiplied by its repetitions."""
    total, repeats = 0, dict[str, int]()
    factors, following = [1], 1
    for found in TOKEN.finditer(text):
        environment, name, times, brace, argument = found.groups()
        factor = factors[-1]
        if environment is not None or name is not None:
            called = weights.get(environment or name, NOTHING)
            total += factor * (len(found.group()) + called.characters)
            following = min(FAR, max(1, called.repeats))
        elif times is not None:
            following = min(FAR, max(1, int(times)))
        elif brace == "{":
            factors.append(min(FAR, factor * following))
        elif brace == "}":
            if len(factors) > 1:
                factors.pop()
        elif argument is not None:
            repeats[argument] = min(FAR, repeats.get(argument, 0) + factor)
        else:
            total += factor * len(found.group())
            following = following if found.group().isspace() else 1
        total = min(total, len(text) + FAR)
    return Weight(total, max(repeats.values(), default=1))
