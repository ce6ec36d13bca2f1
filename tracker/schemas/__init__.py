"""What comes in and goes out as data: pydantic models of the typed visit, resident, contract and their answers."""
