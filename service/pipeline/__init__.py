"""The code that runs in a worker, and the only place that knows the order: source, reader, passes, writer.
Imports: the rooms from model to inspect, and schemas.
Start with `steps.py`; `operations.py` has the operations for the front.
"""
