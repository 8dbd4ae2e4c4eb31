"""Sheets over the screen, one a file."""
