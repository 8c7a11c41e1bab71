"""The stores of blobs: STORES in `model/settings.py` has a row for each store; the setting `store` names one.
Imports: model.
Start with `base.py`, the interface, then `local.py`.
"""

from __future__ import annotations

from pkgutil import resolve_name

from service.model.settings import STORES, Settings
from service.storage.base import Store


def open_store(settings: Settings) -> Store:
    store: Store = resolve_name(STORES[settings.store])(settings)
    return store
