"""`-M KEY=VALUE`, `--metadata-file FILE`: metadata on the command line, with pandoc's names and meaning.

`-M` overrides the front matter. A metadata file gives the fields that the front matter does not set. Of several files, the
last one wins. A key that `-M` repeats becomes a list.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from service.model.errors import ColophonError

KEY_VALUE = re.compile(r"([^=:\s][^=:]*)(?:[=:](.*))?", re.DOTALL)
BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


def overrides(values: Iterable[str]) -> dict[str, Any]:
    """The metadata of all `-M` flags: `KEY=VALUE`, `KEY:VALUE`, `KEY` (true), or a JSON object. Raises click.BadParameter."""
    found: dict[str, Any] = {}
    pairs: dict[str, list[Any]] = {}
    for text in values:
        if text.lstrip().startswith("{"):
            found |= _object(text)
        else:
            key, value = _pair(text)
            pairs.setdefault(key, []).append(value)
    return found | {key: each[0] if len(each) == 1 else each for key, each in pairs.items()}


def _pair(text: str) -> tuple[str, Any]:
    match = KEY_VALUE.fullmatch(text)
    if match is None:
        raise click.BadParameter(f"{text!r} is not KEY=VALUE and not a JSON object.", param_hint="--metadata")
    key, value = match[1].strip(), match[2]
    return key, True if value is None else BOOLEANS.get(value, value)


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise click.BadParameter(f"not a JSON object: {error}", param_hint="--metadata") from error
    return dict(found)


def from_files(paths: Iterable[str]) -> dict[str, Any]:
    """The metadata of all files (YAML or JSON), a later file over an earlier one. Raises click.BadParameter."""
    found: dict[str, Any] = {}
    for path in paths:
        found |= read_mapping(path, "--metadata-file")
    return found


def read_mapping(path: str, flag: str) -> dict[str, Any]:
    """The mapping of a YAML or JSON file, by the rules of front matter. Raises click.BadParameter with file and line."""
    from service.input import frontmatter  # its parsers load slowly

    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise click.BadParameter(f"{path}: {error.strerror}.", param_hint=flag) from error
    except UnicodeDecodeError as error:
        raise click.BadParameter(f"{path} is not UTF-8.", param_hint=flag) from error
    body, fence = text.strip(), ";;;" if text.lstrip().startswith("{") else "---"
    body = re.sub(r"\A---[ \t]*\n|\n(?:---|\.\.\.)[ \t]*\Z", "", body) if fence == "---" else body
    try:
        front = frontmatter.split(f"{fence}\n{body}\n{fence}\n", strict=True)
    except ColophonError as error:
        place = error.places[0]
        where = f", line {place.line - 1}" if place.line and place.line > 1 else ""
        raise click.BadParameter(f"{path}{where}: {place.detail}", param_hint=flag) from error
    if not front.data and body:
        raise click.BadParameter(f"{path} is not a YAML or JSON mapping.", param_hint=flag)
    return dict(front.data)
