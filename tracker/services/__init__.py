"""The use cases: a session, dates and staff in, rows and values out; they never commit."""
