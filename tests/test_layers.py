"""Imports go one way: each room stands on the rooms above it in ROOMS and on no other (docs/guide.md)."""

from __future__ import annotations

import ast
import functools
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

ROOMS = (
    "model", "ast", "telemetry", "containers", "storage", "network", "engines", "input", "readers", "passes", "style", "writers",
    "inspect", "pipeline", "workers", "conversion", "jobs", "web", "commands",
)  # fmt: skip
WIRING = {"service.app", "service.cli"}  # the only modules outside the rooms
# Rooms whose folders and files never import a sibling, but what the room itself shares.
ISLANDS = {"service.readers": {"base", "shared"}, "service.passes": {"base"}, "service.writers": {"base", "page"}}
# Third parties that stay in one file or room.
CONFINED = {
    "weasyprint": ("service.engines",),
    "ziamath": ("service.engines.formulas",),
    "merman": ("service.engines.diagrams",),
    "pypdfium2": ("service.engines.preview",),
    "pypandoc": ("service.engines.pandoc",),
    "flask": ("service.web",),
    "werkzeug": ("service.web",),
    "gunicorn": ("service.commands.serve", "service.web.server"),
    "waitress": ("service.web.server",),
    "celery": ("service.jobs",),
    "mcp": ("service.web.agents", "service.commands.agent_stdio"),
    "boto3": ("service.storage.s3",),
    "sqlalchemy": ("service.jobs",),
    "alembic": ("service.jobs.migrations",),
    "click": ("service.cli", "service.commands"),
    "urllib3": ("service.network", "colophon_client", "service.jobs.webhooks"),
}
# Engines belong into workers: the front would pay for them in memory and start-up time.
ENGINES = ("weasyprint", "fontTools", "ziamath", "merman", "pikepdf", "PIL")


def modules() -> Iterator[tuple[str, Path]]:
    for top in ("service", "schemas", "clients/python/colophon_client", "wsgi.py"):
        path = ROOT / top
        files = [path] if path.is_file() else sorted(path.rglob("*.py"))
        for file in files:
            parts = file.relative_to(ROOT / ("clients/python" if top.startswith("clients") else "")).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), file


@functools.cache
def known() -> frozenset[str]:
    return frozenset(name for name, _ in modules())


@functools.cache
def imports(file: Path) -> list[tuple[str, int]]:
    """Imported modules with line; those under `if TYPE_CHECKING` do not count."""
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
    """`service.web.jobs` → `service.web`; of other top levels, their name."""
    return ".".join(module.split(".")[: 2 if module.startswith("service.") else 1])


def floor(module: str) -> int:
    """The level of a module's room. `schemas` stands on `model` alone, `service` itself on nothing."""
    name = room(module)
    if name in {"colophon_client", "service"}:
        return -1
    if name == "wsgi":
        return 2 * len(ROOMS) + 1
    if module in WIRING:
        return 2 * len(ROOMS)
    return 1 if name == "schemas" else 2 * ROOMS.index(name.removeprefix("service."))


def test_nothing_lies_loose() -> None:
    found = {path.name for path in (ROOT / "service").iterdir() if path.is_file() or any(path.rglob("*.py"))}
    assert found == {*ROOMS, "app.py", "cli.py", "__init__.py", "py.typed"}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_says_what_it_is(room: str) -> None:
    """Its `__init__` opens with three lines: what is in it, what it imports, where a newcomer starts."""
    doc = ast.get_docstring(ast.parse((ROOT / "service" / room / "__init__.py").read_text(encoding="utf-8"))) or ""
    lines = doc.splitlines()
    assert len(lines) >= 3, doc
    assert lines[1].startswith("Imports: ")
    assert lines[2].startswith("Start with ")


@pytest.mark.parametrize(("module", "file"), list(modules()), ids=lambda value: value if isinstance(value, str) else "")
def test_imports_go_one_way(module: str, file: Path) -> None:
    wrong = [
        f"{file.relative_to(ROOT)}:{line} imports {name}"
        for name, line in imports(file)
        if name in known() and room(name) != room(module) and floor(name) >= floor(module)
    ]
    assert not wrong, "\n".join(wrong)


def test_no_module_is_in_a_circle() -> None:
    graph = {module: {name for name, _ in imports(file) if name in known() - {module}} for module, file in modules()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]))


@pytest.mark.parametrize("island", ISLANDS)
def test_siblings_do_not_import_each_other(island: str) -> None:
    wrong = []
    for module, file in modules():
        own = module.split(".")[2:3]
        if not module.startswith(island + ".") or own[0] in ISLANDS[island]:
            continue
        for name, line in imports(file):
            other = name.split(".")[2:3]
            if name.startswith(island + ".") and other != own and other[0] not in ISLANDS[island]:
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


def loaded(*names: str) -> set[str]:
    """The modules that a fresh interpreter has loaded after it imported `names`."""
    code = f"import sys, {', '.join(names)}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=120)
    return set(done.stdout.split())


@pytest.mark.parametrize("entry", ["service.cli", "service.web", "wsgi", "service.commands.convert", "service.commands.serve"])
def test_the_front_loads_no_engine(entry: str) -> None:
    assert not loaded(entry) & set(ENGINES)


def test_an_epub_loads_no_engine_of_pages() -> None:
    """WeasyPrint, its libraries and fontTools take a third of a second, which `colophon convert` to EPUB has no use for."""
    names = ("service.style.own_fonts", "service.engines.fonts.face", "service.writers.epub", "service.writers.pdf")
    assert not loaded(*names) & {"weasyprint", "fontTools"}


def test_help_loads_no_command() -> None:
    """`colophon --help` only needs the table: neither Flask nor a database, so it is quick."""
    found = loaded("service.cli")
    assert not [name for name in found if name.startswith(("service.commands.", "service.web", "service.jobs"))]
    assert not found & {"flask", "sqlalchemy", "gunicorn", "marshmallow", "lxml"}
