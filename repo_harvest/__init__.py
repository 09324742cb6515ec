"""Reads web pages of publications and serves them to library systems through OAI-PMH 2.0."""

__version__ = "0.1.0"
