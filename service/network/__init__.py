"""The one guarded way out: remote images and webhooks."""
