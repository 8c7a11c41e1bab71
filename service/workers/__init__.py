"""The pool of sandboxed worker processes."""
