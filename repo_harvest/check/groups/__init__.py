"""The checks themselves: one module for each group of them, each with its rows of the registry at its end."""
