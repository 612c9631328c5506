"""Language: which one a question is in, its terms, and every sentence that a user reads."""
