"""The REST API: one file a subject; parse, ask the library, answer."""
