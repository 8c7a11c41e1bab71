"""Short texts are set once, and few of them are kept."""

from __future__ import annotations

import pytest

from service.engines.weasyprint import rendering
from service.engines.weasyprint.patches import short_texts


def count(monkeypatch: pytest.MonkeyPatch, html: str) -> int:
    """The number of texts that were set."""
    plain, found = short_texts._set, []
    monkeypatch.setattr(short_texts, "_set", lambda *given: found.append(given) or plain(*given))
    rendering.render(html, [], {})
    monkeypatch.setattr(short_texts, "_set", plain)
    return len(found)


def test_markers_are_set_once(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = rendering._fonts().__dict__.setdefault("brief", {})
    kept.clear()
    one, many = ("<html lang=en><ul style='list-style-type: \"☞ \"'>" + "<li>Words" * number for number in (1, 30))
    assert count(monkeypatch, one) == 1
    assert count(monkeypatch, many) == 0


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(short_texts, "MOST", 5)
    rendering.render("<html lang=zh>" + "".join(f"<p>{chr(0x4E00 + number)}" for number in range(20)), [], {})
    assert 0 < len(rendering._fonts().__dict__["brief"]) <= 5
