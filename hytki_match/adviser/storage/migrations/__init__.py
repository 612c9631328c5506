"""Alembic's migrations of the cases."""
