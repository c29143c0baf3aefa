"""The same application, written for each framework."""
