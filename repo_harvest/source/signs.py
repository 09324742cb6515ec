"""A page's text in, the signs out that something stands in its place: a login, an error, a check for robots.

Read from structure: a password field, and titles or headings that are nothing but such a phrase, in several languages. No
site is named. A sign alone refuses no page: sites keep a login in a corner, and articles are called "Access denied".
"""

from __future__ import annotations

import html
import re
from itertools import islice

from repo_harvest.model import Signs

__all__ = ["labels_of", "signs_of"]

_PASSWORD = re.compile(r"""<input\b[^<>]{0,2000}?\btype\s{0,9}=\s{0,9}["']?password\b""", re.IGNORECASE)
_LABELLED = re.compile(r"<[a-z][^<>]{0,2000}?\s(?:class|id)\s{0,9}=", re.IGNORECASE)
_SAYING = re.compile(r"<(title|h1|h2)\b[^<>]{0,2000}>(.{0,400}?)</\1\s{0,9}>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^<>]{0,2000}>")
_PART = re.compile(r"\s[|–—·•»:-]+\s|[|•»]")  # between the name of a page and the name of its site
_EDGE = " \t\r\n.…!?,;:()[]'\"“”«»¡¿-–—"
_MOST_SAYINGS = 50

_STATUS = r"(?:error|erreur|fehler|erro|errore|http|status|エラー|ошибка|错误)?[ -]*(?:4(?:0[0-9]|1[0-9]|2[269]|51)|50[0-9]|52[0-9])"
_PHRASES = (
    # the page is not there, or something broke
    r"(?:the )?(?:page|file|document|url|resource)? ?(?:was |could )?not (?:be )?found|error|an error (?:has )?occurred",
    r"(?:internal )?server error|bad gateway|gateway time-?out|service (?:temporarily )?unavailable|bad request",
    r"too many requests|something went wrong|oops|under maintenance|(?:site |scheduled )?maintenance",
    r"(?:seite|datei|dokument) (?:wurde )?nicht gefunden|nicht gefunden|fehler|interner serverfehler|wartungsarbeiten",
    r"(?:dienst|seite) (?:zurzeit |derzeit )?nicht (?:verfügbar|erreichbar)",
    r"(?:la )?page (?:non trouvée|introuvable|inexistante)|erreur(?: interne)?(?: du serveur)?|service indisponible",
    r"(?:la )?página no (?:encontrada|disponible|existe)|no encontrad[oa]|error (?:interno )?del servidor",
    r"(?:a )?página não (?:foi )?encontrada|não encontrad[oa]|erro(?: interno)?(?: do servidor)?",
    r"(?:la )?pagina non (?:è stata )?trovata|non trovat[oa]|errore(?: interno)?(?: del server)?",
    r"pagina niet gevonden|siden (?:blev |ble )?ikke (?:fundet|funnet)|sidan (?:kunde inte hittas|hittades inte)",
    r"nie znaleziono strony|страница не найдена",
    r"(?:お探しの)?ページが?(?:見つかりません(?:でした)?|存在しません)|エラー|页面(?:不存在|未找到)|找不到(?:页面|頁面)",
    # it wants to know who you are
    r"(?:please )?(?:log|sign)[ -]?in(?: required| to continue| to your account)?|log ?on|login|authentication required",
    r"(?:access )?(?:denied|forbidden)|unauthori[sz]ed|access (?:is )?restricted|members only",
    r"(?:bitte )?(?:anmelden|einloggen)|anmeldung(?: erforderlich)?|zugriff (?:verweigert|nicht gestattet)|zugang verweigert",
    r"connexion|(?:se connecter|connectez-vous|identifiez-vous|identification)|accès (?:refusé|interdit|restreint)",
    r"iniciar sesión|inicio de sesión|acceso (?:denegado|restringido|prohibido)|entrar|iniciar sessão",
    r"acesso (?:negado|restrito)|accedi|accesso (?:negato|riservato)|inloggen|toegang geweigerd|logg? ind?|logga in",
    r"zaloguj się|вход|доступ запрещен|ログイン|サインイン|アクセス(?:拒否|が拒否されました)|登录|登錄|登入|拒绝访问",
    # it wants to know whether you are a person
    r"just a moment|one moment,? please|please wait|attention required|checking your browser|security check|captcha",
    r"(?:please )?(?:verify|confirm|prove) (?:that )?you are (?:a )?human|are you (?:a )?(?:human|robot)|human verification",
    r"einen moment(?: bitte)?|sicherheitsüberprüfung|sind sie ein mensch|un instant(?: s'il vous plaît)?",
    r"vérification (?:de sécurité|en cours)|un momento(?: por favor)?|verificación de seguridad|um momento(?: por favor)?",
    r"verificação de segurança|verifica di sicurezza|しばらくお待ちください|请稍候|安全验证",
)
_SAID = re.compile(f"(?:{_STATUS}[ :–—-]*)?(?:{'|'.join(_PHRASES)})(?:[ :(–—-]*{_STATUS})?|{_STATUS}")


def signs_of(text: str) -> Signs:
    """The signs on a page, in time that grows with its length.

    >>> signs_of("<title>404 – Page not found | The Library</title><h1>Oops!</h1>")
    Signs(password=False, title=('404', 'Page not found'), headings=('Oops',))
    >>> signs_of("<title>Publications</title><h2>Access denied: what prisons show</h2><input name=p type='password'>")
    Signs(password=True, title=(), headings=())
    """
    title: tuple[str, ...] | None = None  # the first is the page's own; pictures further down have some as well
    headings: list[str] = []
    for saying in islice(_SAYING.finditer(text), _MOST_SAYINGS):
        words = " ".join(html.unescape(_TAG.sub(" ", saying[2])).split())
        parts = (part.strip(_EDGE) for part in _PART.split(words))
        said = [part for part in parts if _SAID.fullmatch(part.casefold())]
        if saying[1].lower() != "title":
            headings += said
        elif title is None:
            title = tuple(said)
    return Signs(password=bool(_PASSWORD.search(text)), title=title or (), headings=tuple(dict.fromkeys(headings)))


def labels_of(text: str) -> int:
    """How many elements of a page have a class or an id, in time that grows with its length.

    >>> labels_of("<div class='a' id=b><p>class=c</p><p id = d></div>")
    2
    """
    return sum(1 for _ in _LABELLED.finditer(text))
