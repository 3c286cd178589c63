"""PostgreSQL and Valkey from wheels: real servers for one machine, without Docker, root or a system service."""
