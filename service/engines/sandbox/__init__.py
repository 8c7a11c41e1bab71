"""What a worker gives up before it reads a stranger's bytes."""
