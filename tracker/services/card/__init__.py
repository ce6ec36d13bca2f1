"""Cards that people carry: a random code, printed as a QR code, which says nothing of its owner."""
