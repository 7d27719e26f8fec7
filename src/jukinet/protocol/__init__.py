"""What nodes say to each other: names, the message catalogue, the envelope, one module per family of messages."""
