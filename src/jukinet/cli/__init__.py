"""The command line. Here, and only here, the machine's clock is read."""
