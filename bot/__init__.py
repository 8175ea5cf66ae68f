"""What talks: settings, command line, conversation, nudging, channels, web."""
