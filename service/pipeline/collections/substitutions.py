"""Words that a chapter takes from its settings: `{{ name }}` in Jupyter Book, from `_config.yml` or its own front matter.

jupyterbook.org/en/stable/content/content-blocks.html, "Substitutions". An undefined word stays, and so does code.
"""

from __future__ import annotations

import functools
import posixpath
import re
from collections.abc import Callable, Mapping
from typing import Any

from service.input import encoding
from service.model.errors import Refused
from service.pipeline.collections import python_file
from service.pipeline.collections.base import Changed, Collection, Files, joined

WORD = re.compile(r"\{\{[ \t]*(?P<name>[A-Za-z_][\w-]{0,60})[ \t]*\}\}")
# A fence, the ticks of code, or a role of MyST, which is not code.
CODE = re.compile(
    r"(?P<role>\{[\w:-]{1,30}+\}`[^`\n]{1,300}+`)"
    r"|(?P<fence>^[ \t]*+(?P<mark>`{3,}+|~{3,}+)[ \t]*+(?!\{)[^\n]*+\n)|(?P<ticks>`++)",
    re.M,
)
MYST = ("jupyter-book", "sphinx")  # kinds of collections
SETTINGS = (("parse", "myst_substitutions"), ("sphinx", "config", "myst_substitutions"))
OWN = (("substitutions",), ("myst", "substitutions"))


def placed(files: Mapping[str, bytes], collection: Collection) -> Changed:
    """The chapters in which a word was substituted, by name."""
    if collection.kind not in MYST:
        return Changed()
    look = Files(files, collection.names)
    shared = _defined(look.settings(joined(collection.content, "_config.yml")), SETTINGS)
    shared |= _defined(python_file.assigned(look.text(joined(collection.content, "conf.py"))), (("myst_substitutions",),))
    found: dict[str, bytes] = {}
    for name in collection.names:
        if b"{{" not in files[name] or posixpath.splitext(name)[1] != ".md":
            continue
        words = shared | _defined(look.front_matter(name), OWN)
        try:
            text = encoding.decode(files[name])[0]
        except Refused:
            continue
        if (whole := outside_code(text, functools.partial(_with_words, words=words))) != text:
            found[name] = whole.encode()
    return Changed(found)


def _defined(settings: Mapping[str, Any], places: tuple[tuple[str, ...], ...]) -> dict[str, str]:
    """The words of one line that the settings define. Longer texts hold directives of their own."""
    words: dict[str, str] = {}
    for place in places:
        value: Any = settings
        for key in place:
            value = value.get(key) if isinstance(value, Mapping) else None
        if isinstance(value, Mapping):
            words |= {str(key): str(item).strip() for key, item in value.items() if isinstance(item, str | int | float)}
    return {key: item for key, item in words.items() if "\n" not in item}


def outside_code(text: str, change: Callable[[str], str]) -> str:
    """The text after `change`, with code unchanged. Directives are not code."""
    parts, at = list[str](), 0
    while opening := CODE.search(text, at):
        if opening["role"]:
            parts.append(change(text[at : opening.end()]))
            at = opening.end()
            continue
        closing = f"\n{opening['mark']}" if opening["fence"] else opening["ticks"]
        end = text.find(closing, opening.end() - 1 if opening["fence"] else opening.end())
        parts.append(change(text[at : opening.start()]))
        stop = opening.end() if end < 0 else end + len(closing)
        parts.append(text[opening.start() : stop])
        at = stop
    return "".join([*parts, change(text[at:])])


def _with_words(text: str, words: Mapping[str, str]) -> str:
    return WORD.sub(lambda found: words.get(found["name"], found[0]), text)
