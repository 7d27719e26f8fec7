"""The law: rules and values, standard library only, no clock and no I/O but the bundled tables."""
