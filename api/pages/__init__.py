"""The web page: students hand in and read, staff see the class. Plain HTML from the server."""
