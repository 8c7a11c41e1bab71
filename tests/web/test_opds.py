"""The catalogue of finished jobs: OPDS 1.2 and 2.0, its links, its keys, and the address of the latest artifact."""

from __future__ import annotations

import base64
import io
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from service.jobs.keys.records import Limits
from service.model.settings import Settings
from service.web.application import create_app
from service.web.services import of
from tests.writers.conftest import VALIDATORS as MODULES

ATOM = "{http://www.w3.org/2005/Atom}"
TERMS = "{http://purl.org/dc/terms/}"
GET = "http://opds-spec.org/acquisition"
ARTICLE = (
    "---\ntitle: {0}\nauthor: [Ida Quist, Bo Chen]\nlang: en\ndate: 2025-04-02\nkeywords: [tides]\n---\n\nText of {0} & more.\n"
)
Make = Callable[..., str]


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A service of its own: what it lists is what these tests made."""
    app = create_app(Settings(data_dir=str(tmp_path_factory.mktemp("catalogue")), workers=1, keys="required"))
    yield app.test_client()
    of(app).stop()


def key_of(client: FlaskClient, *scopes: str) -> str:
    return of(client.application).keys.create("test", scopes or ("jobs", "convert"), Limits())[1]


@pytest.fixture(scope="module")
def key(catalogue: FlaskClient) -> str:
    return key_of(catalogue)


@pytest.fixture(scope="module")
def make(catalogue: FlaskClient, key: str) -> Make:
    """`make("morning", "One", "Two")`: the id of a finished job of that name with an article for each title."""

    def made(name: str, *titles: str, to: str = "html,markdown") -> str:
        files = [(io.BytesIO(ARTICLE.format(title).encode()), f"{title}.md") for title in titles]
        answer = catalogue.post(
            "/v1/jobs",
            data={"file": files, "to": to, "name": name},
            headers={"X-API-Key": key},
            content_type="multipart/form-data",
        )
        job_id = answer.json["id"]  # type: ignore[index]
        done = catalogue.get(f"/v1/jobs/{job_id}?wait=60", headers={"X-API-Key": key})
        assert done.json["state"] == "succeeded", done.json  # type: ignore[index]
        return str(job_id)

    return made


@pytest.fixture(scope="module")
def jobs(make: Make) -> list[str]:
    return [make("morning", "Tides", "Locks"), make("evening", "Fog"), make("morning", "Ropes", to="html")]


def ask(client: FlaskClient, key: str, path: str, **headers: str) -> Any:
    """As an e-reader asks: the key is the password."""
    basic = base64.b64encode(f"reader:{key}".encode()).decode()
    return client.get(path, headers={"Authorization": f"Basic {basic}", **headers})


def links(element: ElementTree.Element) -> dict[str, str]:
    return {each.get("rel", ""): each.get("href", "") for each in element.findall(f"{ATOM}link")}


def test_the_jobs_of_a_key_newest_first(catalogue: FlaskClient, key: str, jobs: list[str]) -> None:
    answer = ask(catalogue, key, "/opds")
    assert answer.status_code == 200
    assert answer.content_type == "application/atom+xml;profile=opds-catalog;kind=navigation"
    feed = ElementTree.fromstring(answer.data)
    entries = feed.findall(f"{ATOM}entry")
    assert [each.findtext(f"{ATOM}title") for each in entries] == ["morning", "evening", "morning"]
    assert [links(each)["subsection"].rpartition("/")[2] for each in entries] == jobs[::-1]
    assert all(each.findtext(f"{ATOM}updated") and each.findtext(f"{ATOM}id") for each in (feed, *entries))
    assert links(feed).keys() == {"self", "start"}


def test_a_publication_has_its_metadata_and_its_formats(catalogue: FlaskClient, key: str, jobs: list[str]) -> None:
    root = ElementTree.fromstring(ask(catalogue, key, "/opds").data)
    answer = ask(catalogue, key, links(root.findall(f"{ATOM}entry")[2])["subsection"])
    assert answer.content_type == "application/atom+xml;profile=opds-catalog;kind=acquisition"
    feed = ElementTree.fromstring(answer.data)
    tides, locks = feed.findall(f"{ATOM}entry")
    assert (tides.findtext(f"{ATOM}title"), locks.findtext(f"{ATOM}title")) == ("Tides", "Locks")
    assert [each.findtext(f"{ATOM}name") for each in tides.findall(f"{ATOM}author")] == ["Ida Quist", "Bo Chen"]
    assert (tides.findtext(f"{TERMS}language"), tides.findtext(f"{TERMS}issued")) == ("en", "2025-04-02")
    assert [each.get("term") for each in tides.findall(f"{ATOM}category")] == ["tides"]
    got = [each for each in tides.findall(f"{ATOM}link") if each.get("rel") == GET]
    assert [each.get("type") for each in got] == ["text/html", "text/markdown"]
    book = ask(catalogue, key, got[1].get("href", ""))
    assert book.status_code == 200 and "Text of Tides & more." in book.data.decode()
    assert int(got[1].get("length", "0")) == len(book.data)


def test_the_same_as_opds_2(catalogue: FlaskClient, key: str, jobs: list[str]) -> None:
    answer = ask(catalogue, key, "/opds/v2")
    assert answer.content_type == "application/opds+json"
    found = json.loads(answer.data)
    assert [each["title"] for each in found["navigation"]] == ["morning", "evening", "morning"]
    shelf = json.loads(ask(catalogue, key, found["navigation"][2]["href"]).data)
    (first, _), rels = shelf["publications"], {each["rel"] for each in shelf["links"]}
    assert rels == {"self", "start", "up"}
    assert first["metadata"]["title"] == "Tides" and first["metadata"]["language"] == "en"
    assert [each["name"] for each in first["metadata"]["author"]] == ["Ida Quist", "Bo Chen"]
    assert [each["type"] for each in first["links"]] == ["text/html", "text/markdown"]
    assert ask(catalogue, key, first["links"][0]["href"]).status_code == 200


CLIENT = """
const Parser = require("opds-feed-parser").default;
const text = require("fs").readFileSync(0, "utf8");
new Parser().parse(text).then((feed) => console.log(JSON.stringify({
  kind: feed.constructor.name,
  entries: feed.entries.map((each) => ({
    title: each.title,
    authors: (each.authors || []).map((author) => author.name),
    links: each.links.map((link) => [link.constructor.name, link.type, link.href]),
  })),
})));
"""


def read_by_a_client(feed: bytes) -> dict[str, Any]:
    """The content that the OPDS library of the New York Public Library (opds-feed-parser) reads."""
    if not (MODULES / "opds-feed-parser").is_dir() or not shutil.which("node"):
        pytest.skip("the validators are not installed (bin/setup --dev)")
    environ = {**os.environ, "NODE_PATH": str(MODULES)}
    done = subprocess.run(["node", "-e", CLIENT], input=feed, capture_output=True, check=True, env=environ)
    read: dict[str, Any] = json.loads(done.stdout)
    return read


def test_a_client_library_reads_the_catalogue(catalogue: FlaskClient, key: str, jobs: list[str]) -> None:
    headers = {"X-API-Key": key}
    root = read_by_a_client(catalogue.get("/opds", headers=headers).data)
    assert root["kind"] == "NavigationFeed"
    listed = [link for each in root["entries"] for _, _, link in each["links"]]
    assert any(jobs[0] in link for link in listed)
    feed = read_by_a_client(catalogue.get(f"/opds/jobs/{jobs[0]}", headers=headers).data)
    assert feed["kind"] == "AcquisitionFeed"
    for each in feed["entries"]:
        assert each["authors"] == ["Ida Quist", "Bo Chen"]
        assert {kind for kind, _, _ in each["links"]} == {"OPDSAcquisitionLink"}
        assert [catalogue.get(link, headers=headers).status_code for _, _, link in each["links"]] == [200] * len(each["links"])


@pytest.mark.parametrize("root", ["/opds", "/opds/v2"])
def test_pages(catalogue: FlaskClient, key: str, jobs: list[str], root: str) -> None:
    seen, path = list[str](), f"{root}?limit=1"
    while path:
        data = ask(catalogue, key, path).data
        if root == "/opds":
            feed = ElementTree.fromstring(data)
            seen += [links(each)["subsection"].rpartition("/")[2] for each in feed.findall(f"{ATOM}entry")]
            path = links(feed).get("next", "")
        else:
            found = json.loads(data)
            seen += [each["href"].rpartition("/")[2] for each in found["navigation"]]
            path = next((each["href"] for each in found["links"] if each["rel"] == "next"), "")
    assert seen == jobs[::-1]


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/opds/latest/html", "Ropes"),
        ("/opds/latest/markdown", "Fog"),
        ("/opds/latest/markdown?name=morning", "Tides"),
        ("/opds/latest/html?name=evening", "Fog"),
    ],
)
def test_the_latest(catalogue: FlaskClient, key: str, jobs: list[str], path: str, title: str) -> None:
    answer = ask(catalogue, key, path)
    assert answer.status_code == 200 and f"Text of {title}" in answer.data.decode()
    assert ask(catalogue, key, path, **{"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_the_address_of_the_latest_stays(catalogue: FlaskClient, key: str, make: Make, jobs: list[str]) -> None:
    assert "Text of Fog" in ask(catalogue, key, "/opds/latest/markdown?name=evening").data.decode()
    job_id = make("evening", "Snow")
    assert "Text of Snow" in ask(catalogue, key, "/opds/latest/markdown?name=evening").data.decode()
    assert catalogue.delete(f"/v1/jobs/{job_id}", headers={"X-API-Key": key}).status_code in (200, 202, 204)


@pytest.mark.parametrize("path", ["/opds/latest/pdf", "/opds/latest/html?name=nobody", "/opds/jobs/0", "/opds/v2/jobs/0"])
def test_what_is_not_there(catalogue: FlaskClient, key: str, jobs: list[str], path: str) -> None:
    assert ask(catalogue, key, path).status_code == 404


def test_another_key_sees_nothing(catalogue: FlaskClient, jobs: list[str]) -> None:
    other = key_of(catalogue)
    assert json.loads(ask(catalogue, other, "/opds/v2").data)["navigation"] == []
    assert ask(catalogue, other, f"/opds/jobs/{jobs[0]}").status_code == 404
    assert ask(catalogue, other, "/opds/latest/html").status_code == 404


def test_a_reader_learns_how_to_send_its_key(catalogue: FlaskClient) -> None:
    answer = catalogue.get("/opds")
    assert answer.status_code == 401
    assert answer.headers.getlist("WWW-Authenticate") == ['Bearer realm="colophon"', 'Basic realm="colophon"']
    assert catalogue.get("/v1/jobs").headers.getlist("WWW-Authenticate") == ['Bearer realm="colophon"']
    assert ask(catalogue, "wrong", "/opds").status_code == 401
    assert catalogue.get("/opds", headers={"Authorization": "Basic ***"}).status_code == 401
    assert ask(catalogue, key_of(catalogue, "convert"), "/opds").status_code == 403


def test_basic_authentication_changes_nothing(catalogue: FlaskClient, key: str, jobs: list[str]) -> None:
    """A browser sends it automatically, for a form of another site too."""
    basic = base64.b64encode(f"reader:{key}".encode()).decode()
    answer = catalogue.delete(f"/v1/jobs/{jobs[0]}", headers={"Authorization": f"Basic {basic}"})
    assert answer.status_code == 401
