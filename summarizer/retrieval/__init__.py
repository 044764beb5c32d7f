"""The passages of many articles: chunks, stories, origins, and the search over them."""
