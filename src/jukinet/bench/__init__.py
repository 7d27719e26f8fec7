"""Measurements of the running system against what PostgreSQL alone can do (性能測定), see docs/performance/."""
