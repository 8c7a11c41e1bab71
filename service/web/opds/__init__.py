"""The catalogue of a key's finished jobs for e-readers: OPDS 1.2 (Atom) and OPDS 2.0 (JSON).
Start with `views.py`.
"""

from __future__ import annotations

from service.web.opds import views

ENDPOINTS = (views,)
