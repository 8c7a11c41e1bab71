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
                    "data": {"image/svg+xml": '<svg xmlns="http://www.w3.org/2000/svg" onload="a()"/>'},
                },
                {"output_type": "display_data", "data": {"text/latex": "$\\href{javascript:alert(1)}{x}$"}},
            ],
        },
    ],
}
XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'
JATS = f"""<article article-type="x" {XLINK}><front><article-meta><title-group><article-title>&lt;script>alert(1)&lt;/script>
</article-title></title-group></article-meta></front><body><p>x <ext-link xlink:href="javascript:alert(1)">y</ext-link>
<graphic xlink:href="{HOME}"/><graphic xlink:href="/etc/passwd"/></p><script>alert(1)</script></body></article>"""
DOCBOOK = f"""<article xmlns="http://docbook.org/ns/docbook" {XLINK} xmlns:xi="http://www.w3.org/2001/XInclude"><info>
<title>&lt;script>alert(1)&lt;/script></title></info><para>x <link xlink:href="javascript:alert(1)">y</link></para>
<mediaobject><imageobject><imagedata fileref="{HOME}"/></imageobject></mediaobject><xi:include href="file:///etc/passwd"/></article>"""
FB2 = f"""<FictionBook xmlns:l="http://www.w3.org/1999/xlink"><description><title-info><book-title>&lt;script></book-title>
</title-info></description><body><section><p>x <a l:href="javascript:alert(1)">y</a></p><image l:href="{HOME}"/>
<table><tr><td onclick="alert(1)">z<script>alert(1)</script></td></tr></table></section></body>
<binary id="a" content-type="image/svg+xml">PHN2Zy8+</binary></FictionBook>"""
RTF = r"""{\rtf1{\info{\title <script>alert(1)</script>}}
{\object\objemb{\*\objdata 0105}}{\field{\*\fldinst DDEAUTO cmd "/C calc"}
{\fldrslt x}}
{\field{\*\fldinst HYPERLINK "javascript:alert(1)"}{\fldrslt y}}
{\field{\*\fldinst INCLUDEPICTURE "file:///etc/passwd"}
{\fldrslt z}} text\par}"""
PLAIN = f"<script>alert(1)</script>\n\n[x](javascript:alert(1)) =cmd|' /C calc'!A0 ![y]({HOME})\n"
TABLE = f"name,<script>alert(1)</script>\n\"=cmd|' /C calc'!A0\",![y]({HOME})\n"
ADOC = f"""= <script>alert(1)</script>
:toc:

x link:javascript:alert(1)[y] image:{HOME}[z]

include::/etc/passwd[]

++++
<script>alert(1)</script><iframe src="{HOME}"></iframe>
++++

pass:[<img src=x onerror=alert(1)>] <<a,b>>
"""
TYPST = f"""#set document(title: "<script>alert(1)</script>")
#import "/etc/passwd": *
#include "{HOME}"

x #link("javascript:alert(1)")[y] #image("{HOME}")
"""
DJOT = f"""# <script>alert(1)</script>

x [y](javascript:alert(1)) ![z]({HOME}){{onclick="alert(1)"}} `<script>alert(1)</script>`{{=html}}

``` =html
<iframe src="{HOME}"></iframe>
```
"""
TEXTILE = f"""h1. x

"y":javascript:alert(1) !{HOME}! <script>alert(1)</script>

p{{background:url({HOME})}}. z <img src=x onerror=alert(1)>
"""
SOURCES = {
    "asciidoc": ("a.adoc", ADOC.encode),
    "typst": ("a.typ", TYPST.encode),
    "djot": ("a.dj", DJOT.encode),
    "textile": ("a.textile", TEXTILE.encode),
    "jats": ("a.jats", JATS.encode),
    "docbook": ("a.dbk", DOCBOOK.encode),
    "fb2": ("a.fb2", FB2.encode),
    "rtf": ("a.rtf", RTF.encode),
    "ipynb": ("a.ipynb", lambda: json.dumps(NOTEBOOK).encode()),
    "text": ("a.txt", PLAIN.encode),
    "csv": ("a.csv", TABLE.encode),
    "rst": ("a.rst", RST.encode),
    "org": ("a.org", ORG.encode),
    "latex": ("a.tex", LATEX.encode),
    "mediawiki": ("a.wiki", WIKI.encode),
}
