"""The one search: what a listener types, as a query."""
