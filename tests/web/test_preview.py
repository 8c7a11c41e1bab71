"""POST /v1/preview and …/artifacts/{id}/preview: the picture of a first page, drawn in a worker."""

from __future__ import annotations

import io

import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from tests.web.conftest import Send


def picture(answer: TestResponse) -> Image.Image:
    assert answer.status_code == 200, answer.text
    assert answer.content_type == "image/png"
    return Image.open(io.BytesIO(answer.data)).convert("L")


def dark(image: Image.Image) -> int:
    return sum(image.histogram()[:128])


def test_of_an_article(send: Send) -> None:
    image = picture(send("/v1/preview?width=320"))
    assert image.width == 320
    assert abs(image.height - 320 * 297 / 210) <= 2
    assert dark(image) > 50, "nothing is on it"


def test_options_count(send: Send) -> None:
    short, long = (picture(send("/v1/preview", file=text)) for text in ("# One\n\nword\n", "# One\n\n" + "word " * 3000))
    assert dark(long) > 3 * dark(short)


def test_of_each_page(send: Send) -> None:
    text = "# One\n\nword\n\n\\newpage\n\n" + "word " * 400
    answers = [send(f"/v1/preview?page={page}", file=text) for page in (1, 2)]
    assert [answer.headers["Colophon-Pages"] for answer in answers] == ["2", "2"]
    assert dark(picture(answers[1])) > 2 * dark(picture(answers[0]))
    beyond = send("/v1/preview?page=3", file=text)
    assert (beyond.status_code, beyond.get_json()["errors"][0]["pointer"]) == (422, "/page")


def test_of_a_pdf_as_it_is(send: Send) -> None:
    pdf = send("/v1/convert", to="pdf").data
    assert picture(send("/v1/preview", file=("made.pdf", pdf))).tobytes() == picture(send("/v1/preview")).tobytes()


@pytest.mark.parametrize("query", ["width=31", "width=1601", "width=x", "wide=200", "page=0"])
def test_widths_are_bounded(send: Send, query: str) -> None:
    answer = send(f"/v1/preview?{query}")
    assert (answer.status_code, answer.get_json()["code"]) == (422, "validation-error")


@pytest.mark.parametrize(
    ("name", "data", "code"), [("a.pdf", b"%PDF-1.7\n", "invalid-document"), ("a.md", b"", "empty-document")]
)
def test_what_has_no_page(send: Send, name: str, data: bytes, code: str) -> None:
    answer = send("/v1/preview", file=(name, data))
    assert (answer.status_code, answer.get_json()["code"]) == (422, code)


def test_of_what_a_job_made(send: Send, client: FlaskClient) -> None:
    job = send("/v1/jobs", to=["pdf", "epub", "docx", "html"]).get_json()["id"]
    made = client.get(f"/v1/jobs/{job}?wait=60").get_json()["artifacts"]
    assert len(made) == 4
    for artifact in made:
        image = picture(client.get(f"/v1/jobs/{job}/artifacts/{artifact['id']}/preview?width=200"))
        assert image.width == 200
        assert dark(image) > 10, artifact["format"]
    path = f"/v1/jobs/{job}/artifacts/{made[0]['id']}/preview"
    known = client.get(path, headers={"If-None-Match": client.get(path).headers["ETag"]})
    assert (known.status_code, known.data) == (304, b"")
    assert client.get(f"/v1/jobs/{job}/artifacts/art_none/preview").status_code == 404
