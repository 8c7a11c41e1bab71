"""A range of Unicode that several rooms ask for, as it stands within the brackets of a pattern."""

from __future__ import annotations

# What Chinese, Japanese and Korean are written with, their punctuation and full-width forms included.
CJK = "\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff"
