"""pandoc's AST: constructors and accessors, walkers, tables, and HTML as AST."""
