"""The records that travel between the rooms, the errors, notices and settings, and the tables of fields."""
