"""Takes submissions to the grader and its reports to the store."""
