"""Articles from files, pages, mail and feeds, with their dates and boilerplate."""
