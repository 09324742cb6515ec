"""Harvesters that others wrote, in three languages, against a feed whose contents are known from the file it was made of."""
