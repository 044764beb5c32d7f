"""What comes in: files, pages and mail become articles, dated and with their furniture found."""
