"""PostgreSQL and Valkey from wheels: real servers for one machine. No Docker, no root, no system service."""
