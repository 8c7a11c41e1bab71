"""Notices and problems as lines of the command line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from colophon_client import Problem
from service.input import gathering
from service.model.artifact_names import stem
from service.model.document import Notice
from service.model.errors import ColophonError


def line(notice: Notice, files: Sequence[str]) -> str:
    """`a.md: warning: line 3, column 1: image-missing: …`; `files` are the articles of the conversion."""
    return f"{_about(notice, files)}: {notice.severity}: {place(notice.line, notice.column)}{notice.code}: {notice.message}"


def problem(error: ColophonError | Problem) -> str:
    """`code: detail`, and a line for each further place."""
    further = [each for each in error.places if each.line or each.detail != error.detail]
    return f"{error.code}: {error.detail}" + "".join(f"\n  {place(each.line, each.column)}{each.detail}" for each in further)


def packed(error: ColophonError | Problem) -> dict[str, Any]:
    """The problem as JSON: code, detail, errors."""
    return error.extra if isinstance(error, Problem) else error.as_dict()


def place(line: int | None, column: int | None) -> str:
    if line is None:
        return ""
    return f"line {line}, column {column}: " if column is not None else f"line {line}: "


def _about(notice: Notice, files: Sequence[str]) -> str:
    """The article of a notice: in a book the chapter's file, or the book."""
    chapter = notice.data.get("chapter")
    if not isinstance(chapter, int):
        return files[0] if len(files) == 1 else stem(gathering.BOOK)
    return files[chapter - 1] if len(files) > 1 else f"{files[0]}: {notice.data.get('source', '')}"
