"""Telegram: updates in, calls out. The only package that imports the platform's library."""
