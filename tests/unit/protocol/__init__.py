"""Names, envelope, catalogue."""
