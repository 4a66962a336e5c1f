"""The symbols that subnets' tokens may have: one character each, by default the netuid-th.

Source: subtensor pallets/subtensor/src/subnets/symbols.rs.
"""

from __future__ import annotations

from collections.abc import Collection

ROOT_SYMBOL = "Τ".encode()
"""Capital tau. No subnet can choose it, but those beyond the list get it."""

_CHARACTERS = (
    "Ταβγδεζηθικλμνξοπρσtυφχψω"  # Greek
    "אבגדהוזחטיךכלםמןנסעףפץצקרשת"  # Hebrew
    "ابتثجحخدذرزسشصضطظعغفقكلمنهويى"  # Arabic
    "ᚠᚢᚦᚨᚱᚳЫᛉᛒ"  # Runic
    "\u1680ᚁᚂᚃᚄᚅ᚛"  # Ogham
    "აბგდევ"  # Georgian
    "ԱԲԳԴԵԶ՞"  # Armenian
    "ЀЁЂЃЄЅъ"  # Cyrillic
    "ⲀⲁⲂⲃⲄⲅ"  # Coptic
    "𑀀𑀁𑀂𑀃𑀅"  # Brahmi
    "නඳපඵබභ"  # Sinhala
    "ⰀⰁⰂⰃⰄⰅⰆⰇⰈⰉⰊⰋⰌⰍⰎⰏⰐⰑⰒⰓⰔⰕⰖⰗⰘⰙⰚⰛⰜⰝⰞⰟⰠ"  # Glagolitic
    "กขฃคฅฆงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ"  # Thai
    "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ"  # Hangul consonants
    "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"  # Hangul vowels
    "አኡኢኣኤእኦኧወዉዊዋዌውዎኰ኱ኲኳኴኵ኶ጐ጑ጒመጔጕ጖"  # Ethiopic
    "अआइईउऊऋएऐओऔकखगघङचछजझञटठडढणतथदधनपफबभमयरलवशषसह"  # Devanagari
    "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"  # Katakana
    "ⴰⴱⴲⴳⴴⴵⴶⴷⴸⴹⴺⴻⴼⴽⴾⴿⵀⵁⵂⵃⵄⵅⵆⵇⵈⵉⵊⵋⵌⵍⵎⵏⵐⵑⵒⵓ"  # Tifinagh
    "අආඉඊඋඌඍඎඏඐඑඒඓඔඕඖකඛගඝඞචඡජඣඤටඥඦඩඨඪණඬතථදධ"  # Sinhala again
)
SYMBOLS = tuple(character.encode() for character in _CHARACTERS)
CHOOSABLE = frozenset(SYMBOLS[1:])


def first_free(netuid: int, used: Collection[bytes]) -> bytes:
    """The netuid's own symbol, or else the first that nobody uses; tau if there is none."""
    own = SYMBOLS[netuid] if netuid < len(SYMBOLS) else ROOT_SYMBOL
    if own not in used:
        return own
    return next((symbol for symbol in SYMBOLS[1:] if symbol not in used), ROOT_SYMBOL)
