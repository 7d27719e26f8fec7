"""The API for the organ's own systems (業務システム向けAPI): JSON over mutual TLS, at a port of its own."""
