"""Logs, metrics, traces and timings.
Imports: model.
Start with `timings.py`, the source of the others.
"""
