"""Profiles of the operator: folders in COLOPHON_PROFILES, each with a profile.yaml (docs/house-style.md).

Such a profile is data. It changes another profile, `extends`, by its own style sheets, options and Word template.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from service.model import operator_folders

NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
FILE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")
ABOUT = "profile.yaml"
BASES = ("article", "book", "paper", "report")
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp")
LARGEST_ABOUT, LARGEST_CSS, LARGEST_FILE = 65_536, 200_000, 5_000_000  # bytes
MOST_FILES = 100


@dataclass(frozen=True, slots=True)
class Key:
    """A key of profile.yaml: its type in JSON Schema, and its meaning."""

    kind: str
    help: str
    suffix: str = ""  # of the file that it names, or of the files
    required: bool = False


KEYS: Mapping[str, Key] = {
    "title": Key("string", "Name of the profile for people.", required=True),
    "description": Key("string", "What it is for, in a sentence."),
    "extends": Key("string", f"Profile that it changes: {', '.join(BASES)}. Default: article."),
    "print": Key("array", "Style sheets for PDF, in their order.", ".css"),
    "epub": Key("array", "Style sheets for EPUB, in their order.", ".css"),
    "screen": Key("array", "Style sheets for HTML, in their order.", ".css"),
    "template": Key("string", "Word template (.dotx or .docx) for DOCX.", ".dotx|.docx"),
    "options": Key("object", "Defaults of options, by the names of docs/options.md. A request can override them."),
}
SHEETS = ("print", "epub", "screen")


class Broken(ValueError):
    """A profile that cannot be used. Each line of the message has a place, an error and a remedy."""


@dataclass(frozen=True, slots=True)
class House:
    """The content of a profile.yaml. `sheets`: medium → names of its style sheets."""

    folder: Path
    title: str
    description: str = ""
    extends: str = "article"
    sheets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    template: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)

    def css(self, medium: str) -> str:
        """Raises OSError if a file is missing."""
        return "\n".join((self.folder / name).read_text(encoding="utf-8") for name in self.sheets.get(medium, ()))

    def pictures(self) -> dict[str, bytes]:
        """The pictures in the folder by their names."""
        files = (file for file in sorted(self.folder.iterdir()) if file.suffix.lower() in PICTURES)
        return {file.name: file.read_bytes() for file in files if _is_plain(file)}


def configured(environ: Mapping[str, str] | None = None) -> Path | None:
    """The folder of COLOPHON_PROFILES, or of `profiles` in the file of COLOPHON_CONFIG, or None."""
    return operator_folders.configured("profiles", environ)


def folders() -> dict[str, Path]:
    """Name → folder of each profile of the operator."""
    top = configured()
    if top is None or not top.is_dir():
        return {}
    return {file.parent.name: file.parent for file in sorted(top.glob(f"*/{ABOUT}")) if NAME.fullmatch(file.parent.name)}


def read(folder: Path) -> House:
    """The profile in a folder. Raises Broken with all of its errors."""
    said = _said(folder / ABOUT)
    if problems := list(_problems(folder, said)):
        raise Broken("\n".join(f"{folder.name}/{ABOUT}: {each}" for each in problems))
    sheets = {medium: tuple(said.get(medium, ())) for medium in SHEETS}
    plain = {name: said[name] for name in ("title", "description", "extends", "template", "options") if name in said}
    return House(folder, sheets=sheets, **plain)


def _said(file: Path) -> dict[str, Any]:
    try:
        text = file.read_bytes()[: LARGEST_ABOUT + 1]
        if len(text) > LARGEST_ABOUT:
            raise Broken(f"{file.parent.name}/{ABOUT}: larger than {LARGEST_ABOUT:,} bytes.")
        said = yaml.safe_load(text.decode("utf-8"))
    except OSError as error:
        raise Broken(f"{file.parent.name}/{ABOUT}: {error.strerror}. A profile is a folder with a {ABOUT}.") from error
    except (UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f":{mark.line + 1}" if mark else ""
        detail = getattr(error, "problem", None) or "it is not YAML in UTF-8"
        raise Broken(f"{file.parent.name}/{ABOUT}{where}: {detail}.") from error
    if not isinstance(said, dict):
        raise Broken(f"{file.parent.name}/{ABOUT}: must be a mapping with the key title.")
    return said


def _problems(folder: Path, said: Mapping[Any, Any]) -> Iterator[str]:
    if not NAME.fullmatch(folder.name):
        yield "the folder needs a name of small letters, digits, - and _."
    if folder.name in BASES:
        yield f"the folder cannot have the name of a built-in profile ({', '.join(BASES)})."
    yield from (f"the key {name} is missing." for name, key in KEYS.items() if key.required and not said.get(name))
    for name, value in said.items():
        if (key := KEYS.get(name)) is None:
            near = difflib.get_close_matches(str(name), KEYS, n=1)
            yield f"unknown key {name!r}." + (f" Did you mean {near[0]}?" if near else f" Known: {', '.join(KEYS)}.")
        elif not isinstance(value, TYPES[key.kind]):
            yield f"{name} must be {SPOKEN[key.kind]}."
        elif key.suffix:
            names: Any = [value] if isinstance(value, str) else value
            yield from _of_files(folder, name, names, key.suffix.split("|"))
    if isinstance(base := said.get("extends", "article"), str) and base not in BASES:
        yield f"extends must be one of {', '.join(BASES)}."
    if sum(1 for _ in folder.rglob("*")) > MOST_FILES:
        yield f"the folder has more than {MOST_FILES} files."


def _of_files(folder: Path, key: str, names: Sequence[Any], suffixes: Sequence[str]) -> Iterator[str]:
    for name in names:
        if not isinstance(name, str) or not FILE.fullmatch(name) or Path(name).suffix.lower() not in suffixes:
            yield f"{key}: {name!r} must be the name of a file in the folder that ends in {' or '.join(suffixes)}."
        elif not _is_plain(folder / name):
            yield f"{key}: there is no file {name} in the folder, or it is a link."
        elif (size := (folder / name).stat().st_size) > (limit := LARGEST_CSS if suffixes == [".css"] else LARGEST_FILE):
            yield f"{key}: {name} has {size:,} bytes. The limit is {limit:,}."


def _is_plain(file: Path) -> bool:
    return file.is_file() and not file.is_symlink()


TYPES: Mapping[str, type] = {"string": str, "array": list, "object": dict}
SPOKEN: Mapping[str, str] = {"string": "a text", "array": "a list of names", "object": "a mapping"}


def schema() -> dict[str, Any]:
    """The JSON Schema of profile.yaml."""
    properties: dict[str, dict[str, Any]] = {name: {"type": key.kind, "description": key.help} for name, key in KEYS.items()}
    properties["extends"]["enum"] = list(BASES)
    for name, key in KEYS.items():
        named = {"type": "string", "pattern": rf"^{FILE.pattern}$"}
        if key.suffix:
            properties[name] |= {"items": named} if key.kind == "array" else named
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "profile.yaml of Colophon",
        "type": "object",
        "properties": properties,
        "required": [name for name, key in KEYS.items() if key.required],
        "additionalProperties": False,
    }
