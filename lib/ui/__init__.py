"""The only Streamlit inside lib: frame, navigation, session, feedback, fields, tables."""
