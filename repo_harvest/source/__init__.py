"""The page comes in: fetched (the only outbound connection there is), decoded to text, and known again by its shape."""
