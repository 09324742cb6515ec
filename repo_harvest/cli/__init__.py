"""The front door: the command `repo-harvest`. Exit status 0 done, 1 something refused or failed, 2 wrong usage."""

from repo_harvest.cli.group import main

__all__ = ["main"]
