"""The JSON API of the desk. config.api mounts it at /api/v1/."""
