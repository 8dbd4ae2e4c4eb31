"""The words of a page or a feed as blocks, and their figures."""
