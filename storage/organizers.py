"""Role codes: placeholder until written."""
def redeem(conn, person, code, now): return None
def is_code_shaped(words): return False
