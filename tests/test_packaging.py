"""The result of `pip install .`: a complete wheel that works from any folder and declares its imports; and the image."""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

from tests.test_layers import imports, modules

ROOT = Path(__file__).resolve().parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
ARTICLE = "---\ntitle: Wheel\nlang: en\n---\n\nSome text.\n"


def build(source: Path, into: Path) -> Path:
    argv = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(into)]
    done = subprocess.run(argv, cwd=source, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    (wheel,) = into.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, tmp_path_factory.mktemp("wheel"))


def test_everything_that_is_kept_is_in_the_wheel(wheel: Path) -> None:
    """Profiles, the program of pandoc, migrations, typing: all files in git below the packages."""
    kept = subprocess.run(["git", "ls-files", "service", "schemas"], cwd=ROOT, capture_output=True, text=True, check=True)
    names = set(zipfile.ZipFile(wheel).namelist())
    assert not set(kept.stdout.split()) - names
    assert {"service/openapi.yaml", "service/engines/pandoc/worker.lua", "colophon_client/py.typed"} <= names
    assert any(name.endswith("share/man/man1/colophon.1") for name in names)
    assert not [name for name in names if name.startswith(("tests/", "bench/"))]


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh venv with the wheel in it; the dependencies are those of this environment; the checkout is not on the path."""
    folder = tmp_path_factory.mktemp("fresh") / "venv"
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index", "--quiet", str(wheel)]
    subprocess.run(pip, check=True, timeout=120)
    (site,) = folder.glob("lib/python*/site-packages")
    (lent,) = (Path(each) for each in sys.path if each.endswith("site-packages") and Path(each).is_relative_to(sys.prefix))
    (site / "lent.pth").write_text(f"{lent}\n", encoding="utf-8")
    return folder


def run(folder: Path, installed: Path, *argv: str) -> subprocess.CompletedProcess[str]:
    environ = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "LANG": "C.UTF-8", "COLOPHON_WORKERS": "1"}
    return subprocess.run(argv, cwd=folder, env=environ, capture_output=True, text=True, timeout=120, check=False)


def test_the_command_works_from_another_folder(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(ARTICLE, encoding="utf-8")
    done = run(
        tmp_path, installed, str(installed / "bin" / "colophon"), "convert", "a.md", "--to", "pdf,epub,docx", "--out", "made"
    )
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in (tmp_path / "made").iterdir()) == ["a.docx", "a.epub", "a.pdf"]


def test_what_runs_is_the_wheel_and_its_database_and_contract_are_there(installed: Path, tmp_path: Path) -> None:
    program = (
        "import service; from service.web.application import create_app; from service.model.settings import Settings\n"
        "from service.web.services import of\n"
        "app = create_app(Settings()); print(service.__file__)\n"
        "print(app.test_client().get('/openapi.yaml').status_code, of(app).jobs.depth().queued); of(app).jobs.close()"
    )
    done = run(tmp_path, installed, str(installed / "bin" / "python"), "-c", program)
    where, *reported = done.stdout.split()
    assert Path(where).is_relative_to(installed), done.stderr
    assert reported == ["200", "0"]


def test_what_is_imported_is_declared() -> None:
    declared = [*PROJECT["dependencies"], *(each for extra in PROJECT["optional-dependencies"].values() for each in extra)]
    names = {re.split(r"[\[<>=!~ ;]", each)[0].lower().replace("_", "-") for each in declared}
    by_weasyprint = ("brotli", "cffi", "cssselect2", "fonttools", "pydyf", "pyphen", "tinycss2", "tinyhtml5")
    brought = dict.fromkeys(by_weasyprint, "weasyprint") | {
        "anyio": "mcp",
        "asn1crypto": "pyhanko",
        "botocore": "boto3",
        "cryptography": "pyhanko",
        "kombu": "celery",
        "mcp-types": "mcp",
        "opentelemetry-api": "opentelemetry-sdk",
        "pyhanko-certvalidator": "pyhanko",
        "werkzeug": "flask",
    }
    packages = importlib.metadata.packages_distributions()
    for _, file in modules():
        for module, line in imports(file):
            top = module.split(".")[0]
            if top in sys.stdlib_module_names or top in {"service", "schemas", "colophon_client", "wsgi"}:
                continue
            found = {each.lower().replace("_", "-") for each in packages.get(top, ())}
            found |= {brought[each] for each in found if each in brought}
            assert found & names, (
                f"{file}:{line} imports {module}, of {found or 'no package'}, which pyproject.toml does not declare"
            )


# The image: no Docker here, so its instructions are read, and what they run is run.


def instructions() -> list[tuple[str, str]]:
    text = re.sub(r"\\\n\s*", " ", re.sub(r"^#.*\n", "", DOCKERFILE, flags=re.M))
    found = [line.split(None, 1) for line in text.splitlines() if line.strip()]
    return [(word, rest) for word, rest in found]


def test_the_image_is_built_by_the_set_up_script_and_runs_as_no_one_special() -> None:
    words = [word for word, _ in instructions()]
    assert set(words) <= {"FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "VOLUME", "EXPOSE", "HEALTHCHECK", "ENTRYPOINT", "CMD"}
    assert words.count("FROM") == 3
    for word, rest in instructions():
        if word == "RUN":
            assert rest.startswith(("bin/setup", "bin/docs")), rest
            subprocess.run(["bash", "-n", "-c", rest], check=True)
        if word in {"CMD", "ENTRYPOINT"}:
            assert rest.startswith("[")
    last = words[::-1].index("USER")
    assert int(instructions()[len(words) - 1 - last][1]) > 0
    assert "RUN" not in words[len(words) - last :]


def test_the_image_copies_what_its_build_needs(tmp_path: Path) -> None:
    """The first stage's COPY lines, done; then the wheel is built of them, and is the same."""
    for word, rest in instructions():
        if word == "COPY" and not rest.startswith("--from"):
            *names, target = rest.split()
            for name in names:
                source, into = ROOT / name, tmp_path / target
                if source.is_dir():
                    shutil.copytree(source, into, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
                else:
                    place = into / source.name if target.endswith("/") else into
                    place.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy(source, place)
    for name in ("bin/setup", "requirements.lock", "requirements-build.lock", "wsgi.py"):
        assert (tmp_path / name).is_file()
    made = build(tmp_path, tmp_path / "made")
    assert {"service/openapi.yaml", "service/model/profiles/article/profile.yaml"} <= set(zipfile.ZipFile(made).namelist())
    assert os.access(tmp_path / "bin" / "setup", os.X_OK)
    mkdocs = shutil.which("mkdocs", path=Path(sys.executable).parent)
    if mkdocs is None:
        pytest.skip("mkdocs is not installed: bin/setup --dev installs it")
    subprocess.run([mkdocs, "build", "--strict", "--quiet"], cwd=tmp_path, check=True, timeout=280)
    assert (tmp_path / "service" / "web" / "site" / "zh.html").is_file()


def test_the_documentation_is_built_with_the_tested_packages() -> None:
    """requirements-docs.lock is a part of requirements-dev.lock: what MkDocs Material needs."""
    tested = dict(entries("requirements-dev.lock"))
    needed = dict(entries("requirements-docs.lock"))
    assert "mkdocs-material" in needed and needed == {name: tested[name] for name in needed}


def entries(lock: str) -> list[tuple[str, list[str]]]:
    """Package → its lines in a lock file: versions, markers and hashes."""
    blocks = re.split(r"^(?=[A-Za-z0-9])", (ROOT / lock).read_text(encoding="utf-8"), flags=re.MULTILINE)
    found: dict[str, list[str]] = {}
    for block in filter(str.strip, blocks):
        found.setdefault(re.split(r"[=\[ ;]", block)[0], []).append(block.strip())
    return list(found.items())
