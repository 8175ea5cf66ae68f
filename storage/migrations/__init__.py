"""The schema's history. `python -m storage.migrations WORDS` writes the next step from what the code asks for."""

HEAD = "0014"
"""The revision this program works with; a test keeps it at the newest script's."""
