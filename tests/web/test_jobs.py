"""Jobs over HTTP: many sources to many formats, each item separately, and nothing of it lost or reported twice."""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Mapping
from typing import Any

import pytest
from flask.testing import FlaskClient
from openapi_schema_validator import OAS31Validator
from sqlalchemy import select, update
from urllib3 import encode_multipart_formdata
from werkzeug.test import TestResponse

from service import inspect
from service.jobs.purge import purge
from service.jobs.tables import items, jobs
from service.web.schemas import SCHEMAS
from service.web.services import of
from tests.web.conftest import ARTICLE, Send

TEXT = "---\ntitle: Number {}\nlang: en\n---\n\nText {}.\n"
GOOD, BAD = ("good.md", TEXT.format(1, 1)), ("bad.md", b"")
PIXEL = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def ended(client: FlaskClient, created: TestResponse) -> dict[str, Any]:
    """The job as it is when it has ended."""
    assert created.status_code == 202, created.data[:500]
    for _ in range(6):
        job: dict[str, Any] = client.get(created.headers["Location"] + "?wait=20").get_json()
        if job["ended_at"]:
            fits("Job", job)
            return job
    raise AssertionError(job)


def fits(name: str, body: Any) -> None:
    """The answer is what openapi.yaml says."""
    schema = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": SCHEMAS}}
    OAS31Validator(schema).validate(body)


def codes(job: Mapping[str, Any]) -> list[str | None]:
    return [item["problem"] and item["problem"]["code"] for item in job["items"]]


def test_many_sources_to_many_formats(client: FlaskClient, send: Send) -> None:
    created = send("/v1/jobs", file=GOOD, to=["epub", "docx,html"], toc="true", name="my books")
    assert created.headers["Location"] == f"/v1/jobs/{created.get_json()['id']}"
    fits("Job", created.get_json())
    job = ended(client, created)
    assert (job["state"], job["name"], job["progress"], job["to"]) == ("succeeded", "my books", 1.0, ["epub", "docx", "html"])
    assert job["counts"]["succeeded"] == job["total"] == 1
    (item,) = job["items"]
    assert item["metadata"]["title"] == "Number 1"
    assert [each["name"] for each in item["artifacts"]] == ["good.epub", "good.docx", "good.html"]
    assert [each["id"] for each in job["artifacts"]] == [each["id"] for each in item["artifacts"]]
    assert item["artifacts"][0]["report"]["fields"]["title"]
    assert job["artifacts"][0]["url"].startswith("http://localhost/v1/jobs/")


def test_a_failure_is_of_one_item(client: FlaskClient) -> None:
    files = [("file", each) for each in (GOOD, BAD, ("x/three.md", ARTICLE))]
    job = ended(client, post(client, files, to="docx"))
    assert job["state"] == "partial"
    assert codes(job) == [None, "empty-document", None]
    problem = job["items"][1]["problem"]
    assert (problem["type"], problem["status"], problem["retryable"]) == ("/problems/empty-document", 422, False)
    assert [item["name"] for item in job["items"]] == ["good.md", "bad.md", "x/three.md"]
    assert {notice["code"] for notice in job["items"][2]["notices"]} >= {"lang-detected", "link-resolved"}


def post(client: FlaskClient, files: Any, path: str = "/v1/jobs", headers: Any = None, **fields: Any) -> TestResponse:
    """Several parts of one name, in order."""
    body, content_type = encode_multipart_formdata([*fields.items(), *files])
    return client.post(path, data=body, headers=headers, content_type=content_type)


def test_a_zip_of_articles_is_an_item_each_with_its_own_pictures(client: FlaskClient, send: Send) -> None:
    other = PIXEL.replace(b"\xff\xff\xff", b"\x00\xff\x00")
    archive = zipped(
        {
            "one/a.md": TEXT.format(1, "![p](p.gif)"), "one/p.gif": PIXEL, "two/b.md": TEXT.format(2, "![p](../shared/p.gif)"),
            "shared/p.gif": other, "read-me.txt": "no article here", "index.md": TEXT.format(3, "[one](one/a.md)"),
        }
    )  # fmt: skip
    job = ended(client, send("/v1/jobs", file=("all.zip", archive), to="epub"))
    assert [item["name"] for item in job["items"]] == ["one/a.md", "two/b.md", "index.md"]
    assert job["state"] == "succeeded"
    pictures = []
    for artifact in job["artifacts"][:2]:
        with zipfile.ZipFile(io.BytesIO(client.get(artifact["url"]).data)) as book:
            pictures.append([book.read(name) for name in book.namelist() if name.endswith(".gif")])
    assert pictures == [[PIXEL], [other]]


@pytest.mark.parametrize("as_zip", [True, False])
def test_links_between_the_articles_of_a_job_lead_to_their_files(as_zip: bool, client: FlaskClient, send: Send) -> None:
    """A site sent as one zip, and file by file: the archive of the job has its folders, and no dead link."""
    files: dict[str, str | bytes] = {
        "content/a.md": "---\ntitle: A\n---\n\n[b](deep/b.md#part)\n",
        "content/deep/b.md": "---\ntitle: B\n---\n\n## Part\n\n[a](../a.md)\n",
        "content/later.md": "---\ntitle: Later\ndraft: true\n---\n\nText.\n",
        "hugo.toml": 'title = "Shore"\n',
    }
    if as_zip:
        answer = send("/v1/jobs", file=("all.zip", zipped(files)), to="html")
    else:
        parts = [(io.BytesIO(str(text).encode()), name) for name, text in files.items()]
        answer = client.post("/v1/jobs", data={"to": "html", "file": parts[:3], "asset": parts[3:]})
    job = ended(client, answer)
    assert [item["name"] for item in job["items"]] == ["content/a.md", "content/deep/b.md"]
    assert {"collection-recognised", "draft-left-out"} <= {notice["code"] for notice in job["items"][0]["notices"]}
    with zipfile.ZipFile(io.BytesIO(client.get(job["archive_url"]).data)) as archive:
        assert b'href="deep/b.html#part"' in archive.read("content/a.html")
        assert b'href="../a.html"' in archive.read("content/deep/b.html")


def test_a_long_list_of_pictures_is_in_the_store_and_not_in_each_row(client: FlaskClient, send: Send) -> None:
    """Articles that show the same pictures share one list; each still gets its pictures."""
    names = [f"pictures/with-a-rather-long-name-{number:03}.gif" for number in range(40)]
    article = "# Title\n\n" + "\n\n".join(f"![a]({name})" for name in names)
    files: dict[str, str | bytes] = {f"{number}.md": f"{article}\n\n{number}\n" for number in range(5)}
    archive = zipped(files | dict.fromkeys(names, PIXEL))
    job = ended(client, send("/v1/jobs", file=("articles.zip", archive), to="epub"))
    assert job["state"] == "succeeded"
    assert not [notice for item in job["items"] for notice in item["notices"] if notice["code"].startswith("image")]
    with of(client.application).jobs.database.reading() as connection:
        rows = connection.execute(select(items.c.source).where(items.c.job_id == job["id"])).scalars().all()
    assert [len(row["assets"]) for row in rows] == [0] * 5
    assert len({row["asset_list"] for row in rows}) == 1


@pytest.mark.parametrize("files", [{"text.md": ARTICLE, "p.gif": PIXEL}, {"article.md": ARTICLE, "notes.md": "Notes."}])
def test_a_zip_of_one_article_is_one_item(client: FlaskClient, send: Send, files: dict[str, str | bytes]) -> None:
    job = ended(client, send("/v1/jobs", file=("one.zip", zipped(files)), to="docx"))
    assert (job["total"], job["state"]) == (1, "succeeded")
    assert job["artifacts"][0]["name"] == next(iter(files)).replace(".md", ".docx")


def test_assets_go_to_the_articles_that_name_them(client: FlaskClient) -> None:
    files = [
        ("file", ("a.md", TEXT.format(1, "![p](p.gif)"))), ("file", ("b.md", TEXT.format(2, "no picture"))),
        ("asset", ("p.gif", PIXEL)),
    ]  # fmt: skip
    job = ended(client, post(client, files, to="html"))
    first, second = (client.get(each["url"]).text for each in job["artifacts"])
    assert "<img" in first
    assert "<img" not in second


@pytest.mark.parametrize(
    ("fields", "status", "code", "pointer", "said"),
    [
        ({"webhook_ulr": "https://example.com/"}, 422, "validation-error", "/webhook_ulr", "webhook_url"),
        ({"toc_dept": "3"}, 422, "validation-error", "/toc_dept", "toc_depth"),
        ({"toc_depth": "9"}, 422, "validation-error", "/toc_depth", ""),
        ({"webhook_url": "http://127.0.0.1/"}, 422, "forbidden-url", "", "public"),
        ({"webhook_url": "ftp://example.com/"}, 422, "forbidden-url", "", "http"),
        ({"webhook_secret": "whsec_c2hvcnQ="}, 422, "validation-error", "/webhook_secret", "bytes"),
        ({"webhook_secret": "whsec_" + "QUJD" * 10}, 422, "validation-error", "/webhook_url", ""),
        ({"webhook_url": "https://example.com/", "webhook_secret": "a,b,c"}, 422, "validation-error", "/webhook_secret", ""),
        ({"name": "n" * 201}, 422, "validation-error", "/name", ""),
    ],
)
def test_refused_field(send: Send, fields: dict[str, str], status: int, code: str, pointer: str, said: str) -> None:
    answer = send("/v1/jobs", to="docx", **fields)
    body = answer.get_json()
    assert (answer.status_code, body["code"]) == (status, code), body
    assert said in body["detail"]
    assert not pointer or pointer in [place["pointer"] for place in body["errors"]]


@pytest.mark.parametrize(
    ("path", "pointer"),
    [
        ("/v1/jobs?limt=5", "/limt"),
        ("/v1/jobs?limit=0", "/limit"),
        ("/v1/jobs?state=done", "/state"),
        ("/v1/jobs/x?wait=61", "/wait"),
    ],
)
def test_refused_parameter(client: FlaskClient, path: str, pointer: str) -> None:
    body = client.get(path).get_json()
    assert body["code"] == "validation-error"
    assert [place["pointer"] for place in body["errors"]] == [pointer]


def test_refused_upload(client: FlaskClient, send: Send) -> None:
    assert send("/v1/jobs", to="docx", file=None).get_json()["code"] == "missing-file"
    bad = zipped({"../a.md": "x", "b.md": "y"})
    assert send("/v1/jobs", to="docx", file=("a.zip", bad)).get_json()["code"] == "unsafe-archive"


@pytest.mark.parametrize("path", ["", "/events", "/archive", "/items", "/items/item_1", "/artifacts/art_1"])
def test_no_such_job(client: FlaskClient, path: str) -> None:
    assert client.get(f"/v1/jobs/job_none{path}").get_json()["code"] == "not-found"


def test_lists_go_on_by_cursor(client: FlaskClient, send: Send) -> None:
    made = [ended(client, send("/v1/jobs", file=BAD, to="docx"))["id"] for _ in range(3)]
    first = client.get("/v1/jobs?limit=2&state=failed").get_json()
    fits("JobPage", first)
    second = client.get(f"/v1/jobs?limit=2&state=failed&cursor={first['next']}").get_json()
    assert [each["id"] for each in first["jobs"]] == made[:0:-1]
    assert second["jobs"][0]["id"] == made[0]
    assert {each["state"] for each in first["jobs"] + second["jobs"]} == {"failed"}


def test_items_go_on_by_cursor(client: FlaskClient) -> None:
    job = ended(client, post(client, [("file", (f"{n}.md", b"")) for n in range(103)], to="docx"))
    assert len(job["items"]) == 100
    rest = client.get(f"/v1/jobs/{job['id']}/items?cursor={job['next_items']}").get_json()
    fits("ItemPage", rest)
    assert [item["name"] for item in rest["items"]] == ["100.md", "101.md", "102.md"]
    assert rest["next"] is None
    one = client.get(f"/v1/jobs/{job['id']}/items/{rest['items'][1]['id']}").get_json()
    assert one == rest["items"][1]


def test_the_same_key_gives_the_same_job(client: FlaskClient, send: Send) -> None:
    key = {"Idempotency-Key": "order-1"}
    first = send("/v1/jobs", file=GOOD, to="docx", headers=key)
    again = send("/v1/jobs", file=GOOD, to="docx", headers={"Idempotency-Key": '"order-1"'})
    assert (first.status_code, again.status_code) == (202, 200)
    assert first.headers["Location"] == again.headers["Location"]
    assert again.headers["Idempotent-Replayed"] == "true"
    for changed in ({"to": "epub"}, {"toc": "true"}, {"file": ("good.md", b"other")}, {"file": ("b.md", GOOD[1])}, {"name": "n"}):
        answer = send("/v1/jobs", headers=key, **({"file": GOOD, "to": "docx"} | changed))
        assert (answer.status_code, answer.get_json()["code"]) == (422, "idempotency-key-reused")
    ended(client, first)
    assert send("/v1/jobs", file=GOOD, to="docx", headers=key).get_json()["state"] == "succeeded"


def test_a_refused_request_leaves_its_key_free(send: Send) -> None:
    key = {"Idempotency-Key": "order-2"}
    assert send("/v1/jobs", file=GOOD, to="nothing", headers=key).status_code == 422
    assert send("/v1/jobs", file=GOOD, to="docx", headers=key).status_code == 202


def test_a_key_that_is_under_way(client: FlaskClient, send: Send) -> None:
    of(client.application).jobs.reserve("", "order-3")
    answer = send("/v1/jobs", file=GOOD, to="docx", headers={"Idempotency-Key": "order-3"})
    assert (answer.status_code, answer.get_json()["code"]) == (409, "idempotency-conflict")
    assert int(answer.headers["Retry-After"]) > 0


def test_unusable_key(send: Send) -> None:
    assert send("/v1/jobs", to="docx", headers={"Idempotency-Key": "a b"}).get_json()["code"] == "invalid-header"


def test_prefer_makes_a_conversion_a_job(client: FlaskClient, send: Send) -> None:
    answer = send("/v1/convert", file=GOOD, to="docx", headers={"Prefer": "respond-async, wait=5"})
    assert answer.headers["Preference-Applied"] == "respond-async"
    assert ended(client, answer)["state"] == "succeeded"


def test_cancel_and_erase(client: FlaskClient, send: Send) -> None:
    slow = "word " * 15_000
    created = send("/v1/jobs", file=("slow.md", slow), to="pdf")
    job = client.post(created.headers["Location"] + "/cancel").get_json()
    fits("Job", job)
    assert job["state"] == "cancelled"
    assert client.post(created.headers["Location"] + "/cancel").get_json()["state"] == "cancelled"
    job = ended(client, send("/v1/jobs", file=GOOD, to="docx"))
    where = f"/v1/jobs/{job['id']}"
    assert client.delete(where).status_code == 204
    for path in (where, where + "/events", where + "/archive", job["artifacts"][0]["url"]):
        assert client.get(path).status_code == 404
    assert client.delete(where).status_code == 404


def test_waiting_takes_no_more_than_half_of_the_threads(client: FlaskClient, send: Send) -> None:
    waits = of(client.application).waits
    taken = 0
    while waits.acquire(blocking=False):
        taken += 1
    try:
        where = send("/v1/jobs", file=("slow.md", "word " * 15_000), to="pdf").headers["Location"]
        assert client.get(where + "?wait=30").get_json()["state"] in {"queued", "running"}
        refused = client.get(where + "/events")
        assert (refused.status_code, refused.get_json()["code"]) == (503, "unavailable")
        assert int(refused.headers["Retry-After"]) > 0
        client.delete(where)
    finally:
        for _ in range(taken):
            waits.release()
    assert taken == of(client.application).settings.threads // 4


def events(text: str) -> list[dict[str, Any]]:
    found = []
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if "data" in fields:
            found.append({"id": int(fields["id"]), "event": fields["event"], **json.loads(fields["data"])})
    return found


def test_events_are_resumable(client: FlaskClient) -> None:
    created = post(client, [("file", GOOD), ("file", BAD)], to="docx")
    where = created.headers["Location"] + "/events"
    answer = client.get(where)  # the whole stream, to the job's end
    assert answer.content_type == "text/event-stream; charset=utf-8"
    found = events(answer.text)
    kinds = [each["event"] for each in found]
    assert kinds[0] == "job.created"
    assert kinds[-1] == "job.partial"
    assert sorted(kind for kind in kinds if kind.startswith("item.")) == [
        "item.failed", "item.running", "item.running", "item.succeeded",
    ]  # fmt: skip
    assert next(each["problem"]["type"] for each in found if each["event"] == "item.failed") == "/problems/empty-document"
    assert [each["id"] for each in found] == sorted({each["id"] for each in found})
    rest = client.get(where, headers={"Last-Event-ID": str(found[2]["id"])})
    assert events(rest.text) == found[3:]
    assert client.get(where, headers={"Last-Event-ID": str(found[-1]["id"])}).status_code == 204
    assert client.get(where, headers={"Last-Event-ID": "soon"}).status_code == 400


def test_artifacts_in_parts_and_by_validator(client: FlaskClient, send: Send) -> None:
    (artifact,) = ended(client, send("/v1/jobs", file=GOOD, to="epub"))["artifacts"]
    whole = client.get(artifact["url"])
    assert (whole.status_code, len(whole.data)) == (200, artifact["size"])
    assert whole.content_type == "application/epub+zip"
    assert whole.headers["ETag"] == f'"{artifact["sha256"]}"'
    assert whole.headers["Content-Disposition"] == 'attachment; filename="good.epub"'
    part = client.get(artifact["url"], headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.data) == (206, whole.data[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{artifact['size']}"
    assert client.get(artifact["url"], headers={"If-None-Match": whole.headers["ETag"]}).status_code == 304
    assert client.get(artifact["url"] + "?redirect=true").status_code == 200, "a local store has no address of its own"


def test_a_store_that_can_gives_its_own_address(client: FlaskClient, send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    (artifact,) = ended(client, send("/v1/jobs", file=GOOD, to="html"))["artifacts"]
    asked = []

    def url(*given: object) -> str:
        asked.append(given)
        return "https://store.example/signed"

    monkeypatch.setattr(of(client.application).store, "url", url)
    answer = client.get(artifact["url"] + "?redirect=true")
    assert (answer.status_code, answer.headers["Location"]) == (307, "https://store.example/signed")
    assert asked == [(artifact["sha256"], "good.html", "text/html", 300)]
    assert client.get(artifact["url"]).status_code == 200


def test_what_has_expired_is_gone(client: FlaskClient, send: Send) -> None:
    job = ended(client, send("/v1/jobs", file=("old.md", TEXT.format("old", "old")), to="html"))
    store = of(client.application).jobs
    with store.database.writing() as connection:
        connection.execute(update(jobs).where(jobs.c.id == job["id"]).values(expires_at=time.time() - 1))
    purge(store)
    for path in ("", "/items", "/events", "/archive"):
        answer = client.get(f"/v1/jobs/{job['id']}{path}")
        assert (answer.status_code, answer.get_json()["code"]) == (410, "gone")
    assert client.get(job["artifacts"][0]["url"]).status_code == 410


def test_the_archive(client: FlaskClient) -> None:
    files = [
        ("file", ("deep/a.md", TEXT.format(1, 1))), ("file", ("deep/A.md", TEXT.format(2, 2))), ("file", BAD),
        ("file", ("../../b.md", TEXT.format(3, 3))), ("file", ("深/灯塔.md", ARTICLE)),
    ]  # fmt: skip
    job = ended(client, post(client, files, to="docx,html"))
    answer = client.get(f"/v1/jobs/{job['id']}/archive")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{job["id"]}.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        report = [json.loads(line) for line in archive.read("report.jsonl").splitlines()]
        manifest = json.loads(archive.read("manifest.json"))
        assert archive.read("deep/a.docx") == client.get(job["artifacts"][0]["url"]).data
    assert names == [
        *("deep/a.docx", "deep/a.html", "deep/A-2.docx", "deep/A-2.html", "b.docx", "b.html", "深/灯塔.docx", "深/灯塔.html"),
        *("report.jsonl", "manifest.json"),
    ]
    assert [line["state"] for line in report] == ["succeeded", "succeeded", "failed", "succeeded", "succeeded"]
    assert report[2]["problem"]["code"] == "empty-document"
    assert report[1]["files"] == ["deep/A-2.docx", "deep/A-2.html"]
    assert [each["path"] for each in manifest["artifacts"]] == names[:-2]
    assert manifest["job"]["id"] == job["id"]


def test_the_archive_of_a_running_job(client: FlaskClient, send: Send) -> None:
    where = send("/v1/jobs", file=("slow.md", "word " * 15_000), to="pdf").headers["Location"]
    answer = client.get(where + "/archive")
    assert (answer.status_code, answer.get_json()["code"]) == (409, "job-not-finished")
    client.delete(where)


def test_capacity(client: FlaskClient) -> None:
    body = client.get("/v1/capacity").get_json()
    assert body["queue"].keys() == {"queued", "running", "oldest_seconds", "limit"}
    assert body["retry_after"] >= 0


def test_a_broken_deadline_is_refused_for_a_job_too(client: FlaskClient) -> None:
    form = {"file": (io.BytesIO(b"# One"), "one.md"), "to": "epub"}
    answer = client.post("/v1/convert", data=form, headers={"Prefer": "respond-async", "Colophon-Deadline": "soon"})
    assert answer.status_code == 400


def test_combined_is_one_item(client: FlaskClient) -> None:
    parts = [("file", (f"{name}.md", TEXT.format(name, name))) for name in (2, 1)]
    fields = [("to", "epub"), ("combine", "true"), ("metadata", '{"title": "Both"}')]
    body, content_type = encode_multipart_formdata([*parts, *fields])
    job = ended(client, client.post("/v1/jobs", data=body, content_type=content_type))
    assert job["state"] == "succeeded" and len(job["items"]) == 1
    (artifact,) = job["artifacts"]
    record = inspect.inspect(client.get(artifact["url"].removeprefix("http://localhost")).data)["record"]
    assert [each["metadata"]["title"] for each in record["chapters"]] == ["Number 2", "Number 1"]


def test_an_empty_list_of_secrets_is_none(client: FlaskClient) -> None:
    """The default of a generated client; it was an internal error."""
    answer = client.post("/v1/jobs", json={"text": "# A", "to": ["ast"], "webhook_secret": [], "name": ""})
    assert answer.status_code == 202
