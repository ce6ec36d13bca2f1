"""How rows are read and written: many at once, in as few trips to the database as can be."""
