"""
Deeds and views of the office: one function per deed, one transaction each, an
`Actor` first and `now` second in every deed but signing in. Knows the rules and the tables, no
page and no media.
"""
