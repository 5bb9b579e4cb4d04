"""Submissions of known worth, made from the reference and the starter: what a suite proves itself on.

Submissions are made from the reference's text: what they are worth, the pipeline must say. Only
`grader.proof.verify` imports the reference, to hold it to other implementations and to known sums.
"""
