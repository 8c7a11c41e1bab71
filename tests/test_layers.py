"""Imports go down only: the ranks of docs/guide.md, checked on the source with the standard library's `ast`."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Rooms whose files never import a sibling (but `base`, and what the room itself shares).
ISLANDS = ("service.readers", "service.passes", "service.writers")
# Third parties that stay in one file or room.
CONFINED = {
    "weasyprint": ("service.engines",),
    "ziamath": ("service.engines.formulas",),
    "pypdfium2": ("service.engines.preview",),
    "pypandoc": ("service.engines",),
    "flask": ("service.web", "service.web.application", "service.web.openapi"),
    "werkzeug": ("service.web", "service.web.application"),
    "celery": ("service.jobs",),
    "boto3": ("service.storage.s3",),
    "sqlalchemy": ("service.jobs", "service.jobs.keys"),
    "alembic": ("service.jobs.migrations",),
    "gunicorn": ("service.commands.serve", "service.web.server"),
    "waitress": ("service.web.server",),
    "click": ("service.cli", "service.commands"),
    "urllib3": ("service.network.fetcher", "service.network.connections", "colophon_client", "service.jobs.webhooks"),
}


def modules() -> Iterator[tuple[str, Path]]:
    for top in ("service", "schemas", "wsgi.py"):
        path = ROOT / top
        files = [path] if path.is_file() else sorted(path.rglob("*.py"))
        for file in files:
            parts = file.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), file


@functools.cache
def known() -> frozenset[str]:
    return frozenset(name for name, _ in modules())


@functools.cache
def imports(file: Path) -> list[tuple[str, int]]:
    """Imported modules with line; those under `if TYPE_CHECKING` don't count."""
    return list(_imports(file))


def _imports(file: Path) -> Iterator[tuple[str, int]]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    skipped = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield (full if full in known() else node.module), node.lineno


@pytest.mark.parametrize("island", ISLANDS)
def test_siblings_do_not_import_each_other(island: str) -> None:
    wrong = []
    for module, file in modules():
        if not module.startswith(island + "."):
            continue
        for name, line in imports(file):
            if name.startswith(island + ".") and not name.endswith(".base") and name.split(".")[:3] != module.split(".")[:3]:
                wrong.append(f"{file.relative_to(ROOT)}:{line} imports {name}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("package", CONFINED)
def test_third_parties_stay_in_their_room(package: str) -> None:
    wrong = [
        f"{file.relative_to(ROOT)}:{line}"
        for module, file in modules()
        for name, line in imports(file)
        if name.split(".")[0] == package and not module.startswith(CONFINED[package])
    ]
    assert not wrong, f"{package} is imported outside {CONFINED[package]}: {wrong}"


def test_files_stay_small() -> None:
    long = {name: count for name, file in modules() if (count := len(file.read_text(encoding="utf-8").splitlines())) > 300}
    assert not long, f"files over 300 lines: {long}"


def test_functions_stay_short() -> None:
    long = [
        f"{module}.{node.name}: {node.end_lineno - node.lineno + 1}"
        for module, file in modules()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and node.end_lineno
        and node.end_lineno - node.lineno + 1 > 50
    ]
    assert not long, "\n".join(long)
