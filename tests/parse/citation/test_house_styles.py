"""Lists of publications as handbooks and whole languages write them, with the odd entries that such lists have."""

from __future__ import annotations

import pytest

from tests.parse.citation.test_lists import Read, entries, items, told

LISTS = {
    "Vancouver, initials with full stops, et al.": [
        ("1. Okafor N.J., Lind P., Reyes-Soto M., et al. Listening to the ward at night. J. Clin. Listen. 2019; 14(2): 101-9.",
         Read("Listening to the ward at night", ("Okafor, N.J.", "Lind, P.", "Reyes-Soto, M."), "2019", "J. Clin. Listen", "14", "101-9")),
        ("2. Lind P. Who answers the bell? A survey of five wards. Ward Stud. 2017; 3: 12-20.",
         Read("Who answers the bell? A survey of five wards", ("Lind, P.",), "2017", "Ward Stud", "3", "12-20")),
        ("3. van Dijk T.A., Okafor N.J. Silence as care. Nurs. Q. 2016; 40(1): 5-18.",
         Read("Silence as care", ("van Dijk, T.A.", "Okafor, N.J."), "2016", "Nurs. Q", "40", "5-18")),
    ],
    "Vancouver with DOI and PMID": [
        ("Okafor NJ, Lind P. Sleep and noise on acute wards. BMC Nurs. 2021 Feb 3;20(1):27. doi: 10.5555/bn.2021.27. PMID: 33530000; PMCID: PMC7850000.",
         Read("Sleep and noise on acute wards", ("Okafor, NJ", "Lind, P"), "2021-02-03", "BMC Nurs", "20", "27")),
        ("Reyes M, Okafor NJ, Lind P. Bells, lights and buzzers. Int J Nurs Stud. 2020 Jul;107:103-12. Epub 2020 Apr 2. PMID: 32400000.",
         Read("Bells, lights and buzzers", ("Reyes, M", "Okafor, NJ", "Lind, P"), "2020-07", "Int J Nurs Stud", "107", "103-12")),
        ("Lind P, editor. The quiet hospital. 2nd ed. London: Thornfield; 2018.",
         Read("The quiet hospital", ("Lind, P",), "2018", publisher="Thornfield")),
    ],
    "Harvard": [
        ("Okafor, N. and Lind, P. (2019) 'Waiting rooms and their rules', Space and Care, 7(2), pp. 34-51.",
         Read("Waiting rooms and their rules", ("Okafor, N.", "Lind, P."), "2019", "Space and Care", "7", "34-51")),
        ("Lind, P. (2015) <i>The open ward</i>. 2nd edn. Bristol: Thornfield Press.",
         Read("The open ward", ("Lind, P.",), "2015", publisher="Thornfield Press")),
        ("Reyes, M., Okafor, N. and Lind, P. (2014) 'On being called', in Marsh, E. (ed.) <i>Voices on the ward</i>. London: Harrow, pp. 12-30.",
         Read("On being called", ("Reyes, M.", "Okafor, N.", "Lind, P."), "2014", "Voices on the ward", None, "12-30", "Harrow")),
    ],
    "IEEE": [
        ("[1] N. J. Okafor, P. Lind, and M. Reyes, “Counting footsteps with cheap sensors,” <i>IEEE Trans. Quiet Comput.</i>, vol. 12, no. 3, pp. 45–58, Mar. 2019, doi: 10.5555/tqc.2019.12.",
         Read("Counting footsteps with cheap sensors", ("N. J. Okafor", "P. Lind", "M. Reyes"), "2019-03", "IEEE Trans. Quiet Comput", "12", "45–58")),
        ("[2] P. Lind <i>et al.</i>, “A bell that learns,” in <i>Proc. 5th Int. Conf. Gentle Alarms (GA)</i>, Oslo, Norway, Jun. 2018, pp. 101–108.",
         Read("A bell that learns", ("P. Lind",), "2018-06", "Proc. 5th Int. Conf. Gentle Alarms (GA)", None, "101–108")),
        ("[3] M. Reyes, <i>Sensors for Quiet Places</i>, 2nd ed. New York, NY, USA: Wiley, 2017.",
         Read("Sensors for Quiet Places", ("M. Reyes",), "2017", publisher="Wiley")),
    ],
    "Chicago, author and date": [
        ("Okafor, Ngozi, and Per Lind. 2019. “The Room Before the Room.” <i>Journal of Thresholds</i> 12 (3): 45–67. https://doi.org/10.5555/jt.12.45.",
         Read("The Room Before the Room", ("Okafor, Ngozi", "Per Lind"), "2019", "Journal of Thresholds", "12", "45–67")),
        ("Lind, Per. 2016. <i>Doors: A Short History</i>. Chicago: Lakeshore House.",
         Read("Doors: A Short History", ("Lind, Per",), "2016", publisher="Lakeshore House")),
        ("———. 2014. “Hinges.” In <i>Small Things</i>, edited by Maria Reyes, 12–30. London: Harrow.",
         Read("Hinges", ("Lind, Per",), "2014", "Small Things", None, "12–30", "Harrow")),
    ],
    "MLA": [
        ("Okafor, Ngozi, and Per Lind. “Porch, Lobby, Hall.” <i>Thresholds</i>, vol. 8, no. 2, 2020, pp. 11-29.",
         Read("Porch, Lobby, Hall", ("Okafor, Ngozi", "Per Lind"), "2020", "Thresholds", "8", "11-29")),
        ("---. <i>The Lobby Book</i>. Lakeshore House, 2018.",
         Read("The Lobby Book", ("Okafor, Ngozi", "Per Lind"), "2018", publisher="Lakeshore House")),
        ("Reyes, Maria. “Keys.” <i>Small Things</i>, edited by Joan Marsh, Harrow and Pine, 2015, pp. 7-19.",
         Read("Keys", ("Reyes, Maria",), "2015", "Small Things", None, "7-19", "Harrow and Pine")),
    ],
    "German": [
        ("Lindner, Petra; Okafor, Ngozi: Das Wartezimmer als Ort der Ordnung. In: Raum und Pflege 7 (2019), Nr. 2, S. 34–51.",
         Read("Das Wartezimmer als Ort der Ordnung", ("Lindner, Petra", "Okafor, Ngozi"), "2019", "Raum und Pflege", "7", "34–51")),
        ("Lindner, Petra: Die offene Station. 2. Auflage. Bern: Haupt 2015.",
         Read("Die offene Station", ("Lindner, Petra",), "2015", publisher="Haupt")),
        ("Okafor, Ngozi: Stille als Arbeit. In: Marx, Eva (Hg.): Stimmen der Station. Köln: Böhlau 2014, S. 12–30.",
         Read("Stille als Arbeit", ("Okafor, Ngozi",), "2014", "Stimmen der Station", None, "12–30", "Böhlau")),
    ],
    "Spanish, quotes": [
        ("Soto Lind, Pedro y Reyes, María (2019): «La sala de espera y sus reglas», <i>Espacio y Cuidado</i>, vol. 7, núm. 2, pp. 34-51.",
         Read("La sala de espera y sus reglas", ("Soto Lind, Pedro", "Reyes, María"), "2019", "Espacio y Cuidado", "7", "34-51")),
        ("Reyes, María (2015): <i>La sala abierta</i>, Madrid, Ediciones del Faro.",
         Read("La sala abierta", ("Reyes, María",), "2015", publisher="Ediciones del Faro")),
        ("Reyes, María (2012): «Timbres y luces», en Marta Gil (coord.), <i>Voces de la planta</i>, Sevilla, Alcor, pp. 12-30.",
         Read("Timbres y luces", ("Reyes, María",), "2012", "Voces de la planta", None, "12-30", "Alcor")),
    ],
    "Portuguese, ABNT, bold": [
        ("SOUZA, Pedro Lima; REIS, Maria. A sala de espera e suas regras. <b>Espaço e Cuidado</b>, São Paulo, v. 7, n. 2, p. 34-51, mar. 2019.",
         Read("A sala de espera e suas regras", ("SOUZA, Pedro Lima", "REIS, Maria"), "2019-03", "Espaço e Cuidado", "7", "34-51")),
        ("REIS, Maria. Campainhas e luzes. <b>Cadernos da Enfermaria</b>, v. 3, p. 12-30, 2015.",
         Read("Campainhas e luzes", ("REIS, Maria",), "2015", "Cadernos da Enfermaria", "3", "12-30")),
        ("LIMA, J. C.; REIS, Maria; SOUZA, P. Silêncio e trabalho. <b>Revista de Escuta</b>, Recife, v. 12, n. 1, p. 5-18, 2014.",
         Read("Silêncio e trabalho", ("LIMA, J. C.", "REIS, Maria", "SOUZA, P."), "2014", "Revista de Escuta", "12", "5-18")),
    ],
    "Italian, titles in italics": [
        ("P. Lindi, M. Reali, <i>La sala d'attesa e le sue regole</i>, in «Spazio e cura», VII, 2, 2019, pp. 34-51.",
         Read("La sala d'attesa e le sue regole", ("P. Lindi", "M. Reali"), "2019", "Spazio e cura", "VII", "34-51")),
        ("M. Reali, <i>Il reparto aperto</i>, Laterza, Roma-Bari 2015.",
         Read("Il reparto aperto", ("M. Reali",), "2015", publisher="Laterza")),
        ("P. Lindi, <i>Campanelli e luci</i>, in E. Marchi (a cura di), <i>Voci del reparto</i>, Il Mulino, Bologna 2014, pp. 12-30.",
         Read("Campanelli e luci", ("P. Lindi",), "2014", "Voci del reparto", None, "12-30", "Il Mulino")),
    ],
    "Japanese, middle dots": [
        ("山田太郎・佐藤花子「待合室の規則」『空間とケア』7巻2号、2019年、34-51頁。",
         Read("待合室の規則", ("山田太郎", "佐藤花子"), "2019", "空間とケア", "7", "34-51")),
        ("佐藤花子『開かれた病棟』青葉書房、2015年。", Read("開かれた病棟", ("佐藤花子",), "2015", publisher="青葉書房")),
        ("鈴木一郎・佐藤花子・山田太郎「呼び鈴と灯り」『病棟研究』3巻1号、2014年3月、12-30頁。",
         Read("呼び鈴と灯り", ("鈴木一郎", "佐藤花子", "山田太郎"), "2014-03", "病棟研究", "3", "12-30")),
    ],
    "Chinese, GB/T 7714": [
        ("[1] 王小明, 李华, 张伟. 候诊室的秩序研究[J]. 空间与护理, 2019, 7(2): 34-51.",
         Read("候诊室的秩序研究", ("王小明", "李华", "张伟"), "2019", "空间与护理", "7", "34-51")),
        ("[2] 李华. 开放的病房[M]. 北京: 晨光出版社, 2015.", Read("开放的病房", ("李华",), "2015", publisher="晨光出版社")),
        ("[3] 张伟, 王小明, 李华, 等. 铃声与灯光[J]. 病房研究, 2014(3): 12-30.",
         Read("铃声与灯光", ("张伟", "王小明", "李华"), "2014", "病房研究", None, "12-30")),
        ("[4] Wang X M, Li H. Order in the waiting room[J]. Space and Care, 2013, 1(4): 5-18.",
         Read("Order in the waiting room", ("Wang, X M", "Li, H"), "2013", "Space and Care", "1", "5-18")),
    ],
    "Chicago, notes, with a town": [
        ("Ngozi Okafor and Per Lind, “The Room Before the Room,” <i>Journal of Thresholds</i> 12, no. 3 (Summer 2019): 45–67.",
         Read("The Room Before the Room", ("Ngozi Okafor", "Per Lind"), "2019", "Journal of Thresholds", "12", "45–67")),
        ("Per Lind, <i>Doors: A Short History</i> (Chicago: Lakeshore House, 2016).",
         Read("Doors: A Short History", ("Per Lind",), "2016", publisher="Lakeshore House")),
        ("Per Lind, “Hinges,” in <i>Small Things</i>, ed. Maria Reyes (London: Harrow, 2014), 12–30.",
         Read("Hinges", ("Per Lind",), "2014", "Small Things", None, "12–30", "Harrow")),
    ],
    "ACM": [
        ("Ngozi Okafor, Per Lind, and Maria Reyes. 2019. Counting Footsteps with Cheap Sensors. <i>Proc. ACM Quiet Comput.</i> 3, 2, Article 45 (June 2019), 22 pages. https://doi.org/10.5555/3312345",
         Read("Counting Footsteps with Cheap Sensors", ("Ngozi Okafor", "Per Lind", "Maria Reyes"), "2019", "Proc. ACM Quiet Comput", "3", "45")),
        ("Per Lind. 2016. A Bell That Learns. In <i>Proceedings of the 5th Conference on Gentle Alarms (GA '16)</i>. ACM, New York, NY, USA, 101–108.",
         Read("A Bell That Learns", ("Per Lind",), "2016", "Proceedings of the 5th Conference on Gentle Alarms (GA '16)", None, "101–108", "ACM")),
        ("Maria Reyes and Per Lind. 2015. What Rooms Hear. <i>Commun. ACM</i> 58, 4 (April 2015), 60–66.",
         Read("What Rooms Hear", ("Maria Reyes", "Per Lind"), "2015", "Commun. ACM", "58", "60–66")),
    ],
    "AMA": [
        ("Okafor NJ, Lind P, Reyes M. Bells at night: a trial. <em>JAMA Nurs</em>. 2021;4(2):e2134. doi:10.5555/jn.2021.34", Read("Bells at night: a trial",("Okafor, NJ","Lind, P","Reyes, M"),"2021","JAMA Nurs","4","e2134")),
        ("Lind P. <em>The Quiet Hospital</em>. 3rd ed. Thornfield Press; 2019.", Read("The Quiet Hospital",("Lind, P",),"2019",publisher="Thornfield Press")),
        ("Reyes M, Lind P. Lamps and lifts. In: Marsh E, Gil M, eds. <em>Hospitals by Night</em>. Harrow; 2018:45-60.", Read("Lamps and lifts",("Reyes, M","Lind, P"),"2018","Hospitals by Night",None,"45-60","Harrow")),
    ],
    "APA": [
        ("Okafor, N. J., Lind, P., & Reyes, M. (2022). Bells at night. <i>Journal of Quiet</i>, <i>4</i>(2), 12–30. https://doi.org/10.5555/jq.4.12", Read("Bells at night",("Okafor, N. J.","Lind, P.","Reyes, M."),"2022","Journal of Quiet","4","12–30")),
        ("Lind, P. (in press). Hinges. <i>Doors Today</i>.", Read("Hinges",("Lind, P.",),None,"Doors Today")),
        ("Reyes, M. (2019). Lamps. In E. Marsh & M. Gil (Eds.), <i>Hospitals by night</i> (2nd ed., pp. 45–60). Harrow.", Read("Lamps",("Reyes, M.",),"2019","Hospitals by night",None,"45–60","Harrow")),
        ("World Quiet Organization. (2018). <i>Noise in wards: A report</i>. Author.", Read("Noise in wards: A report",("World Quiet Organization",),"2018",publisher="Author")),
    ],
    "French, author SURNAME Given": [
        ("OKAFOR Ngozi, LIND Pierre, « La salle d’attente et ses règles », <i>Espaces et soins</i>, n° 7, 2019, p. 34-51.", Read("La salle d’attente et ses règles",("OKAFOR Ngozi","LIND Pierre"),"2019","Espaces et soins",None,"34-51")),
        ("LIND Pierre, <i>Le service ouvert</i>, Paris, La Découverte, 2015, 240 p.", Read("Le service ouvert",("LIND Pierre",),"2015",publisher="La Découverte")),
        ("LIND Pierre, « Les lampes », dans Marie GIL (dir.), <i>Voix du service</i>, Lyon, Alcor, 2014, p. 12-30.", Read("Les lampes",("LIND Pierre",),"2014","Voix du service",None,"12-30","Alcor")),
    ],
    "German, humanities": [
        ("Petra Lindner, „Das Wartezimmer“, in: <i>Raum und Pflege</i> 7 (2019), S. 34–51.", Read("Das Wartezimmer",("Petra Lindner",),"2019","Raum und Pflege","7","34–51")),
        ("Petra Lindner/Eva Marx (Hg.), Stimmen der Station, Bielefeld: transcript 2017.", Read("Stimmen der Station",("Petra Lindner","Eva Marx"),"2017",publisher="transcript")),
        ("Petra Lindner, „Lampen und Klingeln“, in: Eva Marx (Hg.), Stimmen der Station, Bielefeld: transcript 2017, S. 12–30.", Read("Lampen und Klingeln",("Petra Lindner",),"2017","Stimmen der Station",None,"12–30","transcript")),
    ],
    "Dutch": [
        ("Van den Berg, A. & de Vries, P. (2019). De wachtkamer en haar regels. <i>Ruimte en Zorg</i>, 7(2), 34-51.", Read("De wachtkamer en haar regels",("Van den Berg, A.","de Vries, P."),"2019","Ruimte en Zorg","7","34-51")),
        ("De Vries, P. (2015). <i>De open afdeling</i>. Amsterdam: Boom.", Read("De open afdeling",("De Vries, P.",),"2015",publisher="Boom")),
    ],
    "Polish": [
        ("Kowalska A., Nowak P., Poczekalnia i jej zasady, „Przestrzeń i Opieka” 2019, nr 7, s. 34–51.", Read("Poczekalnia i jej zasady",("Kowalska, A.","Nowak, P."),"2019","Przestrzeń i Opieka",None,"34–51")),
    ],
    "Russian GOST": [
        ("Иванов И. И., Петрова А. С. Порядок в зале ожидания // Пространство и уход. 2019. Т. 7, № 2. С. 34–51.", Read("Порядок в зале ожидания",("Иванов, И. И.","Петрова, А. С."),"2019","Пространство и уход","7","34–51")),
        ("Петрова А. С. Открытое отделение. М.: Наука, 2015. 240 с.", Read("Открытое отделение",("Петрова, А. С.",),"2015",publisher="Наука")),
    ],
    "Korean": [
        ("김민수, 이영희 (2019). 대기실의 규칙에 관한 연구. 공간과 돌봄, 7(2), 34-51.", Read("대기실의 규칙에 관한 연구",("김민수","이영희"),"2019","공간과 돌봄","7","34-51")),
        ("이영희 (2015). 열린 병동. 서울: 새벽출판사.", Read("열린 병동",("이영희",),"2015",publisher="새벽출판사")),
    ],
    "Japanese, colon and dots": [
        ("佐藤花子, 鈴木一郎. 待合室の規則に関する研究. 看護学雑誌. 2019, 7(2), p. 34-51.", Read("待合室の規則に関する研究",("佐藤花子","鈴木一郎"),"2019","看護学雑誌","7","34-51")),
        ("鈴木一郎. 開かれた病棟の実践. 看護学雑誌. 2015, 3(1), p. 12-30.", Read("開かれた病棟の実践",("鈴木一郎",),"2015","看護学雑誌","3","12-30")),
    ],
    "BibTeX, abbreviated": [
        ("N. Okafor, P. Lind and M. Reyes. Bells at night. <i>Journal of Quiet</i>, 4:12-30, 2022.", Read("Bells at night",("N. Okafor","P. Lind","M. Reyes"),"2022","Journal of Quiet","4","12-30")),
        ("M. Reyes and P. Lind. What rooms hear. In <i>Proc. of the 3rd Workshop on Rooms (ROOMS 2014)</i>, pp. 45-60, Oslo, Norway, 2014.", Read("What rooms hear",("M. Reyes","P. Lind"),"2014","Proc. of the 3rd Workshop on Rooms (ROOMS 2014)",None,"45-60")),
    ],
    "lines of their own": [
        ("<b>Bells at night: a trial of three wards</b><br>Ngozi Okafor, Per Lind<br><i>Journal of Quiet</i> 4(2), 2022", Read("Bells at night: a trial of three wards",("Ngozi Okafor","Per Lind"),"2022","Journal of Quiet","4")),
        ("<b>Hinges</b><br>Per Lind<br><i>Doors Today</i> 1(1), 2020", Read("Hinges",("Per Lind",),"2020","Doors Today","1")),
    ],
    "Swedish": [
        ("Lindström, Åsa & Ek, Per. 2019. Väntrummet och dess regler. <i>Rum och omsorg</i> 7(2): 34–51.", Read("Väntrummet och dess regler",("Lindström, Åsa","Ek, Per"),"2019","Rum och omsorg","7","34–51")),
        ("Ek, Per. 2015. <i>Den öppna avdelningen</i>. Stockholm: Natur & Kultur.", Read("Den öppna avdelningen",("Ek, Per",),"2015",publisher="Natur & Kultur")),
    ],
    "Italian, containers in straight quotes, houses before towns": [
        ('Rossi M., Bianchi L. (2020), <i>La fiducia in corsia</i>, in "Rassegna di Cura e Società", 14, 3, pp. 201-215.', Read("La fiducia in corsia",("Rossi, M.","Bianchi, L."),"2020","Rassegna di Cura e Società",None,"201-215")),
        ("Bianchi L. (2018), <i>La stanza aperta</i>, Carocci, Roma.", Read("La stanza aperta",("Bianchi, L.",),"2018",publisher="Carocci")),
        ("Verdi A., Rossi M. (2017), <i>Uscire di notte</i>, in Neri P. (a cura di), <i>Vite oltre le mura</i>, FrancoAngeli, Milano, pp. 55-78.", Read("Uscire di notte",("Verdi, A.","Rossi, M."),"2017","Vite oltre le mura",None,"55-78","FrancoAngeli")),
    ],
    "books whose titles look like names": [
        ("Okafor, Ngozi, and Per Lind. “Porch, Lobby, Hall.” <i>Thresholds</i> 8, no. 2 (2020): 11–29.", Read("Porch, Lobby, Hall",("Okafor, Ngozi","Per Lind"),"2020","Thresholds","8","11–29")),
        ("———. <i>Waiting Rooms</i>. Chicago: Lakeshore House, 2018.", Read("Waiting Rooms",("Okafor, Ngozi","Per Lind"),"2018",publisher="Lakeshore House")),
        ("Reyes, Maria. “Keys.” In <i>Small Things</i>, edited by Joan Marsh, 7–19. London: Harrow, 2015.", Read("Keys",("Reyes, Maria",),"2015","Small Things",None,"7–19","Harrow")),
    ],
    "bars between names, date and kind": [
        ("<h3>Bells at night: a trial of three wards</h3><p>By Ngozi Okafor and Per Lind | June 2021 | Report</p>", Read("Bells at night: a trial of three wards",("Ngozi Okafor","Per Lind"),"2021-06")),
        ("<h3>Who answers the bell</h3><p>By Per Lind | March 2019 | Working paper</p>", Read("Who answers the bell",("Per Lind",),"2019-03")),
    ],
    "files with their sizes": [
        ("Okafor, N. and Lind, P. (2021) Bells at night: a trial of three wards [PDF, 1.2 MB]", Read("Bells at night: a trial of three wards",("Okafor, N.","Lind, P."),"2021")),
        ("Lind, P. (2019) Who answers the bell (Word, 90 KB)", Read("Who answers the bell",("Lind, P.",),"2019")),
    ],
    "days of a conference are no pages": [
        ("Okafor, N. (2021) <i>Bells at night on three wards.</i> In: Quiet Places 2021, 3-5 July 2021, Oslo.", Read("Bells at night on three wards",("Okafor, N.",),"2021","Quiet Places 2021")),
        ("Lind, P. (2019) <i>Who answers the bell?</i> In: Listening Well, 7-9 May 2019, Lund.", Read("Who answers the bell?",("Lind, P.",),"2019","Listening Well")),
    ],
    "titles in quotes, then with whom": [
        ('"Bells at night" with Ngozi Okafor, <i>Journal of Quiet</i>, 2022.', Read("Bells at night",(),"2022","Journal of Quiet")),
        ('"Who answers the bell" <i>Ward Studies</i>, 2019.', Read("Who answers the bell",(),"2019","Ward Studies")),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_read(name: str) -> None:
    found = entries(items(*(text for text, _ in LISTS[name])))
    assert [told(each) for each in found] == [expected for _, expected in LISTS[name]]
