"""The documentation: `pages` are written, `reference` is made from the program, `hooks` puts both into one site."""
