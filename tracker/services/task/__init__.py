"""Follow-up tasks: the lists of them, what is overdue, and who is told."""
