"""The acts of the register as the law has them: pure planners from present records to their next versions."""
