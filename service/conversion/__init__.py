"""What runs in the front: the converter and its result cache."""
