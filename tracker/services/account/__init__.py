"""Who signs in: passwords, browser sessions, tokens of the API."""
