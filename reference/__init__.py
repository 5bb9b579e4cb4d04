"""The course's layers, networks and update rules, solved in NumPy and written to be read."""
