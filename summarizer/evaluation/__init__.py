"""How often the product errs: suites of cases, labelled claims, and mistakes made on purpose."""
