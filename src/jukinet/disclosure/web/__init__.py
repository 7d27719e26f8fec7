"""The screens of persons' requests."""
