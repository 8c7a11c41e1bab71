"""A DOCX of the caller as the look of another: its styles, page, headers, footers, theme and fonts; not its text.
`template.py` accepts or refuses it, `styles.py` joins its styles with the profile's, `parts.py` adds its parts.
"""
