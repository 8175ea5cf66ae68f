"""Who hears what, when: planning, the outbox, the account's pace, delivery."""
