"""Appearances as files that editors, players and analysts open; one format a module."""
