"""Keys are requested where others can connect, unless the settings say otherwise."""

from __future__ import annotations

import pytest

from service.jobs.keys.policy import anywhere, required
from service.model.settings import Settings


@pytest.mark.parametrize(
    ("values", "asked"),
    [
        ({}, False),
        ({"host": "::1"}, False),
        ({"host": "localhost"}, False),
        ({"host": "127.8.9.1"}, False),
        ({"host": "0.0.0.0"}, True),
        ({"host": "::"}, True),
        ({"host": "192.0.2.7"}, True),
        ({"host": "colophon.example"}, True),
        ({"host": "0.0.0.0", "open": True}, False),
        ({"host": "0.0.0.0", "keys": "off"}, False),
        ({"host": "0.0.0.0", "keys": "required", "open": True}, True),
        ({"keys": "required"}, True),
    ],
)
def test_required(values: dict[str, object], asked: bool) -> None:
    assert required(Settings(**values)) == asked


def test_another_server_may_listen_anywhere() -> None:
    assert required(anywhere(Settings()))
    assert not required(anywhere(Settings(keys="off")))
    assert not required(anywhere(Settings(open=True)))


def test_an_unknown_word_stops_the_start() -> None:
    with pytest.raises(ValueError, match="COLOPHON_KEYS"):
        Settings(keys="maybe")
