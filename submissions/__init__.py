"""What was handed in, by whom, and what became of it: intake and the store."""
