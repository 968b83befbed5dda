"""Steps that bring the tables of older versions to those of this one."""
