"""The lines between nodes: keys and certificates, the message server, the message client. TLS 1.3 and nothing else."""
