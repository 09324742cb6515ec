"""`python -m repo_harvest`: the same as the command `repo-harvest`."""

from repo_harvest.cli import main

main()
