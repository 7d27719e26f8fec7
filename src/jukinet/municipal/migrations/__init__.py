"""Tables of the municipal node."""
