"""With what it is done: one package a socket, one file a library or model."""
