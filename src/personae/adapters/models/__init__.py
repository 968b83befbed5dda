"""Models: what a weight file is, and one file a network that makes it answer in our own types."""
