"""Where a batch comes from, for residents (R8, R9): behind the QR code on label and poster.

A batch has an unguessable address; what stands there is what somebody published, and facts of the
delivery that concern nobody's privacy. The light page and the Streamlit page show the same answer.
"""
