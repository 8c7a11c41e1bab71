"""Each recipe of docs/recipes.md is run unchanged: against a real service, a real Redis, a real receiver, make and Node."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis

from colophon_client import Client
from service.jobs.webhooks import signature
from service.model.settings import Settings
from tests.backing import redis_server
from tests.servers import COLOPHON, Server, colophon, free_port
from tests.waiting import wait_for

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
RECIPES = EXAMPLES / "recipes"
ARTICLE = "---\ntitle: {}\nlang: en\n---\n\nSome text.\n"
SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with colophon(tmp_path_factory.mktemp("recipes"), workers=1, fetch_allow="127.0.0.0/8,127.0.0.1") as running:
        yield running


@contextmanager
def running(name: str, folder: Path, **environ: str) -> Iterator[subprocess.Popen[bytes]]:
    environ = {"PATH": os.environ["PATH"], "HOME": str(folder), "OUT": str(folder / "out"), **environ}
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen([sys.executable, RECIPES / name], env=environ, cwd=folder, stdout=log, stderr=log)
        try:
            yield process
        finally:
            process.terminate()
            process.wait(30)


def order(folder: Path, name: str, text: str = "") -> str:
    (folder / f"{name}.md").write_text(text or ARTICLE.format(name), encoding="utf-8")
    return json.dumps({"id": name, "file": str(folder / f"{name}.md"), "to": ["epub"], "options": {"toc": True}})


def test_the_queue_consumer_loses_nothing(server: Server, tmp_path: Path) -> None:
    log = tmp_path / "queue_consumer.py.log"
    with redis_server() as backing:
        url = backing.url
        queue = redis.Redis.from_url(url, decode_responses=True)
        queue.lpush("articles:doing", order(tmp_path, "left-over"))  # by one that was killed
        queue.lpush("articles", order(tmp_path, "one"), order(tmp_path, "bad", " "), "no order", order(tmp_path, "two"))
        with running("queue_consumer.py", tmp_path, REDIS_URL=url, COLOPHON_URL=server.base) as process:
            wait_for(lambda: not queue.exists("articles", "articles:doing"), log.read_text)
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0
        failed = {json.loads(each)["code"] for each in queue.lrange("articles:failed", 0, -1)}
        queue.close()
    made = {str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*.epub")}
    assert made == {"one/one.epub", "two/two.epub", "left-over/left-over.epub"}
    assert failed == {"empty-document", "no-order"}


def test_a_service_that_is_away_is_waited_for(tmp_path: Path) -> None:
    """The order goes back to where it came from: it is neither lost nor failed."""
    with redis_server() as backing:
        url = backing.url
        queue = redis.Redis.from_url(url, decode_responses=True)
        queue.lpush("articles", order(tmp_path, "one"))
        log = tmp_path / "queue_consumer.py.log"
        with running("queue_consumer.py", tmp_path, REDIS_URL=url, COLOPHON_URL="http://127.0.0.1:9"):
            wait_for(lambda: "waiting:" in log.read_text(encoding="utf-8") and queue.llen("articles") == 1, log.read_text)
        assert not queue.exists("articles:failed", "articles:doing")
        queue.close()


def test_the_webhook_receiver_fetches_what_it_believes(server: Server, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "one.md").write_text(ARTICLE.format("One"), encoding="utf-8")
    port = free_port()
    url = f"http://127.0.0.1:{port}/hook"
    log = tmp_path / "webhook_receiver.py.log"
    with running("webhook_receiver.py", tmp_path, WEBHOOK_SECRET=SECRET, COLOPHON_URL=server.base, PORT=str(port)):
        wait_for(lambda: answered(url, b"{}", {}) == 401, log.read_text)
        with Client(server.base) as client:
            job = client.create_job([tmp_path / "one.md"], "epub", webhook_url=url, webhook_secrets=[SECRET])
        wait_for((tmp_path / "out" / f"{job.id}.zip").exists, log.read_text)
    with zipfile.ZipFile(tmp_path / "out" / f"{job.id}.zip") as archive:
        assert "one.epub" in archive.namelist()


def answered(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, dict(headers)), timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


@pytest.mark.parametrize(
    ("change", "believed"),
    [({}, True), ({"body": '{"a": 2}'}, False), ({"webhook-timestamp": "1"}, False), ({"webhook-signature": "v1,AAAA"}, False)],
)
def test_node_verifies_what_we_sign(change: dict[str, str], believed: bool, tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed (nodejs)")
    body = '{"a": 1, "title": "灯塔"}'
    headers = signature.headers([SECRET], "evt_1", int(time.time()), body.encode()) | change
    given = json.dumps({"headers": headers, "body": headers.pop("body", body)})
    program = (
        f'import {{ verify }} from "{(RECIPES / "verify.mjs").as_uri()}";\n'
        f"const given = {given};\n"
        f'console.log(verify("{SECRET}", given.headers, given.body).a);'
    )
    (tmp_path / "run.mjs").write_text(program, encoding="utf-8")
    done = subprocess.run([node, tmp_path / "run.mjs"], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode == 0, done.stdout) == (believed, "1\n" if believed else "")


def test_the_site_has_its_downloads_and_the_second_time_nothing_is_done(tmp_path: Path) -> None:
    if shutil.which("make") is None:
        pytest.skip("make is not installed")
    posts = tmp_path / "content" / "posts"
    posts.mkdir(parents=True)
    (posts / "one.md").write_text('+++\ntitle = "One"\ndate = 2026-01-02\n+++\n\n# Head\n\nText.\n', encoding="utf-8")
    (tmp_path / "content" / "about.md").write_text(ARTICLE.format("About"), encoding="utf-8")
    environ = {"PATH": f"{COLOPHON.parent}:{os.environ['PATH']}", "HOME": str(tmp_path), "COLOPHON_WORKERS": "1"}
    argv = ["make", "-f", str(RECIPES / "site.mk")]
    for _ in range(2):
        subprocess.run(argv, cwd=tmp_path, env=environ, check=True, capture_output=True, timeout=120)
    made = {str(path.relative_to(tmp_path / "public")) for path in (tmp_path / "public").rglob("*") if path.is_file()}
    assert made == {"about.epub", "about.pdf", "posts/one.epub", "posts/one.pdf"}
    report = (tmp_path / ".colophon" / "colophon-report.jsonl").read_text(encoding="utf-8")
    assert {json.loads(line)["state"] for line in report.splitlines()} == {"unchanged"}


def test_the_units_run_a_command_that_there_is(tmp_path: Path) -> None:
    """The command of the systemd unit, with its folders here; and the timer belongs to this service."""
    unit = (EXAMPLES / "systemd" / "colophon-batch.service").read_text(encoding="utf-8")
    (command,) = re.findall(r"^ExecStart=/usr/local/bin/colophon (.*)$", unit, re.M)
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "one.md").write_text(ARTICLE.format("One"), encoding="utf-8")
    argv = [str(COLOPHON), *command.replace("/srv/", f"{tmp_path}/").split()]
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "COLOPHON_WORKERS": "1"}
    subprocess.run(argv, env=environ, check=True, capture_output=True, timeout=120)
    assert (tmp_path / "books" / "one.epub").is_file()
    assert (EXAMPLES / "systemd" / "colophon-batch.timer").is_file()
    assert not re.findall(r"^COLOPHON_\w+=", unit, re.M)


def test_the_unit_of_the_service_sets_settings_that_there_are() -> None:
    unit = (EXAMPLES / "systemd" / "colophon.service").read_text(encoding="utf-8")
    assert "ExecStart=/usr/local/bin/colophon serve\n" in unit
    said = [pair.split("=", 1) for line in re.findall(r"^Environment=(.*)$", unit, re.M) for pair in line.split()]
    assert Settings(**{name.removeprefix("COLOPHON_").lower(): value for name, value in said}).sandbox == "strict"
