"""Regular expressions of the project: where they are, how they are called, and texts that cost a backtracking one most.

`collected()` finds the patterns: constants of modules, literals in calls. `attacks(pattern)` gives `(lead, piece, end)`:
a text is `lead + piece * n + end`. Source of the shape: Davis et al., "The impact of regular expression denial of service
in practice" (2018): a prefix that reaches a loop, a repeated piece, an end that does not match.
"""

from __future__ import annotations

import ast
import importlib
import random
import re
import re._constants as op
import re._parser as parser
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import BuiltinMethodType, ModuleType
from typing import Any

ROOT = Path(__file__).parent.parent
CALLS = ("match", "search", "sub", "subn", "findall", "finditer", "fullmatch", "split")
ANCHORED = frozenset({"match", "fullmatch"})
FACTS = ("pattern", "flags", "groupindex", "groups")
SEARCHED = "search"
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
SINGLE = frozenset({op.LITERAL, op.NOT_LITERAL, op.IN, op.ANY})
COMMON = ' \na0"\\'
UNMATCHED = ("", "\0", "\n\0", " \0")


@dataclass(frozen=True, slots=True)
class Found:
    place: str
    pattern: re.Pattern[Any]
    methods: frozenset[str] = frozenset({SEARCHED})  # of CALLS, that the project calls

    def run(self, text: str) -> int:
        """Apply the pattern as the project does; the number of matches."""
        subject: Any = text.encode("latin-1", "replace") if isinstance(self.pattern.pattern, bytes) else text
        if not self.methods <= ANCHORED:
            return sum(1 for _ in self.pattern.finditer(subject))
        return sum(getattr(self.pattern, method)(subject) is not None for method in sorted(self.methods))


def collected() -> list[Found]:
    """Every pattern of service/ and schemas/, each once."""
    trees = {_module(path): ast.parse(path.read_text(encoding="utf-8")) for path in _sources()}
    aliases = {name: _aliases(tree) for name, tree in trees.items()}
    uses = _uses(trees, aliases)
    found: dict[tuple[Any, int, frozenset[str]], Found] = {}
    for name, tree in trees.items():
        for each in (*_constants(name, aliases[name], uses), *_literals(name, tree)):
            found.setdefault((each.pattern.pattern, each.pattern.flags, each.methods), each)
    return list(found.values())


def _sources() -> list[Path]:
    rooms = [path for room in ("service", "schemas") for path in (ROOT / room).rglob("*.py")]
    return sorted(path for path in rooms if "migrations" not in path.parts)


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _aliases(tree: ast.AST) -> dict[str, str]:
    """The names that a module imports, and what each represents."""
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
    return {each.asname or each.name: f"{node.module}.{each.name}" for node in imports for each in node.names}


def _uses(trees: dict[str, ast.Module], aliases: dict[str, dict[str, str]]) -> dict[str, set[str]]:
    """Full name of a constant: the methods that are called on it; SEARCHED where it is given to another function."""
    used: dict[str, set[str]] = {}
    for module, tree in trees.items():
        calls = {
            id(node.value): node.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and node.attr in (*CALLS, *FACTS)
        }
        for node in ast.walk(tree):
            if name := _full_name(node, module, aliases[module]):
                used.setdefault(name, set()).add(calls.get(id(node), SEARCHED))
    return used


def _full_name(node: ast.AST, module: str, aliases: dict[str, str]) -> str:
    """Of a constant that is read: `NAME`, or `module.NAME`."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        return aliases.get(node.id, f"{module}.{node.id}")
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return f"{aliases.get(node.value.id, node.value.id)}.{node.attr}"
    return ""


def _constants(name: str, aliases: dict[str, str], uses: dict[str, set[str]]) -> Iterator[Found]:
    try:
        module = importlib.import_module(name)
    except ImportError:  # an optional backend
        return
    for key, value in list(vars(module).items()):  # a lazy import adds names while it is looked at
        if key in aliases:  # it is looked at where it is defined
            continue
        for pattern, bound in _patterns(value, module):
            used = {bound} if bound else uses.get(f"{name}.{key}", set()) - set(FACTS)
            yield Found(f"{name}.{key}", pattern, frozenset(used or {SEARCHED}))


def _patterns(value: Any, module: ModuleType, depth: int = 0) -> Iterator[tuple[re.Pattern[Any], str]]:
    if isinstance(value, re.Pattern):
        yield value, ""
    elif isinstance(value, BuiltinMethodType) and isinstance(value.__self__, re.Pattern):
        yield value.__self__, value.__name__
    elif depth < 3 and isinstance(value, (dict, list, tuple, set, frozenset)):
        for each in (*value.keys(), *value.values()) if isinstance(value, dict) else value:
            yield from _patterns(each, module, depth + 1)
    elif depth < 2 and isinstance(value, type) and value.__module__ == module.__name__:
        yield from _patterns(list(vars(value).values()), module, depth + 1)


def _literals(name: str, tree: ast.AST) -> Iterator[Found]:
    """Patterns that are written in functions, where they are used."""
    inside = {id(node): node for outer in ast.walk(tree) if isinstance(outer, FUNCTIONS) for node in ast.walk(outer)}
    for node in inside.values():
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
            continue
        if not (isinstance(node.func.value, ast.Name) and node.func.value.id == "re" and node.func.attr in (*CALLS, "compile")):
            continue
        if isinstance(node.args[0], ast.Constant):
            flags = sum(
                getattr(re, each.attr) for each in ast.walk(node) if isinstance(each, ast.Attribute) and each.attr.isupper()
            )
            pattern = re.compile(node.args[0].value, flags)
            yield Found(f"{name}:{node.lineno}", pattern, frozenset({node.func.attr} & ANCHORED or {SEARCHED}))


def unresolved() -> list[str]:
    """Places in functions where a pattern is made of something else than a literal: a test must name each with examples."""
    places = []
    for path in _sources():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        inside = {id(node) for outer in ast.walk(tree) if isinstance(outer, FUNCTIONS) for node in ast.walk(outer)}
        for node in ast.walk(tree):
            if id(node) in inside and isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
                of_re = isinstance(node.func.value, ast.Name) and node.func.value.id == "re"
                if of_re and node.func.attr in (*CALLS, "compile") and not isinstance(node.args[0], ast.Constant):
                    places.append(f"{path.relative_to(ROOT)}:{ast.unparse(node.args[0])}")
    return sorted(set(places))


def attacks(pattern: re.Pattern[Any], limit: int, seed: int = 7) -> list[tuple[str, str, str]]:
    """At most `limit` triples (lead, piece, end), the most telling first."""
    tree = _tree(pattern)
    chance = random.Random(seed)
    reached: dict[str, None] = {}
    loops: dict[tuple[str, str], None] = {}
    for _ in range(6):
        _walk(tree, "", chance, reached, loops)
    letters = _letters(tree, chance)
    leads = ["", *[each for each in reached if each]]
    pairs = [a + b for a in letters for b in letters if a != b]
    chance.shuffle(pairs)
    first = [("", piece, end) for piece in (*reached, *letters) if piece for end in UNMATCHED]
    second = [(lead, body, end) for lead, body in loops for end in UNMATCHED]
    third = [(lead, piece, "\0") for lead in leads for piece in letters]
    fourth = [(lead, piece, "\0") for lead in leads[:12] for piece in (*pairs[:24], *(p for p in reached if p))]
    chance.shuffle(third)
    chance.shuffle(fourth)
    mixed = [*first[: limit // 3], *second[: limit // 4]]
    rest = [*first[limit // 3 :], *second[limit // 4 :], *third, *fourth]
    return list(dict.fromkeys([*mixed, *rest]))[:limit]


def possessive_loops(pattern: re.Pattern[Any]) -> int:
    """The number of loops `(?:…)*+` whose body is more than plain characters."""
    return sum(
        kind is op.POSSESSIVE_REPEAT and any(each not in SINGLE for each, _ in value[2]) for kind, value in _nodes(_tree(pattern))
    )


def _tree(pattern: re.Pattern[Any]) -> Any:
    is_bytes = isinstance(pattern.pattern, bytes)
    source = pattern.pattern.decode("latin-1") if is_bytes else pattern.pattern
    return parser.parse(source, pattern.flags & ~re.UNICODE if is_bytes else pattern.flags)


def _letters(tree: Any, chance: random.Random) -> list[str]:
    found: dict[str, None] = dict.fromkeys(COMMON)
    for kind, value in _nodes(tree):
        if kind in (op.LITERAL, op.NOT_LITERAL):
            found.setdefault(chr(value))
        elif kind is op.IN:
            found.setdefault(_one(value, chance))
            found.setdefault(_one(value, chance))
    return list(found)[:24]


def _nodes(tree: Any) -> Iterator[tuple[Any, Any]]:
    for kind, value in tree:
        yield kind, value
        for inner in _inner(kind, value):
            yield from _nodes(inner)


def _inner(kind: Any, value: Any) -> list[Any]:
    if kind is op.BRANCH:
        return list(value[1])
    if kind is op.SUBPATTERN:
        return [value[3]]
    if kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
        return [value[2]]
    if kind is op.ATOMIC_GROUP:
        return [value]
    return [value[1]] if kind in (op.ASSERT, op.ASSERT_NOT) else []


def _walk(tree: Any, lead: str, chance: random.Random, reached: dict[str, None], loops: dict[tuple[str, str], None]) -> str:
    """One random text that the tree matches, as well as may be; notes the leads to each node and the bodies of loops."""
    text = lead
    for kind, value in tree:
        reached.setdefault(text[-300:])
        if kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
            low, high, body = value
            piece = _walk(body, text, chance, reached, loops)[len(text) :]
            if high is op.MAXREPEAT or high > 20:
                loops.setdefault((text[-300:], piece or " "))
            text += piece * max(low, chance.choice((0, 1, 1, 2)) if high > 1 else chance.choice((0, 1)))
        elif kind is op.BRANCH:
            text = _walk(chance.choice(value[1]), text, chance, reached, loops)
        elif kind in (op.SUBPATTERN, op.ATOMIC_GROUP):
            text = _walk(value[3] if kind is op.SUBPATTERN else value, text, chance, reached, loops)
        elif kind in (op.ASSERT, op.ASSERT_NOT):
            _walk(value[1], text, chance, reached, loops)
        else:
            text += _letter(kind, value, chance)
    reached.setdefault(text[-300:])
    return text


def _letter(kind: Any, value: Any, chance: random.Random) -> str:
    if kind is op.LITERAL:
        return chr(value)
    if kind is op.NOT_LITERAL:
        return "a" if value != ord("a") else "b"
    if kind is op.ANY:
        return chance.choice("a. <")
    return _one(value, chance) if kind is op.IN else ""


CATEGORIES = {op.CATEGORY_SPACE: " \n", op.CATEGORY_DIGIT: "07", op.CATEGORY_WORD: "a_7"}


def _one(choices: Any, chance: random.Random) -> str:
    """A character of a set."""
    if choices[0][0] is op.NEGATE:
        held = re.compile("".join(["[^", *[_written(each) for each in choices[1:]], "]"]), re.S)
        fit = [each for each in "a x<[{(\"'%\\/-*_\n:;=" if held.match(each)]
        return chance.choice(fit or ["\u00e9"])
    kind, value = chance.choice(choices)
    if kind is op.RANGE:
        return chr(chance.choice((value[0], value[1])))
    if kind is op.CATEGORY:
        return chance.choice(CATEGORIES.get(value, "a!"))
    return chr(value)


def _written(choice: tuple[Any, Any]) -> str:
    kind, value = choice
    if kind is op.RANGE:
        return f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
    if kind is op.CATEGORY:
        names = {"SPACE": r"\s", "NOT_SPACE": r"\S", "DIGIT": r"\d", "NOT_DIGIT": r"\D", "WORD": r"\w", "NOT_WORD": r"\W"}
        return names[str(value).removeprefix("CATEGORY_")]
    return re.escape(chr(value))
