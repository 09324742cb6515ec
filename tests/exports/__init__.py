"""The exports of a record, read back."""
