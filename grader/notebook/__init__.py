"""Notebooks as text: read, stripped of IPython's own syntax, and searched. Nothing is executed."""
