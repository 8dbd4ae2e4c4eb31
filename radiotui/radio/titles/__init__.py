"""Stream titles: ICY blocks, character encodings, real titles."""
