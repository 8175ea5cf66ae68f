"""The Telegram adapter, against the stand-in server over real HTTP."""
