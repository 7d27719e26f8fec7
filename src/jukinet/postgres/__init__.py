"""PostgreSQL: the pool, the migration runner, the embedded server, roles and grants."""
