"""Short texts are set once, and few of them are kept."""

from __future__ import annotations

import pytest

from service.engines import weasy
from service.engines.shortcuts import brief


def count(monkeypatch: pytest.MonkeyPatch, html: str) -> int:
    """How often a text was set for it."""
    plain, found = brief._set, []
    monkeypatch.setattr(brief, "_set", lambda *given: found.append(given) or plain(*given))
    weasy.render(html, [], {})
    monkeypatch.setattr(brief, "_set", plain)
    return len(found)


def test_markers_are_set_once(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = weasy._fonts().__dict__.setdefault("brief", {})
    kept.clear()
    one, many = ("<html lang=en><ul style='list-style-type: \"☞ \"'>" + "<li>Words" * number for number in (1, 30))
    assert count(monkeypatch, one) == 1
    assert count(monkeypatch, many) == 0


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(brief, "MOST", 5)
    weasy.render("<html lang=zh>" + "".join(f"<p>{chr(0x4E00 + number)}" for number in range(20)), [], {})
    assert 0 < len(weasy._fonts().__dict__["brief"]) <= 5
