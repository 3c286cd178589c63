"""What the next release brings: a column in two busy tables, and a kind of job that nobody knows yet."""
