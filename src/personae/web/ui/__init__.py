"""The pages: one file a page; ask the library, show."""
