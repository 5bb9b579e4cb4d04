"""Assignment 1: nearest neighbours, linear classifiers, a two-layer network, features."""
