"""The JSON API of the front door. config.api mounts it at /api/v1/."""
