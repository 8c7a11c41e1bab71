"""The sandboxed processes that convert: pool, fork server, scheduling, deadlines, and the program of a worker.
Imports: the rooms from model to engines; `main.py` alone imports pipeline, inspect and style.
Start with `pool.py`, then `worker.py` (outside) and `child.py` (inside).
"""
