"""The stories of stations and feeds: lists, articles and pictures."""
