"""The web chat's entry: ``streamlit run app.py``."""

from hytki_match.web.page import show_page

show_page()
