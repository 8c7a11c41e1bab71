"""Rules of a typesetter that WeasyPrint does not know: each module is one rule, and says where it applies.

`patches/table.py` lists them behind the patches that save time: a rule passes on what it does not apply to.
"""
