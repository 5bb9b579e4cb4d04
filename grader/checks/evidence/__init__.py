"""Laws of evidence: what is known about a wrong result beyond the catalogue of mistakes.

Each module holds one law. A law is asked about one named result on all judged cases at once (or about
all of them together) and answers with what must be true, or stays silent: one case that does not fit is
enough for silence. `investigation.py` tells in which order they are asked.
"""
