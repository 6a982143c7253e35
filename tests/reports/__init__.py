"""Reports: parameters, engine, runs, pages and the subject profile."""
