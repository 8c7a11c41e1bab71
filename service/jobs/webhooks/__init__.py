"""Webhooks: what a job's end tells to whoever asked for it, signed as Standard Webhooks has it."""
