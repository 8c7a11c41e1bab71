"""Signatures, checked by the reference implementation of Standard Webhooks."""

from __future__ import annotations

import base64
import time

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from service.jobs.webhooks import signature

OLD, NEW, OTHER = ("whsec_" + base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2, 3))
BODY = '{"type":"job.succeeded","data":{"name":"灯塔"}}'.encode()


def signed(*secrets: str) -> dict[str, str]:
    return signature.headers(secrets, "evt_1", int(time.time()), BODY)


def test_either_secret_of_a_rotation_verifies() -> None:
    headers = signed(NEW, OLD)
    assert Webhook(NEW).verify(BODY, headers)["data"] == {"name": "灯塔"}
    assert Webhook(OLD).verify(BODY, headers)["data"] == {"name": "灯塔"}
    with pytest.raises(WebhookVerificationError):
        Webhook(OTHER).verify(BODY, headers)


def test_another_body_does_not_verify() -> None:
    with pytest.raises(WebhookVerificationError):
        Webhook(NEW).verify(BODY + b" ", signed(NEW))


def test_without_a_secret_there_is_no_signature() -> None:
    assert "webhook-signature" not in signed()


@pytest.mark.parametrize("secret", ["", "secret", "whsec_", "whsec_!!!!", "whsec_c2hvcnQ=", "whsec_" + "QUJD" * 30])
def test_unusable_secret(secret: str) -> None:
    with pytest.raises(ValueError, match=r"[.]$"):
        signature.key_of(secret)
