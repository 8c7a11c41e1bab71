"""Clients that usual generators make from openapi.yaml: each converts, makes a job and reads a problem."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import Server, colophon

pytestmark = pytest.mark.timeout(1_500)  # compilers
HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SCRIPTS = Path(sys.executable).parent
MODULES = ROOT / ".venv" / "typescript" / "node_modules"


def run(*command: object, cwd: Path, **environ: str) -> str:
    """The output of the command. Raises AssertionError with its errors."""
    known = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "JAVA_HOME") if name in os.environ}
    made = subprocess.run(
        [str(each) for each in command], cwd=cwd, env=known | environ, capture_output=True, text=True, timeout=900, check=False
    )
    assert made.returncode == 0, made.stdout[-3_000:] + made.stderr[-3_000:]
    return made.stdout


def needs(what: object, name: str) -> None:
    if not what:
        pytest.skip(f"{name} is not installed: bin/setup --dev installs it where it can")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with colophon(tmp_path_factory.mktemp("generated"), workers=1) as running:
        yield running


def test_openapi_python_client(tmp_path: Path, server: Server) -> None:
    generator = shutil.which("openapi-python-client", path=SCRIPTS)
    needs(generator, "openapi-python-client")
    config = tmp_path / "config.yaml"
    config.write_text("post_hooks: []\n", encoding="utf-8")  # it would format with ruff
    made = tmp_path / "colophon_generated"
    run(
        generator, "generate", "--path", ROOT / "openapi.yaml", "--output-path", made, "--meta", "none", "--config", config,
        cwd=tmp_path,
    )  # fmt: skip
    said = run(sys.executable, HERE / "program.py", server.base, cwd=tmp_path, PYTHONPATH=str(tmp_path))
    assert said.splitlines() == [
        "200 application/epub+zip b'PK'", "succeeded ['lock.html', 'two.html']", "422 validation-error /margin",
    ]  # fmt: skip


def test_openapi_generator_for_go(tmp_path: Path, server: Server) -> None:
    generator, go = shutil.which("openapi-generator-cli", path=SCRIPTS), shutil.which("go")
    needs(generator, "openapi-generator-cli")
    needs(go, "Go")
    needs(shutil.which("java"), "Java")
    made = tmp_path / "client"
    run(
        generator, "generate", "-g", "go", "-i", ROOT / "openapi.yaml", "-o", made,
        "--additional-properties=packageName=colophon,enumClassPrefix=true",
        "--global-property=apiTests=false,modelTests=false,apiDocs=false,modelDocs=false", cwd=tmp_path,
    )  # fmt: skip
    (made / "go.mod").write_text("module example.org/colophon\n\ngo 1.18\n", encoding="utf-8")
    (made / "program").mkdir()
    shutil.copy(HERE / "program.go", made / "program")
    offline = {"GOFLAGS": "-mod=mod", "GOPROXY": "off", "GOCACHE": str(tmp_path / "cache"), "GOTOOLCHAIN": "local"}
    run(go, "build", "-o", tmp_path / "program", "./program", cwd=made, **offline)
    article = tmp_path / "lock.md"
    article.write_text("# The lock\n\nThe lock opens at eight.\n", encoding="utf-8")
    said = run(tmp_path / "program", server.base, article, cwd=tmp_path)
    assert said.splitlines() == ["200 application/epub+zip PK", "succeeded 1 lock.html", "422 validation-error /margin"]


def test_the_typescript_client(tmp_path: Path, server: Server) -> None:
    """clients/typescript, on types from openapi-typescript; its own tests use it against a service."""
    needs(shutil.which("node"), "Node.js")
    needs(MODULES.is_dir(), "clients/typescript")
    made = tmp_path / "typescript"
    shutil.copytree(ROOT / "clients" / "typescript", made, ignore=shutil.ignore_patterns("node_modules", "dist"))
    (made / "node_modules").symlink_to(MODULES)
    tools = MODULES / ".bin"
    run(tools / "openapi-typescript", ROOT / "openapi.yaml", "-o", made / "src" / "schema.d.ts", cwd=made)
    run(tools / "tsc", "-p", made, cwd=made)
    said = run(shutil.which("node"), "--test", "test", cwd=made, COLOPHON_URL=server.base)
    assert "# pass 6" in said and "# fail 0" in said
