"""The programs that drive clients are run, never imported: pyoai warns on import, and here a warning is an error."""

collect_ignore_glob = ["with_*.py"]
