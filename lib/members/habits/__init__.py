"""What purchases say of a member: favourites, rhythm, preferences, who is missed (R33).

Never used to set a price.
"""
