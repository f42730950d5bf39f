"""What every wing stands on: the shop object, settings, people, journal, files, languages."""
