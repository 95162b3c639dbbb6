"""Programs said in other words: the findings stay where they are."""
