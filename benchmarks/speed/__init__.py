"""Parts of index_speed.py: measuring processes, the loops to compare with, the media."""
