"""The command line's sub-commands, a module each, imported only when called."""
