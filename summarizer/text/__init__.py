"""Text without articles: spans, sentences, tokens and the facts that words carry. Pure."""
