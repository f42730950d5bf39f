"""Plain HTTP doors beside the screens: light pages, media, login cookie, health."""
