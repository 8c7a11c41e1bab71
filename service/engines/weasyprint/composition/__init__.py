"""What a typesetter does with a page and WeasyPrint does not: each module is one rule, and says where it applies.

`install` of each is idempotent, and comes after that of `patches`: a rule hands on what it does not apply to.
"""

from __future__ import annotations

from service.engines.weasyprint.composition import copied_text, ideographic_lines, remaining_space

RULES = (copied_text, ideographic_lines, remaining_space)


def install() -> None:
    """Makes WeasyPrint follow all of them. Idempotent."""
    for rule in RULES:
        rule.install()
