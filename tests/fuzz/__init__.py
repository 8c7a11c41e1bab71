"""Files damaged at random, against the real pipeline with real sandboxed workers; `python -m tests.fuzz --minutes 30` runs long.

What may come of a damaged file is an artifact in which nothing runs, or a problem below 500. Anything else is a finding,
which is kept and becomes a golden in `goldens/`.
"""
