"""What Personae does: verbs that know the sockets and the core only."""
