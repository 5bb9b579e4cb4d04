"""What our own preambles give a student's cells: data and names under which the notebook has them.

Each file runs in the guest, above the student's statements. None of them knows an answer.
"""

from grader.assignments.preambles import texts_beside

text = texts_beside(__file__)
