"""The course of a person's care: what is stored is replayed, and what the rules make of it is stored."""
