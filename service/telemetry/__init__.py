"""Logs, metrics, traces and timings."""
