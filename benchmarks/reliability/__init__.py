"""What happens to files when `unchunk` is killed, interrupted, raced, starved, and given what is made to hurt it."""
