"""What the national node does, one module per use case."""
