"""Commands of the screen: table, keys and hints."""
