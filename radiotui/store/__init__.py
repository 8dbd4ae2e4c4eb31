"""What is kept: one SQLite file, one thread that speaks to it."""
