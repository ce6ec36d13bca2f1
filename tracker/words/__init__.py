"""The product's words in the reader's language: for what is wrong, for codes, for tasks and messages."""
