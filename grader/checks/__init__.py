"""The language of checks: script, case, oracle, mistake, law, gradient, verdict.

It does not know the answers: only `grader.assignments` brings them in.
"""
