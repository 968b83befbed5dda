"""What photos say about themselves in XMP: face regions, in the file or beside it."""
