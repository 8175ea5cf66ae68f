"""Slack: any number of workspaces, by Socket Mode or by signed requests."""
