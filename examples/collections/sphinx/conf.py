project = "The hand loom"
author = "Ines Carda"
language = "en"
extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "substitution"]
myst_substitutions = {"yarn": "wool or linen"}
html_baseurl = "https://loom.example/"
