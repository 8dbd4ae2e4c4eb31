"""Schedule sources, one module each."""
