"""Webhooks: the end of a job, sent to its webhook and signed as in Standard Webhooks."""
