"""Recordings of cameras: the last seconds are held in memory, clips of them kept as files."""
