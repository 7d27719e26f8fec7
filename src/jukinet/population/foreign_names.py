"""Names of generated foreign residents (外国人住民): common names of ten nationalities, in capitals, with a reading.

The list is this project's own; each entry is the Latin form and its hiragana. Nationality shares follow the statistics
of foreign residents at the end of 2023, young and old apart; statuses of residence are an approximation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

#: Status of residence (在留資格) that members of a household share; others come as family (家族滞在).
LASTING_STATUSES: Final = ("永住者", "特別永住者", "定住者", "日本人の配偶者等")
FAMILY_STATUS: Final = "家族滞在"
#: Statuses that do not let a family come along, and what a householder with a family has instead.
LONE_STATUSES: Final = ("技能実習", "留学")
STATUS_WITH_FAMILY: Final = "技術・人文知識・国際業務"


@dataclass(frozen=True, slots=True)
class Nationality:
    """A nationality: its share under 50 and from 50 on, how many use an alias, statuses and names."""

    name: str
    young_share: float
    old_share: float
    alias_share: float
    statuses: dict[str, float]
    surnames: str
    men: str
    women: str


NATIONALITIES: Final = (
    Nationality(
        "中国",
        25.0,
        27.0,
        0.12,
        {"永住者": 40, "留学": 17, "技術・人文知識・国際業務": 28, "技能実習": 5, "日本人の配偶者等": 5, "定住者": 5},
        "WANG:わん LI:りー ZHANG:ちゃん LIU:りゅう CHEN:ちぇん YANG:やん HUANG:ふぁん ZHAO:ちゃお WU:うー ZHOU:ちょう",
        "WEI:うぇい JUN:じゅん QIANG:ちゃん LEI:れい MING:みん HAO:はお BO:ぼー TAO:たお",
        "FANG:ふぁん NA:な XIUYING:しゅういん MIN:みん JING:じん YAN:いぇん LING:りん XUE:しゅえ",
    ),
    Nationality(
        "ベトナム",
        24.0,
        2.0,
        0.01,
        {"技能実習": 38, "特定技能": 20, "技術・人文知識・国際業務": 24, "留学": 9, "永住者": 6, "定住者": 3},
        "NGUYEN:ぐえん TRAN:ちゃん LE:れ PHAM:ふぁむ HOANG:ほあん VU:ぶ VO:ぼ DANG:だん BUI:ぶい DO:ど",
        "VAN_HUNG:ばんふん VAN_DUC:ばんどぅく QUANG_HUY:くあんふい MINH_TUAN:みんとぅあん VAN_NAM:ばんなむ "
        "THANH_LONG:たんろん DUC_ANH:どぅくあん VAN_CUONG:ばんくおん",
        "THI_LAN:てぃらん THI_HUONG:てぃふおん THI_MAI:てぃまい NGOC_ANH:ごっくあん THU_TRANG:とぅちゃん "
        "THI_HOA:てぃほあ PHUONG_THAO:ふおんたお THI_NGA:てぃが",
    ),
    Nationality(
        "韓国",
        7.0,
        44.0,
        0.55,
        {"特別永住者": 62, "永住者": 19, "技術・人文知識・国際業務": 8, "留学": 5, "日本人の配偶者等": 4, "定住者": 2},
        "KIM:きむ LEE:い PARK:ぱく CHOI:ちぇ JUNG:ちょん KANG:かん CHO:ちょ YOON:ゆん JANG:ちゃん LIM:いむ",
        "MINJUN:みんじゅん YOUNGHO:よんほ SUNGMIN:そんみん JIHOON:じふん DONGHYUN:どんひょん KYUNGSOO:きょんす "
        "HYUNWOO:ひょぬ JAESUNG:じぇそん",
        "JIYOUNG:じよん MINJI:みんじ SOONJA:すんじゃ YOUNGHEE:よんひ EUNJI:うんじ HYEJIN:へじん MIKYUNG:みぎょん "
        "SOYEON:そよん",
    ),
    Nationality(
        "フィリピン",
        10.0,
        10.0,
        0.02,
        {
            "永住者": 45,
            "定住者": 18,
            "技能実習": 13,
            "特定技能": 9,
            "技術・人文知識・国際業務": 4,
            "日本人の配偶者等": 11,
        },
        "SANTOS:さんとす REYES:れいえす CRUZ:くるす BAUTISTA:ばうてぃすた GARCIA:がるしあ MENDOZA:めんどさ "
        "TORRES:とれす DELA_CRUZ:でらくるす RAMOS:らもす AQUINO:あきの",
        "JOSE:ほせ MARK_ANTHONY:まーくあんそにー JOHN_PAUL:じょんぽーる CARLO:かるろ MIGUEL:みげる RAMON:らもん "
        "ANGELO:あんじぇろ PAOLO:ぱおろ",
        "MARIA:まりあ MARY_GRACE:めありーぐれーす ROSA:ろーさ CRISTINA:くりすてぃーな JENNIFER:じぇにふぁー "
        "ANGELICA:あんじぇりか LIZA:りさ MARICEL:まりせる",
    ),
    Nationality(
        "ブラジル",
        6.5,
        8.0,
        0.05,
        {"永住者": 56, "定住者": 36, "日本人の配偶者等": 8},
        "SILVA:しるば SANTOS:さんとす OLIVEIRA:おりべいら SOUZA:そうざ COSTA:こすた PEREIRA:ぺれいら "
        "ALMEIDA:あるめいだ TANAKA:たなか YAMADA:やまだ FERREIRA:ふぇれいら",
        "LUCAS:るーかす GABRIEL:がぶりえる RAFAEL:らふぁえる BRUNO:ぶるーの FELIPE:ふぇりぺ CARLOS:かるろす "
        "MARCOS:まるこす PAULO:ぱうろ",
        "ANA:あな JULIANA:じゅりあな CAMILA:かみら FERNANDA:ふぇるなんだ MARIANA:まりあな BEATRIZ:べあとりす "
        "LUCIA:るしあ PATRICIA:ぱとりしあ",
    ),
    Nationality(
        "ネパール",
        8.0,
        0.5,
        0.0,
        {"留学": 38, "技術・人文知識・国際業務": 40, "特定技能": 10, "永住者": 6, "定住者": 6},
        "SHRESTHA:しゅれすた GURUNG:ぐるん TAMANG:たまん RAI:らい MAGAR:まがる THAPA:たぱ ADHIKARI:あでぃかり "
        "KARKI:かるき LAMA:らま BHANDARI:ばんだり",
        "RAM:らむ KRISHNA:くりしゅな BISHAL:びしゃる SURESH:すれしゅ RAJESH:らじぇしゅ PRAKASH:ぷらかしゅ "
        "DIPAK:でぃぱく ANIL:あにる",
        "SITA:した GITA:ぎた ANITA:あにた SUNITA:すにた PUJA:ぷじゃ SABINA:さびな RITA:りた MAYA:まや",
    ),
    Nationality(
        "インドネシア",
        7.0,
        0.5,
        0.0,
        {"技能実習": 50, "特定技能": 29, "技術・人文知識・国際業務": 8, "留学": 6, "永住者": 7},
        "WIBOWO:うぃぼを SANTOSO:さんとそ PUTRA:ぷとら HIDAYAT:ひだやっと SAPUTRA:さぷとら KUSUMA:くすま "
        "NUGROHO:ぬぐろほ SETIAWAN:せてぃあわん RAHMAN:らーまん LESTARI:れすたり",
        "BUDI:ぶでぃ AGUS:あぐす AHMAD:あーまど DEDI:でぃでぃ RIZKY:りずき EKO:えこ ANDI:あんでぃ FAJAR:ふぁじゃる",
        "SITI:してぃ DEWI:でうぃ SRI:すり RINA:りな FITRI:ふぃとり AYU:あゆ WATI:わてぃ NURUL:ぬるる",
    ),
    Nationality(
        "ミャンマー",
        4.0,
        0.5,
        0.0,
        {"技能実習": 34, "特定技能": 20, "技術・人文知識・国際業務": 22, "留学": 16, "永住者": 8},
        "AUNG:あうん KYAW:ちょー WIN:うぃん ZAW:ぞー MYINT:みん HTUN:とぅん THAN:たん NAING:ないん MOE:もー "
        "LWIN:るうぃん",
        "MIN_THU:みんとぅー KO_KO:ここ ZIN_MAUNG:じんまうん THET_PAING:てっぱいん YE_LIN:いぇりん "
        "HEIN_HTET:へいんてっ SOE_NAING:そーないん PYAE_PHYO:ぴぇぴょー",
        "SU_SU:すす KHIN_MAR:きんまー EI_PHYU:えいぴゅー THANDAR:たんだー HNIN_WAI:にんわい MAY_THU:めいとぅー "
        "AYE_AYE:えいえい ZIN_MAR:じんまー",
    ),
    Nationality(
        "台湾",
        2.0,
        3.0,
        0.1,
        {"永住者": 42, "技術・人文知識・国際業務": 30, "留学": 14, "日本人の配偶者等": 10, "定住者": 4},
        "CHEN:ちん LIN:りん HUANG:ほあん CHANG:ちゃん LEE:りー WANG:わん WU:うー LIU:りゅう TSAI:つぁい YANG:やん",
        "CHIA_HAO:ちゃーはお CHUN_CHIEH:ちゅんちぇ KUAN_YU:くあんゆう MING_HUNG:みんほん PO_HAN:ぽーはん "
        "WEI_TING:うぇいてぃん CHIH_MING:ちーみん YU_HSIANG:ゆうしゃん",
        "SHU_FEN:しゅうふぇん MEI_LING:めいりん YA_TING:やーてぃん CHIA_YING:ちゃーいん YI_CHUN:いーちゅん "
        "HSIN_YI:しんいー LI_HUA:りーふあ PEI_SHAN:ぺいしゃん",
    ),
    Nationality(
        "米国",
        1.8,
        2.6,
        0.01,
        {"永住者": 32, "技術・人文知識・国際業務": 32, "日本人の配偶者等": 24, "留学": 7, "定住者": 5},
        "SMITH:すみす JOHNSON:じょんそん WILLIAMS:うぃりあむず BROWN:ぶらうん JONES:じょーんず MILLER:みらー "
        "DAVIS:でいびす WILSON:うぃるそん ANDERSON:あんだーそん TAYLOR:ていらー",
        "JAMES_ROBERT:じぇーむずろばーと MICHAEL:まいける DAVID_ALAN:でいびっどあらん CHRISTOPHER:くりすとふぁー "
        "DANIEL:だにえる MATTHEW:ましゅー JOHN:じょん ERIC:えりっく",
        "EMILY:えみりー SARAH_JANE:さらじぇーん JESSICA:じぇしか ELIZABETH:えりざべす LAURA:ろーら "
        "RACHEL:れいちぇる KAREN:かれん MEGAN:めーがん",
    ),
)


def entries(text: str) -> list[tuple[str, str]]:
    """Return the Latin form and the reading of each name of a list above."""
    pairs = (entry.split(":") for entry in text.split())
    return [(latin.replace("_", " "), kana) for latin, kana in pairs]
