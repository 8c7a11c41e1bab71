"""What a typesetter does with a page and WeasyPrint does not: each module is one rule, and says where it applies.

`install` of each is idempotent. The shortcuts of `patches` come after them and change none of their bytes.
"""

from __future__ import annotations

from service.engines.weasyprint.composition import remaining_space

RULES = (remaining_space,)


def install() -> None:
    """Makes WeasyPrint follow all of them. Idempotent."""
    for rule in RULES:
        rule.install()
