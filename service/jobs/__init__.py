"""Jobs: sources to be converted later, as rows of a database; API keys, quotas and webhooks.
Imports: the rooms from model to conversion.
Start with `records.py` and `store.py`; then `queue.py` and `runner.py`.
"""
