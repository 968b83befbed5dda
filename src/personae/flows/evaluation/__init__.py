"""How well do we do? Accuracy metrics as pure functions, one question a module."""
