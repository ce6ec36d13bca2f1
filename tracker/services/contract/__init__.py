"""Contracts: what may be signed, renewed and ended, the lists of them, and the packages they are for."""
