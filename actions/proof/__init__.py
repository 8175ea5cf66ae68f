"""What shows that something was done: signed references, what sources report, and what their reports come to."""
