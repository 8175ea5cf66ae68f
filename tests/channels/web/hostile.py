"""Texts that would do something if a page took them for more than text."""

HOSTILE = [
    "<script>window.hit = 1</script>",
    '<img src=x onerror="window.hit = 1">',
    "\"><svg onload='window.hit=1'>",
    "' onclick='window.hit=1' x='",
    "<a href='javascript:window.hit=1'>x</a>",
    "{{ 7 * 7 }} ${7*7} <%= 7 %>",
    "</div></article><form action=//evil.example><button>x</button></form>",
    "<iframe srcdoc='&lt;script>parent.hit=1&lt;/script>'></iframe>",
    "&lt;script&gt;window.hit=1&lt;/script&gt;",
]
