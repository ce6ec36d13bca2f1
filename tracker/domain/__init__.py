"""The rules: pure values in, values out; standard library only."""
