"""Texts that become scripts wherever a page forgets to escape: made by combination."""

from __future__ import annotations

_CALL = "window.hit=1"
_OPENERS = ("", '"', "'", ">", '">', "'>", "-->", "</title>", "</script>", "</mark>", "</textarea>")
_BODIES = (
    f"<script>{_CALL}</script>",
    f"<img src=x onerror={_CALL}>",
    f"<svg onload={_CALL}>",
    f" onmouseover={_CALL} x=",
    f"<audio src=x onerror={_CALL}>",
    f"<details open ontoggle={_CALL}>",
    f"javascript:{_CALL}",
    f"<a href=javascript:{_CALL}>x</a>",
    "<iframe srcdoc='<script>parent.hit=1</script>'>",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;script&gt;&#60;script&#62;",
    "<mark>riz</mark>\x00\u2028\u202e",
)

#: every opener before every body
PAYLOADS = tuple(opener + body for opener in _OPENERS for body in _BODIES)
