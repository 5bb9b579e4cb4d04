"""Runs students' code where it can reach nothing and say only numbers."""

from .errors import GuestEnded, SandboxUnavailable
from .host import Guest, Sandbox, Usage
from .limits import Limits
from .standing import Layer, Standing

__all__ = [
    "Guest",
    "GuestEnded",
    "Layer",
    "Limits",
    "Sandbox",
    "SandboxUnavailable",
    "Standing",
    "Usage",
]
