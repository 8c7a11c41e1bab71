"""Measurements: what Colophon costs, side by side with its peers. How to run them: bench/README.md."""
