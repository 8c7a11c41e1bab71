"""Logs, metrics, traces and timings.
Imports: model.
Start with `timings.py`, which the others are fed from.
"""
