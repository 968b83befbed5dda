"""Public fakes and contract tests for those who write adapters."""
