"""What the office knows: appointments, people, deeds, media. Never imports streamlit."""
