"""Logistic regression by hand, as an assignment."""
