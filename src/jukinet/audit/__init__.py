"""The audit log: one closed catalogue of events, appended in the transaction of the act (I4)."""
