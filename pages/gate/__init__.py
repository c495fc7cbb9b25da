"""
The gate: what has to hold before Streamlit sees a request or a WebSocket.

`middleware.Gate` is the whole of it, made of one module for each question. Knows no deed
and no page's content; who has a live seat it asks the doors. What it leaves to the reverse
proxy is said in docs/decisions/0009.
"""
