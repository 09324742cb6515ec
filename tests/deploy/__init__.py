"""What an operator copies from deploy/: right by the checkers that its users have, and in agreement with the program."""
