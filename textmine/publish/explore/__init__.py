"""The reports under the reader's fingers: a model of what is chosen, and the widget over it."""
