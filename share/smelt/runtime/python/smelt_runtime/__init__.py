"""The constant half of a generated server. Everything that belongs to one
server is in tools.json and bindings.json; nothing of it is in this code."""
