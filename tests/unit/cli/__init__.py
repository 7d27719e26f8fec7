"""The command line, through its runner."""
