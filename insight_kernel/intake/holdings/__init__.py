"""Holdings that come with INSIGHT: a mapping, a source profile, an invented example each, and what is wrong in it."""
