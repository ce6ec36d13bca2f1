"""The download of a phone: everybody of a doctor's scope once, then who changed."""
