"""A stream, from its URL to bytes on the tape."""
