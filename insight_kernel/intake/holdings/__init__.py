"""Holdings that come with INSIGHT: for each a mapping, a source profile, an invented example and what is wrong in it."""
