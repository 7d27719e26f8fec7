"""A whole federation on one machine: real processes, real TLS, real PostgreSQL, synthetic residents."""
