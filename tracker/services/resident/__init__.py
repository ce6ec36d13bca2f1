"""Residents: recorded, recognised, found, shown, and what happens to them."""
