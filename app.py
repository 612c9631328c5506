"""The web's entry: ``streamlit run app.py``; ``?page=desk`` is the adviser's desk."""

import streamlit as st

from hytki_match.web.desk import PAGE, show_desk_alone
from hytki_match.web.navigation import show_site

if st.query_params.get("page") == PAGE:
    show_desk_alone()
else:
    show_site()
