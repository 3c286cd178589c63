"""What other systems tell us and we tell them, and whose word it is. Pure: no database."""
