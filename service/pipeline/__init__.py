"""What runs in a worker, and the only place that knows the order: source, reader, passes, writer."""
