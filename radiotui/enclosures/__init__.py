"""Sound with an end at an address, as a file that is heard while it comes."""
