"""The profile `letter`: its files are data and its folder is this package, which is never imported."""
