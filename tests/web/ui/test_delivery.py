"""The page of a service that delivers: fields for each way that the operator allows, and the deliveries of a job."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.mail_server import MailServer, mail_server
from tests.receivers import receiver
from tests.servers import Server, colophon
from tests.web.ui.conftest import Visit, article
from tests.web.ui.test_accessibility import grave


@pytest.fixture(scope="module")
def mails() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, mails: MailServer) -> Iterator[Server]:
    with colophon(
        tmp_path_factory.mktemp("delivering"), workers=1, deliver_put="on", deliver_http="on",
        fetch_allow="127.0.0.0/8,127.0.0.1", mail_host="127.0.0.1", mail_port=mails.port, mail_security="none",
        mail_from="press@lamps.example", mail_allow="*@lamps.example",
    ) as running:  # fmt: skip
        yield running


def only_markdown(page: Page) -> None:
    article(page)
    page.uncheck("input[value=pdf]")
    page.check("input[value=markdown]")


def test_files_go_where_the_page_says(visit: Visit, mails: MailServer) -> None:
    page = visit()
    only_markdown(page)
    with receiver() as server:
        page.get_by_label("Upload addresses").fill(f"{server.url}/lamps.md?signature=a")
        page.get_by_label("Mail addresses").fill("ida@lamps.example\njon@lamps.example\n")
        command = page.locator("#curl").inner_text()
        page.click("#convert")
        expect(page.locator(".deliveries li", has_text=": delivered")).to_have_count(3)
        assert [each.path for each in server.asked] == ["/lamps.md?signature=a"]
    assert sorted(each.recipients for each in mails.taken) == [("ida@lamps.example",), ("jon@lamps.example",)]
    assert "/v1/jobs" in command and "deliver_mail=jon@lamps.example" in command
    assert not page.get_by_label("Folder in the bucket").count(), "this server has no bucket"
    assert grave(page) == []


def test_a_refused_address_is_named_at_its_field(visit: Visit) -> None:
    page = visit(locale="zh-CN")
    only_markdown(page)
    page.get_by_label("邮件地址").fill("ida@elsewhere.example")
    page.click("#convert")
    expect(page.locator("#option-deliver_mail-error")).to_be_visible()
    expect(page.locator("#option-deliver_mail")).to_have_attribute("aria-invalid", "true")
