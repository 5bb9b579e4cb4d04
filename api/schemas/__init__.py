"""What the service sends and takes, one module per resource."""
