"""Bytes to text: sniffing, encodings, front matter, bundles."""
