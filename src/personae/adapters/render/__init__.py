"""Reports as something to read or to work on: CSV, a self-contained HTML page, PNG and SVG."""
