"""The reader: one story."""
