"""The class of the text that is shown for an image without bytes: `passes.assets` gives it, writers show it as a picture."""

from __future__ import annotations

MISSING_IMAGE = "missing-image"
