"""Measurements: what Colophon costs, side by side with its peers."""
