"""The lists: stations and stories."""
