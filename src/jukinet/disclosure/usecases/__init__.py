"""What becomes of a person's request, one module per use case."""
