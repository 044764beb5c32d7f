"""Tools for assistants over the Model Context Protocol (MCP): they read and check, and change
nothing.
"""
