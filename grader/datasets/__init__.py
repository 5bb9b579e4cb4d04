"""The course's data sets: where they are, whether they are whole, how they are read and stood in for."""
