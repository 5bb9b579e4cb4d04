"""The course's torch models and their training, solved and written to be read."""
