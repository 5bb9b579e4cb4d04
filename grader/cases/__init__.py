"""What items are tried on: frozen dataclasses drawn from a seed.

Sizes are distinct primes, so that a wrong axis cannot hide in a square and a constant factor has a name.
Fields carry the names that the course's functions use; `sizes` names the axes for the facts.
"""
