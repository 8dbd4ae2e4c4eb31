"""Widgets show."""
