"""Core of the program: one Companion that every front end talks to."""
