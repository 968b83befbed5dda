"""Who wires: settings to parts, by name, and the library that people import."""
