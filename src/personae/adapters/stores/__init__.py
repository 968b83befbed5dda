"""What keeps everything: one schema, SQLite inside."""
