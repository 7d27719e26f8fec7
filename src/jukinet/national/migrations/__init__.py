"""Tables of the national node."""
