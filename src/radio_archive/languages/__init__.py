"""What we know of each language: names, direction, Whisper code, spelling and analysis rules.

``registry`` has one row per language, ``analysis`` the analyzers used by every search engine.
"""
