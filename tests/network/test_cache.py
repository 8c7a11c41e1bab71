"""The cache of fetched images: bounded, expiring, and never wrong."""

from __future__ import annotations

import os
from pathlib import Path

from service.model.settings import Settings
from service.network.cache import ImageCache


def cache(folder: Path, **settings: object) -> ImageCache:
    return ImageCache(Settings(data_dir=str(folder), **settings))


def test_kept_across_processes(tmp_path: Path) -> None:
    cache(tmp_path).put("https://a.example/x", b"data")
    assert cache(tmp_path).get("https://a.example/x") == b"data"
    assert cache(tmp_path).get("https://a.example/y") is None


def test_same_picture_is_stored_once(tmp_path: Path) -> None:
    one = cache(tmp_path)
    for url in ("https://a.example/x", "https://b.example/y"):
        one.put(url, b"data")
    assert len(list(one.folder.glob("blobs/*/*"))) == 1


def test_size_is_bounded(tmp_path: Path) -> None:
    one = cache(tmp_path, fetch_cache=1000)
    for number in range(30):
        one.put(f"https://a.example/{number}", bytes([number]) * 100)
    assert sum(path.stat().st_size for path in one.folder.glob("blobs/*/*")) <= 1000
    assert one.get("https://a.example/29")


def test_old_entries_expire(tmp_path: Path) -> None:
    one = cache(tmp_path, fetch_cache_days=1)
    one.put("https://a.example/x", b"data")
    for entry in one.folder.glob("urls/*/*"):
        os.utime(entry, (1, 1))
    assert one.get("https://a.example/x") is None


def test_damaged_blob_is_not_served(tmp_path: Path) -> None:
    one = cache(tmp_path)
    one.put("https://a.example/x", b"data")
    next(one.folder.glob("blobs/*/*")).write_bytes(b"other")
    assert one.get("https://a.example/x") is None


def test_none_is_kept_where_none_is_wanted(tmp_path: Path) -> None:
    one = cache(tmp_path, fetch_cache=0)
    one.put("https://a.example/x", b"data")
    assert one.get("https://a.example/x") is None
    assert not one.folder.exists()
