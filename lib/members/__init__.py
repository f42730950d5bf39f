"""Members (mission part D): who the residents are, what they like, what they are given.

Who somebody is and their points stand below trade, which books them; gifts, rewards and erasure
stand above service, because they reach into stock, promises and everything that names a resident.
"""
