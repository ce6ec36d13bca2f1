"""What comes in and goes out as data: pydantic models of visit, resident, contract and their answers."""
