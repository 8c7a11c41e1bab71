"""The documentation as a site: built without warnings, whole, served at /docs/ under its policy, with a search."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
import yaml
from flask.testing import FlaskClient
from playwright.sync_api import Browser, expect
from werkzeug.serving import make_server

from service.model.settings import Settings
from service.web import docs
from service.web.application import create_app
from service.web.services import of
from tests.web.ui.conftest import ANSWERED, Watcher

ROOT = Path(__file__).resolve().parents[3]
SENT = re.compile(r"""<(?:script|link|img|iframe|source)\b[^>]*\b(?:src|href)=["']?([^"'\s>]+)""")
LINK = re.compile(r"""<a\b[^>]*\bhref=["']?([^"'\s>]+)""")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    mkdocs = shutil.which("mkdocs", path=Path(sys.executable).parent)
    if mkdocs is None:
        pytest.skip("mkdocs is not installed: bin/setup --dev installs it")
    target = tmp_path_factory.mktemp("docs") / "site"
    run = subprocess.run([ROOT / "bin" / "docs", "--site-dir", target], capture_output=True, text=True, timeout=280, check=False)
    assert run.returncode == 0, run.stderr
    return target


@pytest.fixture
def served(site: Path, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    monkeypatch.setattr(docs, "SITE", site.resolve())
    return client


def pages(site: Path) -> list[Path]:
    return sorted(site.rglob("*.html"))


def test_every_page_is_there(site: Path) -> None:
    written = {path.relative_to(ROOT / "docs").with_suffix("") for path in (ROOT / "docs").rglob("*.md")} - {Path("README")}
    built = {path.relative_to(site).with_suffix("") for path in pages(site)}
    assert written <= built and Path("index") in built
    named = set(re.findall(r"[\w-]+\.md", (ROOT / "mkdocs.yml").read_text(encoding="utf-8")))
    assert named <= {path.name for path in (ROOT / "docs").glob("*.md")}  # the index and the search have the others too


def test_nothing_comes_from_another_host(site: Path) -> None:
    for path in pages(site):
        assert [each for each in SENT.findall(path.read_text(encoding="utf-8")) if re.match(r"(https?:)?//", each)] == [], path


def test_links_lead_to_pages(site: Path) -> None:
    broken = []
    for path in pages(site):
        if path.name == "404.html":
            continue
        for link in LINK.findall(path.read_text(encoding="utf-8")):
            target = unquote(link.partition("#")[0].partition("?")[0])
            if target and not re.match(r"\w+:|/", target) and not (path.parent / target).resolve().exists():
                broken.append(f"{path.relative_to(site)}: {link}")
    assert broken == []


def test_each_page_runs_only_its_own_scripts(site: Path, served: FlaskClient) -> None:
    for name in ("index.html", "zh.html", "options.html", "404.html"):
        answer = served.get(f"/docs/{name}")
        assert answer.status_code == 200 and answer.mimetype == "text/html"
        policy = answer.headers["Content-Security-Policy"]
        scripts = re.search(r"script-src ([^;]*)", policy)
        assert scripts and "unsafe" not in scripts[1] and "default-src 'none'" in policy
        for script in re.findall(rb"<script>(.*?)</script>", answer.data, re.DOTALL):
            assert base64.b64encode(hashlib.sha256(script).digest()).decode() in scripts[1]
    again = served.get("/docs/index.html")
    assert served.get("/docs/", headers={"If-None-Match": again.headers["ETag"]}).status_code == 304
    for name in ("../docs.py", "%2e%2e/docs.py", "assets", "none.html", "a\x00b", "a" * 5_000):
        assert served.get(f"/docs/{name}").status_code == 404


def test_swagger_keeps_its_address(served: FlaskClient) -> None:
    assert served.get("/docs").headers["Content-Security-Policy"] == docs.POLICY
    assert served.get("/docs/swagger-ui.css").mimetype == "text/css"


def test_a_site_that_is_not_built_is_a_problem(client: FlaskClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(docs, "SITE", tmp_path / "none")
    answer = client.get("/docs/")
    assert answer.status_code == 404 and "bin/docs" in answer.get_json()["detail"]
    for address, root in (("/docs/", "../"), ("/docs/zh.html", "../"), ("/docs/adr/0001.html", "../../")):
        page = client.get(address, headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
        assert page.status_code == 404 and page.mimetype == "text/html"
        assert "<code>bin/docs</code>" in page.text and f'href="{root}docs"' in page.text


def test_the_navigation_has_four_kinds_of_pages() -> None:
    navigation = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]
    assert [name for part in navigation for name in part] == ["Start", "How-to", "Reference", "Explanation"]


@pytest.fixture
def address(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(docs, "SITE", site.resolve())
    app = create_app(Settings(data_dir=str(tmp_path), workers=1))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    of(app).stop()


def test_it_is_searched_in_a_browser(address: str, browser: Browser) -> None:
    context = browser.new_context(locale="en-US", viewport={"width": 1_440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(60_000)
    watcher = Watcher(page, address, ANSWERED)
    page.goto(f"{address}/docs/")
    page.locator(".md-search__input").click()
    page.locator(".md-search__input").press_sequentially("idempotency")  # the search listens to keys
    expect(page.locator(".md-search-result__link").first).to_be_visible()
    page.goto(f"{address}/docs/zh.html")
    expect(page.get_by_role("heading", name="从这里开始")).to_be_visible()
    context.close()
    assert watcher.faults == []
