"""pandoc as a process that keeps running."""
