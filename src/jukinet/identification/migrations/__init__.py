"""Tables of identification information."""
