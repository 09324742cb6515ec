r"""LaTeX as bibliographies write it in, its words in Unicode (NFC) out.

| `\"o` `\"{o}` `{\"o}` `\c{c}` `\v s` `\'\i` | the letter with its accent (combining character, then NFC)    |
| `\ss` `\o` `\L` `\ae` … `\alpha`            | the letter                                                    |
| `--` `---` ` `` ` `''` `~`                  | –, —, “, ”, a blank                                           |
| `\&` `\%` `\_` `\#` `\$` `\{` `\}`          | the character                                                 |
| `\emph{…}` `\textbf{…}` `\it` …             | their words                                                   |
| `{…}` `$…$`                                 | what is inside; figures lowered or raised where maths has them |

A command that nobody here knows stays as it stands. One pass, without recursion.
"""

from __future__ import annotations

import re
import unicodedata

from repo_harvest.parse.text import table

__all__ = ["to_text", "verbatim"]

ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307",
    '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328",
    "b": "\u0331", "G": "\u030f", "U": "\u030e",
}  # fmt: skip  # the combining character of each accent
LETTERS = {
    "ss": "ß", "SS": "ẞ", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ",
    "aa": "å", "AA": "Å", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ", "ng": "ŋ", "NG": "Ŋ",
    "i": "ı", "j": "ȷ", "S": "§", "P": "¶", "copyright": "©", "pounds": "£", "euro": "€", "texteuro": "€",
    "textendash": "–", "textemdash": "—", "textquoteleft": "‘", "textquoteright": "’", "textquotedblleft": "“",
    "textquotedblright": "”", "textquotesingle": "'", "textquotedbl": '"', "guillemotleft": "«", "guillemotright": "»",
    "guilsinglleft": "‹", "guilsinglright": "›", "quotedblbase": "„", "glqq": "„", "grqq": "“", "textbackslash": "\\",
    "textbraceleft": "{", "textbraceright": "}",
    "textasciitilde": "~", "textasciicircum": "^", "textunderscore": "_", "textbar": "|", "textless": "<",
    "textgreater": ">", "textdegree": "°", "degree": "°", "textregistered": "®", "texttrademark": "™", "textpm": "±",
    "textmu": "µ", "ldots": "…", "dots": "…", "textellipsis": "…", "cdot": "·", "times": "×", "pm": "±", "leq": "≤",
    "le": "≤", "geq": "≥", "ge": "≥", "neq": "≠", "approx": "≈", "sim": "∼", "infty": "∞", "to": "→", "rightarrow": "→",
    "leftarrow": "←", "partial": "∂", "nabla": "∇", "ell": "ℓ", "in": "∈", "circ": "°", "TeX": "TeX", "LaTeX": "LaTeX",
    "BibTeX": "BibTeX", "quad": " ", "qquad": " ", "newline": " ", "par": " ", "space": " ", "slash": "/", "&": "&",
}  # fmt: skip  # letters and signs
LETTERS |= {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ", "eta": "η",
    "theta": "θ", "vartheta": "ϑ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π",
    "rho": "ρ", "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "φ", "varphi": "φ", "chi": "χ", "psi": "ψ",
    "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ",
    "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
}  # fmt: skip  # Greek
DRESS = table(
    "emph textit textbf textsc texttt textrm textsf textup textmd textnormal textsl text mathrm mathbf mathit mathcal",
    "mathbb mathsf mathtt mathfrak mathscr mbox hbox ensuremath boldsymbol bm underline uppercase lowercase enquote",
    "textsuperscript textsubscript it bf em sc tt rm sf sl itshape bfseries scshape upshape normalfont small large url",
    "path nolinkurl relax protect noopsort left right displaystyle bibinfo natexlab foreignlanguage",
)
_LOWERED, _RAISED = str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋"), str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")

_TOKEN = re.compile(
    r"\\(?P<word>[A-Za-z]{1,40})[ \t\r\n]{0,20}"
    r"|\\(?P<sign>[^A-Za-z])"
    r"|(?P<script>[_^](?:[0-9]|\{[0-9+-]{1,12}\}))"
    r"|(?P<dashes>-{2,3}(?!-))|(?P<open>``)|(?P<close>'')"
    r"|(?P<mark>[{}$~])",
)
_ARGUMENT = re.compile(r"[ \t\r\n]{0,20}(?:\{[ \t\r\n]{0,20})*(?:\\(?P<dotless>[ij])(?![A-Za-z])|(?P<letter>[^\\{}$]))")
_VERBATIM = re.compile(r"\\([_%&#${}~^])(?:\{\})?|[{}\s]|\\textasciitilde(?:\{\})?|\\url")


def to_text(latex: str) -> str:
    r"""What LaTeX shows.

    >>> to_text(r"Erd{\H{o}}s, \'{E}ric S\o rensen and {\L}ukasz M\"uller -- a ``{DNA}'' in $\mathrm{CO}_2$")
    'Erdős, Éric Sørensen and Łukasz Müller – a “DNA” in CO₂'
    >>> to_text(r"Fran\c{c}ois \& Jos\'e; na\"{\i}ve; Stra{\ss}e; \emph{in} \unknown{x}")
    'François & José; naïve; Straße; in \\unknownx'
    """
    if latex.isascii() and latex.isalnum():
        return latex
    out: list[str] = []
    at, maths = 0, False
    while token := _TOKEN.search(latex, at):
        out.append(latex[at : token.start()])
        at = token.end()
        if token["mark"]:
            maths ^= token["mark"] == "$"
            out.append(" " if token["mark"] == "~" else "")
        elif token["script"]:
            out.append(_script(token["script"]) if maths else token["script"].replace("{", "").replace("}", ""))
        elif token["dashes"]:
            out.append("–" if token["dashes"] == "--" else "—")
        elif token["open"] or token["close"]:
            out.append("“" if token["open"] else "”")
        else:
            said, at = _command(latex, token)
            out.append(said)
    out.append(latex[at:])
    return unicodedata.normalize("NFC", " ".join("".join(out).split()))


def verbatim(latex: str) -> str:
    r"""An address or a DOI, where LaTeX's own characters mean themselves.

    >>> verbatim(r"https://example.org/~ann/a\_b\%20c")
    'https://example.org/~ann/a_b%20c'
    """
    return _VERBATIM.sub(lambda match: match[1] or ("~" if match[0].startswith("\\textascii") else ""), latex)


def _script(script: str) -> str:
    return script[1:].strip("{}").translate(_LOWERED if script[0] == "_" else _RAISED)


def _command(latex: str, token: re.Match[str]) -> tuple[str, int]:
    """What a command says, and where the text goes on."""
    name = token["word"] or token["sign"]
    if name in ACCENTS and (argument := _ARGUMENT.match(latex, token.end())):
        letter = argument["dotless"] or argument["letter"]
        if letter.isalpha():
            return letter + ACCENTS[name], argument.end()
    if name in LETTERS:
        return LETTERS[name], token.end()
    if name in DRESS:
        return "", token.end()
    if token["word"]:
        return token[0], token.end()
    return _SIGNS.get(name, name), token.end()


_SIGNS = {"\\": " ", " ": " ", "\n": " ", ",": " ", ";": " ", ":": " ", "!": "", "-": "", "/": "", "(": "", ")": ""}
