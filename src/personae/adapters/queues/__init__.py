"""What hands out work with leases."""
