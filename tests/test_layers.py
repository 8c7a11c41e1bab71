"""Imports go down only: the ranks of docs/guide.md, checked on the source with the standard library's `ast`."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Rank of each module or room; the longest matching prefix counts. A module imports lower ranks, or its own room.
RANKS = {
    "service": 0,
    "service.http_errors": 0,
    "service.errors": 0, "service.blocks": 0, "service.document": 0, "service.config": 0, "service.notices": 0, "service.logs": 0,
    "service.characters": 0, "service.stages": 0, "service.allocator": 0, "service.metrics": 0,
    "service.remedies": 0, "service.tracing": 0,
    "service.pandoc_ast": 1, "service.wire": 1, "service.labels": 1, "service.dates": 1,
    "service.misread": 1, "service.naming": 1, "service.title_heading": 2,
    "service.encoding": 1, "service.html_ast": 1, "service.table_ast": 1, "service.references": 1, "service.strict_json": 1,
    "service.profiles": 1,
    "schemas.dates": 1, "schemas.languages": 1, "schemas.record_fields": 1, "schemas.lengths": 1,
    "schemas": 1, "schemas.metadata": 1, "schemas.front_matter": 1, "schemas.options": 1,
    "service.frontmatter": 2, "service.storage": 2, "service.engines": 2, "service.assets": 2,
    "service.xml_text": 2, "service.beside": 2, "service.embedded": 3, "service.metadata_file": 2,
    "service.standins": 1, "service.nesting": 1, "service.texts": 2, "service.letters": 2, "service.wrapping": 1,
    "service.mapping": 2, "service.record": 2, "service.pdf_metadata": 2, "service.packages": 2, "service.page": 2,
    "service.look": 2,
    "service.archives": 1, "service.bundle": 2, "service.articles": 2, "service.combining": 3,
    "service.readers.base": 2, "service.inspect": 2,
    "service.readers": 3, "service.passes": 3, "service.writers": 3, "service.sniff": 3,
    "service.bounded_workers": 3, "service.pipeline": 4, "schemas.requests": 4, "schemas.responses": 4,
    "service.results": 5, "service.operations": 5, "service.worker": 6, "service.client": 5,
    "service.workshop": 6, "colophon": 6,
    "service.jobs.database": 5, "service.jobs.tables": 5, "service.jobs.migrations": 5, "service.keys": 6,
    "service.jobs": 7, "service.batch": 7,
    "service.web": 8,
    "service.app": 9, "service.server": 9, "service.reference": 9, "service.openapi": 10,
    "service.commands": 11, "service.cli": 12, "wsgi": 12,
}  # fmt: skip

# Rooms whose files never import a sibling (but `base`, and what the room itself shares).
ISLANDS = ("service.readers", "service.passes", "service.writers")
# Third parties that stay in one file or room.
CONFINED = {
    "weasyprint": ("service.engines",),
    "ziamath": ("service.engines.formulas",),
    "pypdfium2": ("service.engines.preview",),
    "pypandoc": ("service.engines",),
    "flask": ("service.web", "service.app", "service.openapi"),
    "werkzeug": ("service.web", "service.app"),
    "celery": ("service.jobs",),
    "boto3": ("service.storage.s3",),
    "sqlalchemy": ("service.jobs", "service.keys"),
    "alembic": ("service.jobs.migrations",),
    "gunicorn": ("service.commands.serve", "service.server"),
    "waitress": ("service.server",),
    "click": ("service.cli", "service.commands"),
    "urllib3": ("service.assets.fetcher", "service.assets.dialling", "service.client", "service.jobs.webhooks"),
}


def modules() -> Iterator[tuple[str, Path]]:
    for top in ("service", "schemas", "colophon", "wsgi.py"):
        path = ROOT / top
        files = [path] if path.is_file() else sorted(path.rglob("*.py"))
        for file in files:
            parts = file.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), file


@functools.cache
def known() -> frozenset[str]:
    return frozenset(name for name, _ in modules())


def rank(module: str) -> int | None:
    parts = module.split(".")
    for length in range(len(parts), 0, -1):
        if (found := RANKS.get(".".join(parts[:length]))) is not None and (length > 1 or len(parts) == 1):
            return found
    return None


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


def room(module: str) -> str:
    return ".".join(module.split(".")[:2])


@pytest.mark.parametrize(("module", "file"), list(modules()), ids=lambda value: value if isinstance(value, str) else "")
def test_imports_go_down(module: str, file: Path) -> None:
    own = rank(module)
    assert own is not None, f"{module} has no rank: give it one in RANKS"
    wrong = []
    for name, line in imports(file):
        if name.split(".")[0] not in {"service", "schemas", "colophon", "wsgi"}:
            continue
        other = rank(name)
        assert other is not None, f"{name} has no rank"
        if room(name) != room(module) and other >= own and not (own == other and own in {0, 1, 2, 10}):
            wrong.append(f"{file.relative_to(ROOT)}:{line} imports {name} (rank {other}, own {own})")
    assert not wrong, "\n".join(wrong)


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
