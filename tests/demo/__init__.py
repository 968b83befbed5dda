"""Tests of the demo film and its truth."""
