"""What is told of a grading: the report as plain data, what differs between two, and how they are shown.

It judges nothing and knows no suite, so whoever shows a report needs nothing that grades.
"""
