"""What knows a particular site or folder layout; pure, but for the folder itself.

``studio_tamani`` reads the station's web pages, ``folder`` the files of a disk. ``pages``,
``labels`` and ``names`` are what they share: page content in order, language and edition words,
people's names.
"""
