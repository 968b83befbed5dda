"""Values and pure mathematics; knows nothing but NumPy."""
