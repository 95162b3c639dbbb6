"""Reports of a campaign: a page of HTML, Markdown, JSON."""
