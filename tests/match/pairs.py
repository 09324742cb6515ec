"""Pairs of records, each under why it is there: of one work, never of one, of two, and for a person to look at."""

from __future__ import annotations

from repo_harvest.model import Record
from tests.match.kit import paper

__all__ = ["A_PERSON", "MEET", "NEVER_ONE", "TWO"]

TRIAL = "Colchicine after cardiac surgery: a randomised trial of two doses"
TEAM = "Imazio, Massimo / Brucato, Antonio / Rovere, Maria Elena / Gandino, Anna"
WHERE = {"container": "American Heart Journal", "volume": "162", "pages": "527-532"}
ABSTRACT = (
    "We followed forty volunteers who had served sentences themselves and now met people on release, and asked what they "
    "listened for, what they told of their own past, and how both sides knew that a meeting had gone well or badly."
)
WORKBOOK_TEXT = (
    "Twelve sessions for groups, each with a card to copy, a story to read aloud, and questions that volunteers answer "
    "alone first and then with the person beside them, before the trainer draws together what was said."
)
BOOK_TEXT = (
    "A study of four projects over three years, drawing on interviews and observation, which argues that the promise of "
    "experience as expertise is real, contested, and shaped by the institutions that pay for it."
)


MEET = {
    "case and punctuation of the title": (
        paper("The core conditions of peer mentoring", "Buck, Gillian", "2017-03-21"),
        paper("The Core Conditions of Peer Mentoring.", "Buck, Gillian", "2017"),
    ),
    "another month of the same year": (
        paper("Mentoring: crossing boundaries with care?", "Gosling, Helena / Buck, Gillian", "2015-03"),
        paper("Mentoring: crossing boundaries with care?", "Gosling, Helena / Buck, Gillian", "2015-11-04"),
    ),
    "an institution among the creators, two publishers glued together": (
        paper("The core conditions of peer mentoring", "Buck, Gillian", "2017-03-21", publisher="SAGE"),
        paper(
            "The core conditions of peer mentoring",
            "Buck, Gillian / University of Chester",
            "2017-04-01",
            publisher="SAGE Publications; Sage",
        ),
    ),
    "a repository's own name as the publisher": (
        paper("Employing with conviction: The experiences of employers", "Atherton, Peter / Buck, Gillian", "2021"),
        paper(
            "Employing with conviction: The experiences of employers",
            "Atherton, Peter / Buck, Gillian",
            "2021",
            publisher="University of Chester",
        ),
    ),
    "a site put down as the publisher": (
        paper("Mentoring and peer mentoring", "Buck, Gillian", "2021", publisher="inspectorates.example.gov.uk"),
        paper("Mentoring and peer mentoring", "Buck, Gillian", "2021-06", publisher="University of Chester", type="Report"),
    ),
    "an article that only its repository ascribes to a publisher": (
        paper("Mentoring: crossing boundaries with care?", "Gosling, Helena / Buck, Gillian", "2015"),
        paper(
            "Mentoring: crossing boundaries with care?",
            "Gosling, Helena / Buck, Gillian / University of Chester",
            "2015-03",
            publisher="Centre for Crime and Justice Studies; CCJS",
            type="Article",
        ),
    ),
    "a remark on the copy before the abstract": (
        Record(
            title=("Peer Mentoring in Criminal Justice",),
            creators=("Buck, Gillian",),
            date=("2021-02-01T10:00:00Z", "2020"),
            publisher=("University of Chester",),
            type=("Other",),
            description=("This is the author's copy.", WORKBOOK_TEXT),
        ),
        paper("Peer Mentoring in Criminal Justice", "Buck, Gillian", "2020", description=WORKBOOK_TEXT),
    ),
    "quotation marks and an apostrophe": (
        paper("“It’s a Tug of War Between the Person I Used To Be and the Person I Want To Be”", "Buck, Gillian", "2016"),
        paper("Its a tug of war between the person I used to be and the person I want to be", "Buck, G.", "2016"),
    ),
    "initials glued to the surname": (
        paper(TRIAL, "Imazio M / Brucato A", "2011", **WHERE),
        paper(TRIAL, TEAM, "2011", **WHERE),
    ),
    "given name first": (
        paper(TRIAL, "M. Imazio / A. Brucato", "2011"),
        paper(TRIAL, "Massimo Imazio / Antonio Brucato / et al.", "2011"),
    ),
    "surname and given name turned round": (
        paper("Cell-free expression profiles in malignant pleural effusions", "Wang Tingting", "2012", **WHERE),
        paper("Cell-free expression profiles in malignant pleural effusions", "Tingting Wang", "2012", **WHERE),
    ),
    "particle of a surname": (
        paper("Antibiotic prophylaxis after laparoscopic surgery", "van der Berg, A", "2013"),
        paper("Antibiotic prophylaxis after laparoscopic surgery", "Berg, Anna van der", "2013"),
    ),
    "a compound surname cut": (
        paper("A theory of generous reading in prison libraries", "García Márquez, Gabriela", "2013"),
        paper("A theory of generous reading in prison libraries", "Gabriela García Márquez", "2013"),
    ),
    "misspelt creator and title": (
        paper("Efficient algorithms for learning to play repeated games", "Freud, Y. / Kearns, M.", "1995"),
        paper("Efficient algoritms for learning to play repeated games", "Freund, Y. / Kearns, M.", "1995"),
    ),
    "creators in another order": (
        paper("Querying and mining of distributed data streams", "Minos Garofalakis / Johannes Gehrke", "2002"),
        paper("Querying and mining of distributed data streams", "Johannes Gehrke / Minos Garofalakis", "2002"),
    ),
    "no creators on one side": (
        paper(TRIAL, "", "2011", **WHERE),
        paper(TRIAL, TEAM, "2011", **WHERE),
    ),
    "a consortium beside the people": (
        paper(TRIAL, "COPPS Investigators Group / Imazio, M", "2011"),
        paper(TRIAL, "Imazio, M", "2011"),
    ),
    "the subtitle on one side only": (
        paper("Colchicine after cardiac surgery", TEAM, "2011", **WHERE),
        paper(TRIAL, TEAM, "2011", **WHERE),
    ),
    "a title cut off": (
        paper("The building blocks for specifying communication behaviour of complex", "L. Liu / R. Meersman", "1996"),
        paper("The building blocks for specifying communication behaviour of complex objects", "L. Liu / R. Meersman", "1996"),
    ),
    "a translated title in brackets, on the same pages": (
        paper("[Neoadjuvant chemotherapy in lung cancer: results]", "Eberhardt, W.", "1997", volume="86", pages="1647-53"),
        paper("Neoadjuvante Chemotherapie in lung cancer", "Eberhardt, W.", "1997", volume="86", pages="1647-1653"),
    ),
    "a parallel title": (
        paper("Prevención del delito juvenil = Preventing youth crime by mentoring", "Ruiz, Ana", "2014"),
        paper("Preventing youth crime by mentoring", "Ruiz, Ana", "2014"),
    ),
    "two titles, one of them the other's": (
        Record(title=("Mentorat par les pairs en prison", "Peer mentoring in prison yards"), creators=("Roy, Luc",), date=("2018",)),
        paper("Peer mentoring in prison yards", "Roy, Luc", "2018"),
    ),
    "a note that an erratum appears elsewhere": (
        paper(f"{TRIAL}.[Erratum appears in Am Heart J. 2012 Jan;163(1):9]", TEAM, "2011", **WHERE),
        paper(TRIAL, TEAM, "2011", **WHERE),
    ),
    "a note of the number of references": (
        paper(f"{TRIAL}. [Review] [53 refs]", TEAM, "2011", **WHERE),
        paper(TRIAL, TEAM, "2011", **WHERE),
    ),
    "a retracted article is still that article": (
        paper(f"RETRACTED: {TRIAL}", TEAM, "2011", **WHERE),
        paper(TRIAL, TEAM, "2011", **WHERE),
    ),
    "online in one year, in print the next": (
        paper(TRIAL, TEAM, "2011", container="American Heart Journal"),
        paper(TRIAL, TEAM, "2012", **WHERE),
    ),
    "the last page shortened": (
        paper(TRIAL, TEAM, "2011", container="Am Heart J", volume="162", pages="527-32"),
        paper(TRIAL, TEAM, "2011", **WHERE),
    ),
    "volume and issue in one field": (
        paper(TRIAL, TEAM, "2011", container="American Heart Journal", volume="162(3)", pages="pp. 527-532"),
        paper(TRIAL, TEAM, "2011", **WHERE),
    ),
    "a typing error in the volume, the pages the same": (
        paper(TRIAL, TEAM, "2011", container="American Heart Journal", volume="126", pages="527-532"),
        paper(TRIAL, TEAM, "2011", **WHERE),
    ),
    "a phase named in the subtitle of one, on the same pages": (
        paper("Cisplatin with irinotecan in mesothelioma", "Nakano, T.", "1999", volume="85", pages="2375-2384"),
        paper("Cisplatin with irinotecan in mesothelioma: a phase II trial", "Nakano, T.", "1999", volume="85", pages="2375-2384"),
    ),
    "Roman and Arabic numbers": (
        paper("Cluster validity methods: part II", "M. Halkidi / Y. Batistakis", "2002"),
        paper("Cluster Validity Methods: Part 2", "M. Halkidi / Y. Batistakis", "2002"),
    ),
    "the same DOI in two forms, a short title": (
        paper("Updating lists", "Weld, D.", "2001", identifiers="https://doi.org/10.5555/ABC.1"),
        paper("Updating lists", "Weld, Daniel", "2002", identifiers="doi:10.5555/abc.1"),
    ),
    "the same DOI, the year and the volume mistyped": (
        paper("Updating lists", "Weld, D.", "2001", volume="17", pages="1-9", identifiers="doi:10.5555/abc.1"),
        paper("Updating lists", "Weld, D.", "2010", volume="71", pages="1-9", identifiers="doi:10.5555/abc.1"),
    ),
    "the same handle by two addresses": (
        paper("Mentoring and care", "Buck, Gillian", "2020", identifiers="http://hdl.handle.net/10034/620"),
        paper("Mentoring and care", "Buck, G.", "2020", identifiers="https://repository.example/handle/10034/620"),
    ),
    "the same book, with and without dashes in its ISBN": (
        paper("Reading in Prison", "Hart, Jo", "2012", publisher="Ashgate", identifiers="ISBN 0-306-40615-2"),
        paper("Reading in prison", "Hart, J.", "2012", identifiers="urn:isbn:9780306406157"),
    ),
    "Greek letters and markup": (
        paper("The role of TGF-β<sub>1</sub> in scarring of the lung", "Ito, K.", "2004"),
        paper("The role of TGF-beta1 in scarring of the lung", "Ito, K.", "2004"),
    ),
    "a title that lost its letters to another encoding": (
        paper("Estudio multic?ntrico sobre infecciones pedi?tricas", "Paganini, H.", "2008", **WHERE),
        paper("Estudio multicéntrico sobre infecciones pediátricas", "Paganini, Hugo", "2008", **WHERE),
    ),
    "names pasted before the title": (
        paper("Vlahavas, P. A non-uniform fragmentation strategy for parallel databases", "N. Bassiliades", "1995"),
        paper("A non-uniform fragmentation strategy for parallel databases", "N. Bassiliades / P. Vlahavas", "1995"),
    ),
    "words glued together": (
        paper("Evaluating queries withgeneralized pathexpressions", "V. Christophides / S. Cluet", "1996"),
        paper("Evaluating queries with generalized path expressions", "V. Christophides / S. Cluet", "1996"),
    ),
    "the same abstract, a changed title": (
        paper("What helps when mentors listen", "Buck, Gillian", "2020", description=ABSTRACT),
        paper("What helps when peer mentors listen", "Buck, Gillian", "2020", description=f"Abstract: {ABSTRACT}"),
    ),
}  # fmt: skip

NEVER_ONE = {
    "two parts": (
        paper("Database tuning in practice, part I", "Shasha, D. / Bonnet, P.", "2002"),
        paper("Database tuning in practice, part II", "Shasha, D. / Bonnet, P.", "2002"),
    ),
    "two volumes": (
        paper("A history of probation in England: volume 1", "Hale, R.", "1990"),
        paper("A history of probation in England: volume 2", "Hale, R.", "1990"),
    ),
    "two editions": (
        paper("Social work practice, second edition", "Parker, J.", "2007", publisher="Learning Matters"),
        paper("Social work practice, 3rd edition", "Parker, J.", "2010", publisher="Learning Matters"),
    ),
    "reports of two years": (
        paper("Annual report 2019", "Prison Reform Trust", "2019"),
        paper("Annual report 2020", "Prison Reform Trust", "2020"),
    ),
    "proceedings of two years": (
        paper("Proceedings of the winter meeting of the society", "Society for Lungs", "2004"),
        paper("Proceedings of the winter meeting of the society", "Society for Lungs", "2006"),
    ),
    "types 1 and 2": (
        paper("Self-care in adults with type 1 diabetes: a survey", "Ahmed, S.", "2015"),
        paper("Self-care in adults with type 2 diabetes: a survey", "Ahmed, S.", "2015"),
    ),
    "five years of a trial, and six": (
        paper("Five-year follow-up of patients with resistant leukaemia", "Shah, N. P.", "2011"),
        paper("Six-year follow-up of patients with resistant leukaemia", "Shah, N. P.", "2012"),
    ),
    "an erratum": (
        paper(f"Erratum to: {TRIAL}", TEAM, "2011", **WHERE),
        paper(TRIAL, TEAM, "2011", **WHERE),
    ),
    "a correction at the end of the title": (
        paper(f"{TRIAL} [corrigendum]", TEAM, "2012", container="American Heart Journal"),
        paper(TRIAL, TEAM, "2011", container="American Heart Journal"),
    ),
    "a notice of retraction": (
        paper(f"Retraction notice to: {TRIAL}", TEAM, "2013", container="American Heart Journal"),
        paper(TRIAL, TEAM, "2011", container="American Heart Journal"),
    ),
    "a reply": (
        paper("Domains, relations and religious wars", "Darwen, Hugh", "1996", container="Record of Data"),
        paper("Reply to: Domains, relations and religious wars", "Darwen, Hugh", "1996", container="Record of Data"),
    ),
    "a comment": (
        paper("Comment on ‘Peer mentoring and desistance’", "Ward, T.", "2018"),
        paper("Peer mentoring and desistance", "Ward, T.", "2018"),
    ),
    "the authors' response": (
        paper(f"{TRIAL}: authors' response", TEAM, "2011", container="American Heart Journal"),
        paper(TRIAL, TEAM, "2011", container="American Heart Journal"),
    ),
    "a review of a book": (
        paper("Book review: Peer Mentoring in Criminal Justice", "Stone, Ann", "2020"),
        paper("Peer Mentoring in Criminal Justice", "Buck, Gillian", "2020"),
    ),
    "a workbook that says so": (
        paper("Peer Mentoring in Criminal Justice: a workbook", "Buck, Gillian", "2020"),
        paper("Peer Mentoring in Criminal Justice", "Buck, Gillian", "2020", publisher="Routledge"),
    ),
    "a teacher's manual": (
        paper("Introduction to learning theory: instructor's manual", "Kearns, M. / Vazirani, U.", "1994"),
        paper("Introduction to learning theory", "Kearns, M. / Vazirani, U.", "1994"),
    ),
    "supplementary material": (
        paper(f"Supplementary material for: {TRIAL}", TEAM, "2011"),
        paper(TRIAL, TEAM, "2011"),
    ),
    "a data set": (
        paper(TRIAL, TEAM, "2011", type="dataset"),
        paper(TRIAL, TEAM, "2011", type="article"),
    ),
    "a book and its chapter of the same title": (
        paper("Mentoring women", "Rumgay, Judith", "2004", type="book chapter", identifiers="urn:isbn:9780306406157"),
        paper("Mentoring women", "Rumgay, Judith", "2004", type="book", identifiers="urn:isbn:9780306406157"),
    ),
    "an abstract in one journal, the paper in another": (
        paper(TRIAL, TEAM, "2011", container="European Heart Journal", volume="32", pages="597"),
        paper(TRIAL, TEAM, "2011", **WHERE),
    ),
    "an abstract in a supplement of the year before": (
        paper(TRIAL, TEAM, "2010", container="American Heart Journal", volume="159", pages="S20"),
        paper(TRIAL, TEAM, "2011", **WHERE),
    ),
    "a guideline that two journals print": (
        paper("Guidelines for early detection of cancer", "Saslow, D / Solomon, D", "2012", container="CA", volume="62", pages="147-172"),
        paper("Guidelines for early detection of cancer", "Saslow, D / Solomon, D", "2012", container="Am J Clin Pathol", volume="137", pages="516-542"),
    ),
    "a column that comes again years later": (
        paper("Industry perspectives", "Seligman, L.", "1997", container="Record of Data"),
        paper("Industry perspectives", "Seligman, L.", "2002", container="Record of Data"),
    ),
}  # fmt: skip

TWO = {
    "chapters of one book, by its ISBN": (
        paper("Mentoring women after prison", "Rumgay, Judith", "2004", identifiers="urn:isbn:9780306406157"),
        paper("Probation in a cold climate", "Nellis, Mike", "2004", identifiers="urn:isbn:9780306406157"),
    ),
    "two abstracts under the DOI of their supplement": (
        paper("A glucose transporter inhibitor prevents plaque", "Terasaki, M.", "2015", volume="64", pages="A134", identifiers="doi:10.2337/db15"),
        paper("Incretins suppress aneurysms of the aorta in mice", "Kohashi, K.", "2015", volume="64", pages="A134", identifiers="doi:10.2337/db15"),
    ),
    "one author, one year, another subject": (
        paper("The core conditions of peer mentoring", "Buck, Gillian", "2017", publisher="SAGE"),
        paper("Politicisation or professionalisation of peer mentoring", "Buck, Gillian", "2019", publisher="Wiley"),
    ),
    "men and women": (
        paper("Outcomes of mentoring for men", "Hart, J.", "2014", container="Probation Journal", volume="61", pages="12-20"),
        paper("Outcomes of mentoring for women", "Hart, J.", "2014", container="Probation Journal", volume="61", pages="21-30"),
    ),
    "two drugs on neighbouring pages": (
        paper("Phase III study of weekly docetaxel (D2)", "Stemmler, H. J.", "2010", container="Oncology", volume="79", pages="197-203"),
        paper("Phase III study of weekly docetaxel plus doxorubicin (D4)", "Stemmler, H. J.", "2010", container="Oncology", volume="79", pages="204-210"),
    ),
    "other people, the same short title": (
        paper("Mentoring and care", "Buck, Gillian", "2020"),
        paper("Mentoring and care", "Olsen, Per", "2020"),
    ),
    "a namesake": (
        paper("Mentoring and care", "Smith, John", "2020"),
        paper("Mentoring and care", "Smith, Ruth", "2020"),
    ),
    "paper at a conference, article of the year after": (
        paper("Learning of finite automata", "Rivest, R. / Schapire, R.", "1993", container="Proc. 25th Symposium on Computing"),
        paper("Learning of finite automata", "Rivest, R. / Schapire, R.", "1995", container="Journal of the ACM", volume="41"),
    ),
    "nothing in common": (
        paper("Probation in a cold climate", "Nellis, Mike", "2004"),
        paper("Cell-free expression profiles", "Wang, Tingting", "2012"),
    ),
}  # fmt: skip

A_PERSON = {
    "a book and a workbook of one title, the page naming no publisher": (
        paper("Peer Mentoring in Criminal Justice", "Buck, Gillian", "2020", description=WORKBOOK_TEXT),
        paper(
            "Peer Mentoring in Criminal Justice",
            "Buck, Gillian",
            "2020",
            publisher="Routledge",
            type="Book",
            identifiers="urn:isbn:9780306406157",
            description=BOOK_TEXT,
        ),
    ),
    "a book that names neither its kind nor its number": (
        paper("Peer Mentoring in Criminal Justice", "Buck, Gillian", "2020", description=WORKBOOK_TEXT),
        paper("Peer Mentoring in Criminal Justice", "Buck, Gillian", "2020", publisher="Routledge"),
    ),
    "a book and a workbook of two publishers": (
        paper("Peer Mentoring in Criminal Justice", "Buck, Gillian", "2020", publisher="Clinks"),
        paper("Peer Mentoring in Criminal Justice", "Buck, Gillian", "2020", publisher="Routledge"),
    ),
    "two ISBNs": (
        paper("Reading in prison libraries", "Hart, Jo", "2012", publisher="Ashgate", identifiers="urn:isbn:9780306406157"),
        paper("Reading in prison libraries", "Hart, Jo", "2012", publisher="Ashgate", identifiers="urn:isbn:9781566199094"),
    ),
    "an editorial": (
        paper("Editorial", "Apers, Peter / Ceri, Stefano", "2002", container="The Data Journal"),
        paper("Editorial", "Apers, Peter / Ceri, Stefano", "2002", container="Data Journal"),
    ),
    "an introduction": (paper("Introduction", "Buck, Gillian", "2018"), paper("Introduction", "Buck, G.", "2018")),
    "book reviews": (paper("Book reviews", "Stone, Ann", "2018"), paper("Book Reviews", "Stone, A.", "2018")),
    "a response": (paper("Response", "Stone, Ann", "2018"), paper("Response.", "Stone, Ann", "2018")),
    "a letter": (paper("Letter to the editor", "Stone, Ann", "2018"), paper("Letter to the Editor", "Stone, Ann", "2018")),
    "a preprint": (
        paper(TRIAL, TEAM, "2020", identifiers="doi:10.1101/2020.01.01.20001"),
        paper(TRIAL, TEAM, "2020", identifiers="doi:10.1016/j.ahj.2020.02.003"),
    ),
    "two DOIs and no pages": (
        paper(TRIAL, TEAM, "2011", container="American Heart Journal", identifiers="doi:10.1016/j.ahj.1"),
        paper(TRIAL, TEAM, "2011", container="American Heart Journal", identifiers="doi:10.1016/j.ahj.2"),
    ),
    "a preprint that names its server": (
        paper("Attention to words in probation reports", "Ng, A.", "2015", container="arXiv preprint arXiv:1501.00001"),
        paper("Attention to words in probation reports", "Ng, A.", "2016", container="Journal of Words", volume="3"),
    ),
    "a thesis and an article": (
        paper("The lived experience of peer mentors in prison", "Buck, Gillian", "2016", type="thesis"),
        paper("The lived experience of peer mentors in prison", "Buck, Gillian", "2016", type="article"),
    ),
    "one word for another, and nothing to say where": (
        paper("Effect of prednisolone on density of bone in rats", "Kim, S. / Lee, J.", "2010", container="Bone"),
        paper("Effect of prednisolone on density of bone in mice", "Kim, S. / Lee, J.", "2010"),
    ),
    "a part that one side does not name": (
        paper("Principles and practice of database tuning", "Shasha, D. / Bonnet, P.", "2002"),
        paper("Principles and practice of database tuning, part 2", "Shasha, D. / Bonnet, P.", "2002"),
    ),
    "one journal's abstract in another of the same volume": (
        paper("Intrapleural treatment improved outcomes of infection", "Mathur, P. N.", "2011", container="Annals of Medicine", volume="155"),
        paper("Intrapleural treatment improved outcomes of infection", "Mathur, P. N.", "2011", container="Evidence Club", volume="155"),
    ),
}  # fmt: skip
