"""Tables of operators and their sessions."""
