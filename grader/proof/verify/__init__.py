"""The nightly proof: the suites judge rightly, the reference is right, its trainings reach the bars.

`plan` is the story; `step` is what it is made of.
"""
