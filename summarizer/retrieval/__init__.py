"""Which passages matter: stories, origins, chunks and the search over them."""
