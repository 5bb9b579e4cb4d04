"""The command line: `grader`."""
