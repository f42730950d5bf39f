"""Files people upload: cleaned, kept under their content, checked (reliability R8, A1-A27).

``photos`` takes a picture in, ``storage`` keeps bytes under their SHA-256 and never loses a
committed one, ``care`` sweeps what nothing refers to and tells what is missing or changed.
``child`` is the process in which a stranger's picture is decoded; it imports nothing of the shop,
so that it starts fast and fits its memory limit. What was uploaded is decided by its content,
never by its name, and nothing is served but what was re-encoded here.
"""
