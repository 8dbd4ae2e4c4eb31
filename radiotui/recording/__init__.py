"""Recording: stretches of tape as tagged files, never re-encoded."""
