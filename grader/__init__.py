"""Judges submissions: it knows no database and no network."""
