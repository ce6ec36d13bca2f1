"""What a region should reach: who is expected there, rates to come to, and how far it should be by a day."""
