"""Submissions of known worth, made from the reference and the starter: what a suite proves itself on.

The reference is read here as text, never imported: what it is worth, the pipeline must say.
"""
