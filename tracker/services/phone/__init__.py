"""A doctor's phone as the server knows it: devices, what they sign and seal, and what they hand in."""
