"""Pages and addresses beside the chat: impact page, health, metrics, pictures."""
