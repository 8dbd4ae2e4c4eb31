"""The stations a listener can tune to, and the file that lists them."""
