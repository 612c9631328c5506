"""The web's entry: ``streamlit run app.py``."""

from hytki_match.web.navigation import show_site

show_site()
