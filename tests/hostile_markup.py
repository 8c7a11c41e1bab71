"""The hostile article in the markups that have readers of their own: what would run, phone home or read a file in each."""

from __future__ import annotations

import json

HOME = "http://127.0.0.1:9/phone-home"
RST = f"""\
Title
=====

:Author: <script>alert(1)</script>

.. include:: /etc/passwd

.. raw:: html

   <script>alert(1)</script><img src=x onerror=alert(1)>

.. raw:: latex
   :file: /etc/passwd

.. image:: {HOME}
   :target: javascript:alert(1)

`x <javascript:alert(1)>`__ and `y <file:///etc/passwd>`__ and :raw-html:`<b onload=alert(1)>`

.. role:: raw-html(raw)
   :format: html
"""
ORG = f"""\
#+TITLE: <script>alert(1)</script>
#+INCLUDE: "/etc/passwd"
#+HTML_HEAD: <script>alert(1)</script>

[[javascript:alert(1)][x]] [[file:/etc/passwd]] [[{HOME}/a.png]] @@html:<script>alert(1)</script>@@ \\input{{/etc/passwd}}

#+begin_export html
<script src="{HOME}"></script><p onclick="alert(1)">y</p>
#+end_export

#+begin_export latex
\\input{{/etc/passwd}}
#+end_export
"""
LATEX = f"""\
\\documentclass{{article}}
\\title{{<script>alert(1)</script>}}
\\begin{{document}}
\\input{{/etc/passwd}} \\write18{{id}} \\href{{javascript:alert(1)}}{{x}} \\url{{file:///etc/passwd}}
\\includegraphics{{{HOME}}} \\includegraphics{{/etc/passwd}} $\\href{{javascript:alert(1)}}{{y}}$ $\\input{{/etc/passwd}}$
\\lstinputlisting{{/etc/passwd}} z
\\end{{document}}
"""
WIKI = f"""\
{{{{DISPLAYTITLE:<script>alert(1)</script>}}}}
[javascript:alert(1) x] [[File:{HOME}]] [[File:/etc/passwd]] <script>alert(1)</script> [file:///etc/passwd y]
<p onclick="alert(1)" style="background:url({HOME})">z</p> <iframe src="{HOME}"></iframe> {{{{template|<script>}}}}
"""
NOTEBOOK = {
    "nbformat": 4,
    "metadata": {"title": "<script>alert(1)</script>", "kernelspec": {"display_name": "<b onload=alert(1)>", "argv": ["id"]}},
    "cells": [
        {"cell_type": "markdown", "source": f"<script>alert(1)</script> [x](javascript:alert(1)) ![y]({HOME})"},
        {
            "cell_type": "code",
            "source": "print(1)",
            "outputs": [
                {
                    "output_type": "display_data",
                    "data": {"text/html": f'<p onclick="alert(1)">z<iframe src="{HOME}"></iframe></p>'},
                },
                {"output_type": "display_data", "data": {"application/javascript": "alert(1)"}},
                {
                    "output_type": "display_data",
                    "data": {"image/svg+xml": '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'},
                },
                {"output_type": "display_data", "data": {"text/latex": "$\\href{javascript:alert(1)}{x}$"}},
            ],
        },
    ],
}
PLAIN = f"<script>alert(1)</script>\n\n[x](javascript:alert(1)) =cmd|' /C calc'!A0 ![y]({HOME})\n"
TABLE = f"name,<script>alert(1)</script>\n\"=cmd|' /C calc'!A0\",![y]({HOME})\n"
SOURCES = {
    "ipynb": ("a.ipynb", lambda: json.dumps(NOTEBOOK).encode()),
    "text": ("a.txt", PLAIN.encode),
    "csv": ("a.csv", TABLE.encode),
    "rst": ("a.rst", RST.encode),
    "org": ("a.org", ORG.encode),
    "latex": ("a.tex", LATEX.encode),
    "mediawiki": ("a.wiki", WIKI.encode),
}
