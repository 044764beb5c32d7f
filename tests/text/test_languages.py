"""Which language, and how many words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text.languages import count_words, detect_language, direction, written_in

SAMPLES = {
    "en": (
        "Trump met Xi in Busan on Thursday.",
        "The central bank left its key rate unchanged and said inflation was easing.",
        "Thousands of people were told to leave their homes after the river burst its banks.",
    ),
    "es": (
        "El presidente se reunirá con los ministros el jueves.",
        "La policía detuvo a tres personas en el centro de Madrid.",
        "El banco central dejó los tipos sin cambios y dijo que la inflación baja.",
    ),
    "fr": (
        "Le ministre a rencontré les syndicats jeudi à Paris.",
        "La banque centrale a laissé ses taux inchangés et dit que l’inflation recule.",
        "Des milliers de personnes ont dû quitter leur maison après la crue.",
    ),
    "de": (
        "Der Minister traf sich am Donnerstag mit den Gewerkschaften.",
        "Die Zentralbank ließ den Leitzins unverändert.",
        "Tausende Menschen mussten nach dem Hochwasser ihre Häuser verlassen.",
    ),
    "it": (
        "Il ministro ha incontrato i sindacati giovedì a Roma.",
        "La banca centrale ha lasciato i tassi invariati.",
        "Migliaia di persone hanno dovuto lasciare le loro case dopo l’alluvione.",
    ),
    "pt": (
        "O ministro reuniu-se com os sindicatos na quinta-feira.",
        "O banco central não mudou a taxa e disse que a inflação está a cair.",
        "Milhares de pessoas tiveram de sair das suas casas depois das cheias.",
    ),
    "nl": (
        "De minister sprak donderdag met de vakbonden.",
        "De centrale bank liet de rente ongewijzigd en zei dat de inflatie daalt.",
        "Duizenden mensen moesten na de overstroming hun huis verlaten.",
    ),
    "pl": (
        "Minister spotkał się w czwartek ze związkowcami.",
        "Bank centralny nie zmienił stóp procentowych.",
        "Tysiące ludzi musiało po powodzi opuścić swoje domy.",
    ),
    "sv": (
        "Ministern träffade facket på torsdagen.",
        "Centralbanken lät räntan vara och säger att inflationen faller.",
        "Tusentals människor fick lämna sina hem efter översvämningen.",
    ),
    "da": (
        "Ministeren mødte fagforeningerne torsdag i København og siger nej.",
        "Centralbanken ændrede ikke renten, og inflationen er faldet ifølge banken.",
        "Tusindvis af mennesker måtte forlade deres hjem efter oversvømmelsen.",
    ),
    "no": (
        "Statsministeren sier at avtalen ble inngått torsdag.",
        "Sentralbanken endret ikke renten, og inflasjonen har falt, ifølge banken, sier han nå.",
        "Tusenvis av mennesker måtte forlate hjemmene sine etter flommen, og noen ble skadet.",
    ),
    "fi": (
        "Ministeri kertoi torstaina, että neuvottelut jatkuvat.",
        "Keskuspankki ei muuttanut korkoa.",
        "Tuhannet ihmiset ovat joutuneet jättämään kotinsa tulvan jälkeen.",
    ),
    "cs": (
        "Ministr se ve čtvrtek sešel s odbory.",
        "Centrální banka nezměnila sazby a uvedla, že inflace klesá.",
        "Tisíce lidí musely po povodni opustit své domovy.",
    ),
    "ro": (
        "Ministrul s-a întâlnit joi cu sindicatele.",
        "Banca centrală nu a schimbat dobânda și spune că inflația scade.",
        "Mii de oameni au fost evacuați din casele lor după inundații.",
    ),
    "hu": (
        "A miniszter csütörtökön találkozott a szakszervezetekkel.",
        "A jegybank nem változtatott a kamaton, és szerinte csökken az infláció.",
        "Több ezer embernek kellett elhagynia az otthonát az árvíz miatt.",
    ),
    "tr": (
        "Bakan perşembe günü sendikalarla görüştü.",
        "Merkez bankası faizi değiştirmedi ve enflasyonun düştüğünü söyledi.",
        "Selden sonra binlerce kişi evini terk etmek zorunda kaldı.",
    ),
    "id": (
        "Menteri bertemu dengan serikat pekerja pada hari Kamis.",
        "Bank sentral tidak mengubah suku bunga.",
        "Ribuan orang harus meninggalkan rumah mereka setelah banjir.",
    ),
    "vi": (
        "Bộ trưởng đã gặp các công đoàn hôm thứ Năm.",
        "Ngân hàng trung ương không thay đổi lãi suất.",
        "Hàng nghìn người phải rời nhà sau trận lũ.",
    ),
    "uk": (
        "Міністр зустрівся з профспілками в четвер.",
        "Центральний банк не змінив облікову ставку.",
        "Тисячі людей мусили залишити домівки після повені.",
    ),
    "ru": (
        "Министр встретился с профсоюзами в четверг.",
        "Центральный банк не изменил ставку.",
        "Тысячи людей были вынуждены покинуть дома после наводнения.",
    ),
    "bg": (
        "Министърът се срещна със синдикатите в четвъртък.",
        "Централната банка не промени лихвата и обяви, че инфлацията спада.",
        "Хиляди хора трябваше да напуснат домовете си след наводнението.",
    ),
    "sr": (
        "Министар се у четвртак састао са синдикатима.",
        "Централна банка није променила камату.",
        "Хиљаде људи морало је да напусти домове после поплаве.",
    ),
    "ar": (
        "التقى الوزير النقابات يوم الخميس.",
        "أبقى البنك المركزي سعر الفائدة دون تغيير.",
        "اضطر آلاف الأشخاص إلى مغادرة منازلهم بعد الفيضانات.",
    ),
    "fa": (
        "وزیر روز پنجشنبه با اتحادیه‌ها دیدار کرد.",
        "بانک مرکزی نرخ بهره را تغییر نداد.",
        "هزاران نفر پس از سیل خانه‌های خود را ترک کردند.",
    ),
    "hi": (
        "मंत्री ने गुरुवार को संघों से मुलाकात की।",
        "केंद्रीय बैंक ने दर नहीं बदली।",
        "बाढ़ के बाद हजारों लोगों को घर छोड़ना पड़ा।",
    ),
    "he": (
        "השר נפגש עם האיגודים ביום חמישי.",
        "הבנק המרכזי הותיר את הריבית ללא שינוי.",
        "אלפי בני אדם נאלצו לעזוב את בתיהם.",
    ),
    "el": (
        "Ο υπουργός συναντήθηκε με τα συνδικάτα.",
        "Η κεντρική τράπεζα δεν άλλαξε το επιτόκιο.",
        "Χιλιάδες άνθρωποι άφησαν τα σπίτια τους.",
    ),
    "ko": (
        "장관은 목요일 노조를 만났다.",
        "중앙은행은 금리를 동결했다.",
        "수천 명이 홍수로 집을 떠나야 했다.",
    ),
    "ja": (
        "大臣は木曜日に労働組合と会談した。",
        "日本銀行は金利を据え置いた。",
        "数千人が洪水で避難を余儀なくされた。",
    ),
    "zh": (
        "部长周四会见了工会代表。",
        "中央银行维持利率不变。",
        "洪水過後，數千人被迫離開家園。",
    ),
    "th": (
        "รัฐมนตรีพบกับสหภาพแรงงานเมื่อวันพฤหัสบดี",
        "ธนาคารกลางคงอัตราดอกเบี้ย",
        "ผู้คนหลายพันคนต้องออกจากบ้านหลังน้ำท่วม",
    ),
    "hy": (
        "Նախարարը հինգշաբթի հանդիպեց արհմիություններին։",
        "Կենտրոնական բանկը չփոխեց տոկոսադրույքը։",
        "Հազարավոր մարդիկ լքեցին իրենց տները։",
    ),
    "ka": (
        "მინისტრი ხუთშაბათს პროფკავშირებს შეხვდა.",
        "ცენტრალურმა ბანკმა განაკვეთი არ შეცვალა.",
        "ათასობით ადამიანმა დატოვა სახლი.",
    ),
}

SHORT = [(code, sentence) for code, sentences in SAMPLES.items() for sentence in sentences]


@pytest.mark.parametrize(("code", "sentence"), SHORT)
def test_one_sentence_is_enough(code: str, sentence: str) -> None:
    assert detect_language(sentence) == code


@pytest.mark.parametrize("code", SAMPLES)
def test_an_article_with_foreign_names_keeps_its_language(code: str) -> None:
    article = " ".join(SAMPLES[code] * 3) + " (Reuters, Donald Trump, Xi Jinping)"
    assert detect_language(article) == code


@pytest.mark.parametrize("text", ["", " \n", "17.11.25, 16:36", "•••", "😀", "Qwrt Zxcv", "\ud800"])
def test_what_tells_nothing_is_undetermined(text: str) -> None:
    assert detect_language(text) == "und"


@pytest.mark.parametrize(
    "text",
    [
        "Chinese President Xi Jinping (習近平) warned the US about Taiwan, it said.",
        "The chant “Слава Україні” was heard in Kyiv, and the crowd was large.",
    ],
)
def test_a_foreign_word_does_not_decide(text: str) -> None:
    assert detect_language(text) == "en"


@given(st.text(max_size=200))
def test_any_text_has_an_answer_and_only_one(text: str) -> None:
    assert detect_language(text) == detect_language(text)
    assert count_words(text) >= 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("— … •", 0),
        ("The U.S. agreed to 1,000 follow-up calls.", 7),
        ("Xi’s “one China” policy", 4),
        ("Міністр зустрівся з профспілками.", 4),
        ("장관은 목요일 노조를 만났다.", 4),
        ("部长周四会见了工会代表。", 6),
        ("特朗普 (Donald Trump) 说", 4),
        ("これはとてもよいです。", 4),
        ("ผู้คนหลายพันคนต้องออกจากบ้าน", 6),
    ],
)
def test_words_are_counted_as_a_reader_would(text: str, words: int) -> None:
    assert count_words(text) == words


def test_chinese_and_english_of_one_sentence_are_about_equally_long() -> None:
    english = count_words("The central bank left its key interest rate unchanged on Thursday.")
    chinese = count_words("中央银行周四宣布维持基准利率不变。")
    assert abs(english - chinese) <= 2


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        *((code, "rtl") for code in ("ar", "he", "iw", "fa", "ur", "yi", "ps", "sd", "ug", "ckb")),
        *((code, "rtl") for code in ("dv", "ar-EG", "AR_eg", "az-Arab", "ku-Arab-IQ")),
        *((code, "ltr") for code in ("en", "en-GB", "ko", "zh-Hant", "ar-Latn", "ku", "am")),
        *((code, "auto") for code in ("und", "")),
    ],
)
def test_the_direction_of_a_language(language: str, expected: str) -> None:
    assert direction(language) == expected


def test_a_text_in_the_other_direction_has_a_language_of_its_own() -> None:
    arabic, hebrew = "قال الوزير إن الميناء مغلق.", "השר אמר כי הנמל סגור."
    assert [written_in(arabic, code) for code in ("ar", "fa", "en", "und")] == [
        "ar", "fa", "ar", "ar",
    ]  # fmt: skip
    assert [written_in(hebrew, code) for code in ("he", "yi", "de", "und")] == [
        "he", "yi", "he", "he",
    ]  # fmt: skip
    assert written_in("17.11.25", "ar") == "ar"
