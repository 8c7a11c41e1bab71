"""A request names where the artifacts go: what the operator did not allow is refused, and the job shows each delivery."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from openapi_schema_validator import OAS31Validator
from urllib3 import encode_multipart_formdata

from schemas import requests
from service.jobs.deliveries import destinations
from service.model.errors import ColophonError
from service.model.settings import Settings
from service.web.application import create_app
from service.web.schemas import SCHEMAS
from service.web.services import of
from tests.receivers import receiver
from tests.waiting import wait_for

ARTICLE = b"---\ntitle: Lamps\nlang: en\n---\n\nOil.\n"
ON = {
    "deliver_put": True, "deliver_http": True, "fetch_allow": "127.0.0.0/8,127.0.0.1", "deliver_bucket": "results",
    "mail_host": "127.0.0.1", "mail_from": "press@lamps.example", "mail_allow": "*@kindle.example, ida@lamps.example",
}  # fmt: skip
SECRET = "X-Amz-Signature=5ec2e7"


@pytest.fixture(scope="module")
def delivering(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    app = create_app(Settings(data_dir=str(tmp_path_factory.mktemp("delivering")), workers=1, **ON))  # type: ignore[arg-type]
    _ = of(app).deliverer
    yield app.test_client()
    of(app).stop()


def post(client: FlaskClient, **fields: Any) -> Any:
    parts = [(name, each) for name, value in fields.items() for each in (value if isinstance(value, list) else [value])]
    body, kind = encode_multipart_formdata([*parts, ("file", ("lamps.md", ARTICLE)), ("to", "markdown")])
    return client.post("/v1/jobs", data=body, content_type=kind)


def states(client: FlaskClient, path: str) -> list[str]:
    return [each["state"] for each in client.get(path).json["deliveries"]]


def test_a_job_is_delivered_and_shows_it(delivering: FlaskClient) -> None:
    with receiver() as server:
        made = post(delivering, deliver_put=f"{server.url}/a/lamps.md?{SECRET}")
        assert made.status_code == 202, made.text
        path = f"/v1/jobs/{made.json['id']}"
        wait_for(lambda: states(delivering, path) == ["delivered"], lambda: delivering.get(path).text)
        job = delivering.get(path).json
        (asked,) = server.asked
        assert asked.path == f"/a/lamps.md?{SECRET}" and asked.body == delivering.get(job["artifacts"][0]["url"]).data
    (reported,) = job["deliveries"]
    assert (reported["kind"], reported["to"], reported["attempts"]) == ("put", f"{server.url}/a/lamps.md", 1)
    assert SECRET not in delivering.get(path).text and job["webhook"] is None
    document = {"components": {"schemas": SCHEMAS}, **SCHEMAS["Job"]}
    OAS31Validator(document).validate(job)


@pytest.mark.parametrize(
    ("fields", "pointer", "text"),
    [
        ({"deliver_put": "https://lamps.example/a"}, "/deliver_put", "sends no artifacts"),
        ({"deliver_s3": "nightly"}, "/deliver_s3", "has no bucket"),
        ({"deliver_mail": "ida@lamps.example"}, "/deliver_mail", "sends no mail"),
    ],
)
def test_nothing_is_delivered_unless_a_setting_allows_it(client: FlaskClient, fields: Any, pointer: str, text: str) -> None:
    refused = post(client, **fields)
    assert refused.status_code == 422
    assert refused.json["errors"][0]["pointer"] == pointer and text in refused.json["errors"][0]["detail"]


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"deliver_put": ["https://lamps.example/a", "https://lamps.example/b"]}, "makes 1 artifacts"),
        ({"deliver_put": "http://10.0.0.1/a"}, "public internet"),
        ({"deliver_put": "ftp://lamps.example/a"}, "http"),
        ({"deliver_mail": "eve@lamps.example"}, "no mail to eve@lamps.example"),
        ({"deliver_mail": "ida@lamps.example\r\nBcc: eve@lamps.example"}, "Not a mail address"),
        ({"deliver_mail": "ida@kindle.example@lamps.example"}, "Not a mail address"),
        ({"deliver_mail": "Ida <ida@kindle.example>"}, "Not a mail address"),
        ({"deliver_mail": [f"{number}@kindle.example" for number in range(11)]}, "10"),
        ({"deliver_s3": "../other"}, "Use letters"),
        ({"deliver_s3": "a/..b"}, "Use letters"),
        ({"deliver_s3": "/root"}, "Use letters"),
        ({"deliver_s3": ["a", "b"]}, "once"),
    ],
)
def test_what_a_request_may_not_name(delivering: FlaskClient, fields: Any, text: str) -> None:
    refused = post(delivering, **fields)
    assert refused.status_code == 422, refused.text
    assert text in refused.text


def test_https_is_required_unless_a_setting_allows_http() -> None:
    settings = Settings(**{**ON, "deliver_http": False})  # type: ignore[arg-type]
    own = requests.load_job({"deliver_put": ["http://127.0.0.1/a"]}, ())
    with pytest.raises(ColophonError, match="Only https"):
        destinations.of(own, 1, settings)


@pytest.mark.parametrize(
    ("address", "allowed"),
    [("a@kindle.example", True), ("A@Kindle.EXAMPLE", True), ("ida@lamps.example", True), ("a@xkindle.example", False),
     ("a@kindle.example.org", False), ("idaXlamps.example", False)],
)  # fmt: skip
def test_the_list_of_recipients(address: str, allowed: bool) -> None:
    assert destinations.is_allowed(address, Settings(**ON)) is allowed  # type: ignore[arg-type]


def test_mail_needs_a_sender() -> None:
    with pytest.raises(ValueError, match="COLOPHON_MAIL_FROM"):
        Settings(mail_host="mail.example")
