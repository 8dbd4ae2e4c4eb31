"""Frames of MP3, AAC, FLAC and Ogg, read from the bytes themselves."""
