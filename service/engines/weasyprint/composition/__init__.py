"""Rules of typography that WeasyPrint lacks: each module is one rule, with a description of where it applies.

`patches/table.py` lists them after the patches that save time: a rule passes on other cases.
"""
