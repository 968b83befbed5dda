"""The whole product, through its command line, on films the tests make."""
