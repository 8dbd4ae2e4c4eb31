"""Podcasts: what their feeds say of them, and their episodes."""
