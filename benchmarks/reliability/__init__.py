"""Files after `unchunk` was killed, interrupted, raced, starved, or given hostile input."""
