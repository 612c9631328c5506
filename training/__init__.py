"""How the bundled encoder is made, from public data: see README.md. Never needed by users."""
