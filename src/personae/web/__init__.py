"""The web: a REST API and pages for a browser, both thin over the library."""
