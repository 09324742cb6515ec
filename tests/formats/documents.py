"""Whole OAI-PMH answers, written by hand: one of each kind, every optional part there."""

from __future__ import annotations

_HEADER = "<header><identifier>oai:example.org:1</identifier><datestamp>2021-03-04T05:06:07Z</datestamp>{}</header>"
_SETS = "<setSpec>crime</setSpec><setSpec>crime:peer-mentoring</setSpec>"
_DC = """<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title xml:lang="en-GB">On Trust</dc:title><dc:creator>Buck, Gillian</dc:creator><dc:date>2021</dc:date></oai_dc:dc>"""
_ABOUT = '<about><dc:rights xmlns:dc="http://purl.org/dc/elements/1.1/">CC BY 4.0</dc:rights></about>'
_RECORD = f"<record>{_HEADER.format(_SETS)}<metadata>{_DC}</metadata>{_ABOUT}</record>"
_GONE = "<record>" + _HEADER.format(_SETS).replace("<header>", '<header status="deleted">') + "</record>"
_TOKEN = '<resumptionToken expirationDate="2021-03-05T00:00:00Z" completeListSize="9" cursor="0">next</resumptionToken>'
_IDENTIFIER = """<description><oai-identifier xmlns="http://www.openarchives.org/OAI/2.0/oai-identifier"><scheme>oai</scheme>
<repositoryIdentifier>example.org</repositoryIdentifier><delimiter>:</delimiter>
<sampleIdentifier>oai:example.org:1</sampleIdentifier></oai-identifier></description>"""


def answer(content: str, arguments: str = "") -> str:
    """An answer to the arguments, written as XML attributes."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">\n'
        f"<responseDate>2021-03-04T05:06:08Z</responseDate>\n<request{arguments}>https://example.org/oai</request>\n"
        f"{content}\n</OAI-PMH>"
    )


ANSWERS = {
    "Identify": answer(
        "<Identify><repositoryName>Example</repositoryName><baseURL>https://example.org/oai</baseURL>"
        "<protocolVersion>2.0</protocolVersion><adminEmail>a@example.org</adminEmail><adminEmail>b@example.org</adminEmail>"
        "<earliestDatestamp>2021-03-04T05:06:07Z</earliestDatestamp><deletedRecord>persistent</deletedRecord>"
        "<granularity>YYYY-MM-DDThh:mm:ssZ</granularity><compression>gzip</compression>"
        f"{_IDENTIFIER}</Identify>",
        ' verb="Identify"',
    ),
    "ListMetadataFormats": answer(
        "<ListMetadataFormats><metadataFormat><metadataPrefix>oai_dc</metadataPrefix>"
        "<schema>http://www.openarchives.org/OAI/2.0/oai_dc.xsd</schema>"
        "<metadataNamespace>http://www.openarchives.org/OAI/2.0/oai_dc/</metadataNamespace></metadataFormat></ListMetadataFormats>",
        ' verb="ListMetadataFormats" identifier="oai:example.org:1"',
    ),
    "ListSets": answer(
        "<ListSets><set><setSpec>crime</setSpec><setName>Crime &amp; justice</setName>"
        f"<setDescription>{_DC}</setDescription></set><set><setSpec>crime:x</setSpec><setName/></set>{_TOKEN}</ListSets>",
        ' verb="ListSets"',
    ),
    "GetRecord": answer(
        f"<GetRecord>{_RECORD}</GetRecord>",
        ' verb="GetRecord" identifier="oai:example.org:1" metadataPrefix="oai_dc"',
    ),
    "ListIdentifiers": answer(
        f"<ListIdentifiers>{_HEADER.format('')}{_HEADER.format(_SETS)}{_TOKEN}</ListIdentifiers>",
        ' verb="ListIdentifiers" metadataPrefix="oai_dc" set="crime" from="2021-03-04" until="2021-03-05T00:00:00Z"',
    ),
    "ListRecords": answer(
        f"<ListRecords>{_RECORD}{_GONE}<resumptionToken/></ListRecords>",
        ' verb="ListRecords" resumptionToken="next"',
    ),
    "error": answer('<error code="badVerb">There is no such verb.</error><error code="badArgument"/>'),
}

Edit = tuple[str, str, str]
"""Which answer, what to replace in it (its first occurrence), and what with."""

STILL_VALID: tuple[Edit, ...] = (
    ("Identify", "<compression>gzip</compression>", ""),
    ("Identify", "<adminEmail>b@example.org</adminEmail>", ""),
    ("Identify", "2021-03-04T05:06:07Z</earliest", "2021-03-04</earliest"),
    ("Identify", ">persistent<", ">transient<"),
    ("Identify", "<scheme>oai<", "<scheme><"),  # a fixed value may be left to the schema
    ("Identify", ">oai:example.org:1<", ">oai:p.lodz.pl:a/b?c=d&amp;e;%20<"),
    ("ListSets", "crime</setSpec>", "-_.!~*'():0</setSpec>"),
    ("ListSets", 'cursor="0"', 'cursor="+00"'),
    ("GetRecord", "<metadata>", "<!-- aside --><metadata>"),
    ("GetRecord", "<metadata>", "\n\t<metadata>\n"),
    ("GetRecord", ">On Trust<", "><![CDATA[ <b>On & Trust</b> ]]><"),
    ("GetRecord", 'xml:lang="en-GB"', 'xml:lang=""'),
    ("GetRecord", "<dc:date>2021</dc:date>", "<dc:title/><dc:date/>"),
    ("GetRecord", ' xmlns:dc="', ' xmlns:x="urn:x" xmlns:dc="'),
    ("GetRecord", ' verb="GetRecord" identifier="oai:example.org:1" metadataPrefix="oai_dc"', ""),
    ("GetRecord", "<header>", '<header xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="headerType">'),
    ("GetRecord", ">oai:example.org:1</identifier>", ">http://example.org/é</identifier>"),
    ("ListRecords", "05:06:08Z</resp", "05:06:08.25+01:00</resp"),
    ("error", "badVerb", "noSetHierarchy"),
    ("error", ">There is no such verb.<", "><"),
)

INVALID: tuple[tuple[Edit, str], ...] = (
    # what must be there
    (("Identify", "<protocolVersion>2.0</protocolVersion>", ""), "OAI-PMH/Identify/adminEmail[1]"),
    (("ListIdentifiers", "<datestamp>2021-03-04T05:06:07Z</datestamp>", ""), "OAI-PMH/ListIdentifiers/header[1]"),
    (("error", ' code="badVerb"', ""), "OAI-PMH/error[1]"),
    (("ListSets", "<setName>Crime &amp; justice</setName>", ""), "OAI-PMH/ListSets/set[1]/setDescription"),
    (("GetRecord", "<responseDate>2021-03-04T05:06:08Z</responseDate>", ""), "OAI-PMH/request"),
    # in its order, and once
    (("Identify", "<deletedRecord>", "<granularity/><deletedRecord>"), "OAI-PMH/Identify/granularity[1]"),
    (
        ("ListRecords", "<resumptionToken/>", "<resumptionToken/><resumptionToken/>"),
        "OAI-PMH/ListRecords/resumptionToken[2]",
    ),
    (("GetRecord", "<metadata>", "<metadata><x xmlns='urn:x'/>"), "OAI-PMH/GetRecord/record/metadata/x"),
    (
        (
            "GetRecord",
            "</oai_dc:dc>",
            "</oai_dc:dc><oai_dc:dc xmlns:oai_dc='http://www.openarchives.org/OAI/2.0/oai_dc/'/>",
        ),
        "metadata/dc[2]",
    ),
    (("error", "</request>", "</request><Identify/>"), "OAI-PMH/Identify"),
    # values
    (("Identify", ">2.0<", ">2.1<"), "protocolVersion"),
    (("Identify", ">a@example.org<", ">a@example<"), "adminEmail[1]"),
    (("Identify", ">a@example.org<", ">mail a@example.org<"), "adminEmail[1]"),
    (("Identify", ">persistent<", ">Persistent<"), "deletedRecord"),
    (("Identify", ">oai<", ">OAI<"), "description/oai-identifier/scheme"),
    (("Identify", ">example.org<", ">localhost<"), "repositoryIdentifier"),
    (("Identify", ">oai:example.org:1<", ">oai:example.org:a#b<"), "sampleIdentifier"),
    (("ListMetadataFormats", ">oai_dc<", ">oai dc<"), "metadataFormat/metadataPrefix"),
    (("ListSets", ">crime<", ">crime:<"), "set[1]/setSpec"),
    (("ListSets", ">crime<", ">crime\n<"), "set[1]/setSpec"),
    (("ListSets", 'completeListSize="9"', 'completeListSize="0"'), "resumptionToken"),
    (("ListSets", 'cursor="0"', 'cursor="-1"'), "resumptionToken"),
    (("ListSets", 'expirationDate="2021-03-05T00:00:00Z"', 'expirationDate="soon"'), "resumptionToken"),
    (("ListIdentifiers", "05:06:07Z<", "05:06:07<"), "header[1]/datestamp"),
    (("ListIdentifiers", "05:06:07Z<", "05:06:07+00:00<"), "header[1]/datestamp"),
    (("ListIdentifiers", ">2021-03-04T05:06:07Z<", ">2021-02-29T05:06:07Z<"), "header[1]/datestamp"),
    (("ListIdentifiers", ' from="2021-03-04"', ' from="2021-03"'), "OAI-PMH/request"),
    (("ListRecords", 'status="deleted"', 'status="gone"'), "record[2]/header"),
    (("error", "badVerb", "badverb"), "error[1]"),
    (("GetRecord", 'verb="GetRecord"', 'verb="getrecord"'), "OAI-PMH/request"),
    (("GetRecord", 'xml:lang="en-GB"', 'xml:lang="en_GB"'), "metadata/dc/title"),
    # names nobody knows
    (("GetRecord", "<metadata>", "<metadata xml:id='a'>"), "record/metadata"),
    (("GetRecord", ' verb="GetRecord"', ' verb="GetRecord" page="1"'), "OAI-PMH/request"),
    (("GetRecord", "<dc:title xml", "<dc:titel/><dc:title xml"), "metadata/dc/titel"),
    (("GetRecord", "<dc:title xml", "stray<dc:title xml"), "metadata/dc"),
    (("GetRecord", "<dc:title xml", "<dc:title><b>x</b></dc:title><dc:title xml"), "metadata/dc/title[1]"),
    (
        ("GetRecord", 'xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"', 'xmlns:oai_dc="urn:x"'),
        "metadata/dc",
    ),
    (("GetRecord", "http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/"), "metadata/dc/title"),
    (("GetRecord", "<about>", "<about><error code='badVerb'/></about><about>"), "record/about[1]/error"),
    (("ListSets", "<setName/>", "<setName/><setDescription/>"), "set[2]/setDescription"),
    (
        ("Identify", "<Identify>", '<Identify xmlns:x="http://www.w3.org/2001/XMLSchema-instance" x:nil="true">'),
        "OAI-PMH/Identify",
    ),
    (
        ("Identify", "<Identify>", '<Identify xmlns:x="http://www.w3.org/2001/XMLSchema-instance" x:type="setType">'),
        "OAI-PMH/Identify",
    ),
)


def edited(edit: Edit) -> bytes:
    """The answer with the edit; raises `ValueError` if there is nothing to replace."""
    name, old, new = edit
    before, found, after = ANSWERS[name].partition(old)
    if not found:
        raise ValueError(f"{name} has no {old}")
    return f"{before}{new}{after}".encode()
