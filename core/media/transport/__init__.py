"""How media gets in and out: one socket, ICE, DTLS, SRTP. Knows no seat, no door and no page."""
