"""Tables become measures with their uncertainty."""
