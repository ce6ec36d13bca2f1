"""The forms of the pages; each returns a typed value."""
