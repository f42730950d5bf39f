"""The privacy notice, made from the settings: what is kept, what for, how long (PIPL 17; R33)."""
