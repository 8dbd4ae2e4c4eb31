"""Screens wire."""
