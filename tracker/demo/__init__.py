"""A made-up county in a real region tree: one seed and day always make the same people and visits."""
