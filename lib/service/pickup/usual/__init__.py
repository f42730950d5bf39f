"""The slot a resident usually comes in (R21): suggested from orders, remembered by a person."""
