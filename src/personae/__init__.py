"""Who appears, when and for how long, in your own videos, photos and cameras."""
