"""Who works where, answers for whom, and may see and write what."""
