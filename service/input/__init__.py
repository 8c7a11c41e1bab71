"""Bytes to text: sniffing, encodings, front matter, bundles.
Imports: the rooms from model to engines, and schemas.
Start with `sniffing.py`, then `encoding.py` and `frontmatter/`.
"""
