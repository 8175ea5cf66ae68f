"""What people read, in their language: each function turns values into words or a message; nothing is decided here."""
