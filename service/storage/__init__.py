"""Where blobs are kept: STORES has a row for each store, and the setting `store` names one.
Imports: model.
Start with `base.py`, the interface, then `local.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from service.model.settings import Settings
from service.storage.base import Store
from service.storage.local import LocalStore


def _s3(settings: Settings) -> Store:
    from service.storage.s3 import S3Store  # boto3 is an extra

    return S3Store(settings)


STORES: Mapping[str, Callable[[Settings], Store]] = {"local": LocalStore, "s3": _s3}


def open_store(settings: Settings) -> Store:
    return STORES[settings.store](settings)
