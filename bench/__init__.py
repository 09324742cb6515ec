"""Figures: each module is a command that measures something of the program and prints it."""
