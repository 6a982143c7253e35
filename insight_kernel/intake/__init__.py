"""From delivered files to cleaned, labelled statements."""
