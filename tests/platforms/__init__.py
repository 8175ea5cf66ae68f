"""Stand-ins for the platforms the bot talks to, as strict as the platforms."""
