"""Font files of a request: opened within limits, checked, and cut for the files that embed them.
Imports: the rooms from model to telemetry, and fontTools.
Start with `faces.py`: bytes of one file → its faces.
"""
