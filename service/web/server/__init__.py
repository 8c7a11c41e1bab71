"""The HTTP server of `colophon serve`: waitress, with limits on how slow and how many callers may be, under gunicorn.

One thread receives all heads and bodies and sends all answers, so a slow connection holds memory and no thread; threads
get whole requests. gunicorn starts this process again when it dies, and hands its signals on.
"""
