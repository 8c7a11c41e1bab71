"""pandoc's AST: constructors and accessors, walkers, tables, and HTML as AST.
Imports: model.
Start with `pandoc_ast.py`.
"""
