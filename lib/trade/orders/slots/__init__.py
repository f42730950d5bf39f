"""Pickup slots of orders (R21): how full one is, and which one a resident usually comes in."""
