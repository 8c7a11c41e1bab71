"""The rights that a worker gives up before it reads bytes of a client."""
