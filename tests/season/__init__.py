"""A season in a small town: months on a stepped clock, everything that goes wrong in production, from one seed."""
