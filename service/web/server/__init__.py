"""The HTTP server of `colophon serve`: waitress under gunicorn, with limits for slow callers and for their number.

One thread receives all heads and bodies and sends all answers, so a slow connection needs memory and no thread. Other threads
get complete requests. gunicorn starts this process again when it ends, and passes on signals.
"""
