"""The kinds of figure, a module each; see :mod:`textmine.publish.recipe`."""
