"""Generators of documentation and of reference documents. Not installed."""
