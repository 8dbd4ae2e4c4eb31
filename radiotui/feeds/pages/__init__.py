"""Web pages of stories: what of them is the article, and what is not."""
