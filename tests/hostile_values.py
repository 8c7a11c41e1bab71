"""Values that a stranger writes where another kind is expected: as JSON spells them, and as text in XML or CSS."""

from __future__ import annotations

BIG = "123456789012345678901234567890"
DIGITS = "7" * 5_000  # more than Python converts
# Spellings in JSON; some are not JSON (RFC 8259), and are refused or read, but never an error of this service.
JSON: tuple[str, ...] = (
    "null", "true", "0", "-0", "-1", "9223372036854775807", "9223372036854775808", "-9223372036854775809", BIG, f"-{BIG}", DIGITS,
    "1e999", "-1e999", "1e-999", "1.7976931348623157e308", f"0.{DIGITS}", f"1{'0' * 400}.5", "NaN", "Infinity", "-Infinity",
    '""', '" "', '"\\u0000"', '"\\ud800"', '"\\udc00 x"', '"a\\ud83d"', '"\\ufffe\\uffff"', '"\\u202e\\u0007"',
    '"' + "x" * 100_000 + '"', f'"{DIGITS}"',
    "[]", "{}", "[[]]", "[null]", "[{}]", '{"": {}}', '{"name": 5}', '[{"name": []}]', '{"a": {"b": {"c": []}}}',
    "[" * 60 + "]" * 60, "[" * 400 + "]" * 400, '{"a":' * 300 + "1" + "}" * 300,
    f"[{BIG}]", f'{{"x": {BIG}}}', '["\\ud800"]', '{"\\ud800": 1}', "[1e999]", "[" + ",".join(["1"] * 5_000) + "]",
)  # fmt: skip
# Numbers and texts as an XML part may hold them.
TEXTS: tuple[str, ...] = (
    "", " ", "x", "-0", "0x7fffffffffffffffff", BIG, f"-{BIG}", DIGITS, "nan", "inf", "-inf", "1e999", "1e-999", "1_000",
    "٣", "²",    "\u2028", "\ufffd", "true", "[]", "x" * 100_000,
)  # fmt: skip
CSS: tuple[str, ...] = (
    f"p {{ margin: {DIGITS}px }}", f"p {{ margin: -{DIGITS} }}", f"p {{ margin: 1.{DIGITS}em }}", "p { margin: 1e999px }",
    f"p {{ margin: 1e{DIGITS}px }}", f"p:nth-child({DIGITS}n+1) {{ }}", f"@page :nth({DIGITS}) {{ }}",
    f"@media (width: {DIGITS}px) {{ p {{ }} }}",
    "p { content: '\\d800' }", "p { content: '\\dfff x' }", "p { content: '\\110000 \\0 ' }", "\\d800 { color: red }",
    "p { \\d800: red }", "p { color: #\\d800 }", f"p {{ color: rgb({DIGITS}, 0, 0) }}", "p { unicode-range: U+FFFFFFFF }",
    f"p {{ unicode-range: U+{DIGITS} }}", "@\\d800 x;", "p { --x: \\d800 }", "p { width: 1\\d800 }",
)  # fmt: skip
