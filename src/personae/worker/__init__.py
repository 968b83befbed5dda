"""The processes that do long work."""
