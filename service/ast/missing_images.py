"""The class of the text that replaces an image without bytes. `passes.assets` sets it; writers place it like a picture."""

from __future__ import annotations

MISSING_IMAGE = "missing-image"
