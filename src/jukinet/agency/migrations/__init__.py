"""Tables of the agency node."""
