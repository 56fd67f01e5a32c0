"""What stewards work through: how things stand, what is due, what differs, what they decide."""
