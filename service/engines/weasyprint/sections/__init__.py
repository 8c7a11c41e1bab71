"""A long document printed in parallel sections."""
