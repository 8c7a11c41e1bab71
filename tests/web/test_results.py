"""The cache of results as a client sees it."""

from __future__ import annotations

from pathlib import Path

from tests.servers import Server, colophon

ARTICLE = ("a.md", b"---\ntitle: T\nlang: en\n---\n\nA lighthouse, lit each twelve seconds.\n")


def test_a_result_outlives_the_service(tmp_path: Path) -> None:
    with colophon(tmp_path, workers=1) as server:
        made = server.post("/v1/convert", file=ARTICLE, to="pdf")
    with colophon(tmp_path, workers=1) as server:
        kept = server.post("/v1/convert", file=ARTICLE, to="pdf")
        other = server.post("/v1/convert", file=ARTICLE, to="pdf", toc="true")
        metrics = server.get("/metrics").data.decode()
    assert made.headers["Cache-Status"] == other.headers["Cache-Status"] == "colophon; fwd=miss"
    assert kept.headers["Cache-Status"] == "colophon; hit"
    assert kept.data == made.data
    for name in ("ETag", "Content-Type", "Content-Disposition", "Repr-Digest", "Colophon-Notices", "Cache-Control"):
        assert kept.headers[name] == made.headers[name]
    assert 'colophon_cache_total{result="hit"} 1.0' in metrics


def test_nothing_is_kept_where_it_is_off(tmp_path: Path) -> None:
    with colophon(tmp_path, workers=1, cache="off") as server:
        assert {convert(server), convert(server)} == {"colophon; fwd=miss"}
    assert not (tmp_path / "cache" / "results").exists()


def test_a_client_that_has_it_is_sent_nothing(tmp_path: Path) -> None:
    with colophon(tmp_path, workers=1) as server:
        made = server.post("/v1/convert", file=ARTICLE, to="epub")
        again = server.post("/v1/convert", file=ARTICLE, to="epub", headers={"If-None-Match": made.headers["ETag"]})
    assert (again.status, again.data) == (304, b"")


def convert(server: Server) -> str:
    return str(server.post("/v1/convert", file=ARTICLE, to="epub").headers["Cache-Status"])
