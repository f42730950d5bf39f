"""The demand inbox (R15-R18): what residents wish for, answered within three days."""
