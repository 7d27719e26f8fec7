"""The tables of persons' requests."""
