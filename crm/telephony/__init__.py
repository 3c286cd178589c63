"""What phone systems say, and whether it was they who said it. Pure: no database."""
