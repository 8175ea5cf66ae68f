"""The web chat: a page of our own, with a transcript that is pushed to it."""
