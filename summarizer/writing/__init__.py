"""Evidence becomes draft sentences."""
