"""Every test here begins with the patches in place, as a worker does."""

from __future__ import annotations

import pytest

from service.engines.weasyprint import patches


@pytest.fixture(scope="session", autouse=True)
def installed() -> None:
    patches.install()
