"""What follows detections through time."""
