"""The parts that several readers share."""
