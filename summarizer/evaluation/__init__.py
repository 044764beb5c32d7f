"""How often the product errs, measured: labelled claims and made mistakes."""
