"""Pages by address through the whole service: `url` next to `file`, in each body, for one article, a book and a job."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlencode

import pytest
import urllib3
from flask.testing import FlaskClient

from tests.servers import Server, colophon, hosting

PICTURE = (Path(__file__).parents[2] / "examples" / "images" / "colophon.png").read_bytes()
SENTENCE = "The ferry crosses at noon and carries the mail, two goats and whoever has paid the fare."
PAGE = f"""<!doctype html><html lang="en"><head><meta charset="windows-1252"><title>The ferry</title>
<meta name="author" content="Zo\xeb Quay"><meta property="og:url" content="https://elsewhere.example/ferry"></head><body>
<nav><a href="/">Start</a> <a href="/all">All pages</a></nav>
<article><h1>The ferry</h1><p>{SENTENCE}</p><p>{SENTENCE}</p>
<p><img src="pictures/boat.png" alt="A boat"> <a href="../piers">The piers</a></p></article>
<footer>Imprint of the site</footer></body></html>""".encode("windows-1252")


class Host(BaseHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        self.server.seen.append(self.path)  # type: ignore[attr-defined]
        gone = self.path.startswith("/gone")
        body, kind = (PICTURE, "image/png") if self.path.endswith(".png") else (PAGE, "text/html")
        self.send_response(404 if gone else 200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture(scope="module")
def host() -> Iterator[ThreadingHTTPServer]:
    with hosting(Host) as server:
        yield server


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, host: ThreadingHTTPServer) -> Iterator[Server]:
    allow = f"127.0.0.1:{host.server_address[1]}"
    with colophon(tmp_path_factory.mktemp("pages"), workers=1, fetch_allow=allow, fetch_pages="on") as server:
        yield server


@pytest.fixture
def page(host: ThreadingHTTPServer) -> str:
    host.seen.clear()  # type: ignore[attr-defined]
    return f"http://127.0.0.1:{host.server_address[1]}/river/ferry"


def send_json(server: Server, path: str, **members: object) -> urllib3.BaseHTTPResponse:
    headers = {"Content-Type": "application/json"}
    return server.http.request("POST", server.base + path, body=json.dumps(members), headers=headers, timeout=120)


def test_a_page_with_its_pictures(served: Server, host: ThreadingHTTPServer, page: str) -> None:
    answer = served.post("/v1/convert", url=page, to="epub")
    assert answer.status == 200, answer.data
    assert "ferry.epub" in answer.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        texts = b"".join(archive.read(name) for name in archive.namelist() if "/text/" in name).decode()
        pictures = [archive.read(name) for name in archive.namelist() if name.startswith("EPUB/media/")]
        record = json.loads(archive.read("EPUB/colophon.json"))
    assert SENTENCE in texts and "Zoë Quay" in texts
    assert "Imprint" not in texts and "All pages" not in texts
    assert pictures == [PICTURE]
    assert page.replace("/river/ferry", "/piers") in texts
    assert record["metadata"]["source_url"] == page
    assert record["metadata"]["fetched_at"].endswith("Z")
    assert host.seen == ["/river/ferry", "/river/pictures/boat.png"]  # type: ignore[attr-defined]


def test_the_metadata_of_a_page(served: Server, page: str) -> None:
    answer = json.loads(served.post("/v1/validate", url=page).data)
    found = answer["metadata"]
    assert (found["title"], found["authors"][0]["name"], found["source_url"]) == ("The ferry", "Zoë Quay", page)
    assert found["fetched_at"]
    assert "main-text-extracted" in {notice["code"] for notice in answer["notices"]}


def test_the_request_wins_over_what_is_known_of_the_page(served: Server, page: str) -> None:
    given = json.dumps({"url": "https://mine.example/a", "title": "Mine"})
    found = json.loads(served.post("/v1/validate", url=page, metadata=given).data)["metadata"]
    assert (found["title"], found["source_url"]) == ("Mine", "https://mine.example/a")


def test_the_whole_page_where_the_request_says_so(served: Server, page: str) -> None:
    text = served.post("/v1/convert", url=page, to="markdown", extract="none", images="drop").data.decode()
    assert "Imprint of the site" in text and SENTENCE in text


@pytest.mark.parametrize("way", ["json", "list", "query", "pairs"])
def test_each_body(served: Server, page: str, way: str) -> None:
    if way in ("json", "list"):
        answer = send_json(served, "/v1/convert", url=page if way == "json" else [page], to="markdown", images="drop")
    elif way == "query":
        fields = {"url": page, "to": "markdown", "images": "drop"}
        answer = served.http.request("POST", f"{served.base}/v1/convert?{urlencode(fields)}")
    else:
        body = urlencode({"url": page, "to": "markdown", "images": "drop"})
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = served.http.request("POST", f"{served.base}/v1/convert", body=body, headers=headers)
    assert answer.status == 200, answer.data
    assert SENTENCE in answer.data.decode()


def test_a_book_of_a_file_and_two_pages(served: Server, page: str) -> None:
    fields = [("file", ("a.md", b"---\ntitle: Foreword\n---\n\nBefore the ferry.\n")), ("combine", "true"), ("to", "markdown"),
              ("images", "drop"), ("url", page), ("url", page + "?2")]  # fmt: skip
    answer = served.http.request("POST", served.base + "/v1/convert", fields=fields, timeout=120)
    assert answer.status == 200, answer.data
    text = answer.data.decode()
    assert "Before the ferry." in text and text.count(SENTENCE) == 4
    assert "Imprint" not in text and "/piers" in text


def test_a_job_of_pages(served: Server, page: str) -> None:
    fields = [("to", "markdown"), ("images", "drop"), ("url", page), ("url", page + "?2")]
    headers = {"Idempotency-Key": "two-pages"}
    answer = served.http.request("POST", served.base + "/v1/jobs", fields=fields, headers=headers, timeout=120)
    assert answer.status == 202, answer.data
    again = served.http.request("POST", served.base + "/v1/jobs", fields=fields, headers=headers, timeout=120)
    assert (again.status, json.loads(again.data)["id"]) == (200, json.loads(answer.data)["id"])
    job = json.loads(served.get(f"/v1/jobs/{json.loads(answer.data)['id']}?wait=60").data)
    assert job["state"] == "succeeded"
    assert [item["metadata"]["source_url"] for item in job["items"]] == [page, page + "?2"]


def test_two_addresses_are_no_single_article(served: Server, page: str) -> None:
    fields = [("to", "pdf"), ("url", page), ("url", page + "?2")]
    answer = served.http.request("POST", served.base + "/v1/convert", fields=fields, timeout=120)
    assert answer.status == 422
    assert json.loads(answer.data)["errors"][0]["pointer"] == "/url"


@pytest.mark.parametrize("path", ["/v1/convert", "/v1/jobs", "/v1/validate"])
def test_a_page_that_is_gone(served: Server, page: str, path: str) -> None:
    fields = {"url": page.replace("/river", "/gone")} | ({} if path.endswith("validate") else {"to": "pdf"})
    answer = served.post(path, **fields)
    problem = json.loads(answer.data)
    assert (answer.status, problem["code"]) == (502, "fetch-failed")
    assert "the host answered 404" in problem["detail"]
    assert problem["errors"][0]["pointer"] == "/url"


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/", "http://localhost/", "http://[::1]/", "ftp://a.example/", "x"])
def test_addresses_that_are_not_public(served: Server, host: ThreadingHTTPServer, page: str, address: str) -> None:
    answer = served.post("/v1/convert", url=address, to="pdf")
    assert (answer.status, json.loads(answer.data)["code"]) == (422, "forbidden-url")
    assert host.seen == []  # type: ignore[attr-defined]


def test_the_page_learns_that_addresses_are_fetched(served: Server) -> None:
    assert "url" in json.loads(served.get("/v1/options").data)["properties"]


@pytest.mark.parametrize("path", ["/v1/convert", "/v1/jobs", "/v1/validate", "/v1/ast", "/v1/preview"])
def test_off_by_default(client: FlaskClient, path: str) -> None:
    to = {} if path.rpartition("/")[2] in ("validate", "ast", "preview") else {"to": "pdf"}
    answer = client.post(path, data={"url": "http://127.0.0.1/"} | to, content_type="multipart/form-data")
    assert (answer.status_code, answer.json["code"]) == (422, "validation-error")  # type: ignore[index]
    assert answer.json["errors"][0]["pointer"] == "/url"  # type: ignore[index]
    assert "COLOPHON_FETCH_PAGES" in answer.json["detail"]  # type: ignore[index]
    assert "url" not in client.get("/v1/options").json["properties"]  # type: ignore[index]


def test_an_empty_address_is_none(client: FlaskClient) -> None:
    answer = client.post("/v1/convert", data={"url": "", "to": "pdf"}, content_type="multipart/form-data")
    assert (answer.status_code, answer.json["code"]) == (400, "missing-file")  # type: ignore[index]
