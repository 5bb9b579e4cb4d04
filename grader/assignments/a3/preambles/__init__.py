"""What our own preambles run on a student's modules where the notebook has no cell of theirs.

Each file runs in the guest. None of them knows an answer.
"""

from grader.assignments.preambles import texts_beside

text = texts_beside(__file__)
