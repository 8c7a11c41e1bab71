"""The queue alone: what is accepted is claimed and ended once, by processes that compete for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import claims, site
from tests.backing import postgresql

MISSING = site.missing()


@pytest.mark.skipif(bool(MISSING), reason=f"Debian packages are missing: {', '.join(MISSING)}")
def test_two_that_compete(tmp_path: Path) -> None:
    with postgresql() as server:
        row = claims.measure(f"{server.url}/postgres", str(tmp_path), runners=2, jobs=3, each=5)
    assert (row["runners"], row["jobs"], row["runs"]) == (2, 3, 15)
    assert row["rate"] == pytest.approx(15 / row["total"])


def test_items_that_no_one_ended_are_no_figure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "accept", lambda *_: None)
    with pytest.raises(SystemExit, match="0 items were ended of 15"):
        claims.measure("", str(tmp_path), runners=1, jobs=3, each=5)
