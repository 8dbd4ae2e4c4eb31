"""A web page as an article."""
