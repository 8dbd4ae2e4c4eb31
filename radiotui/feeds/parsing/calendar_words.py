"""Words of dates: names of months and days in many languages, names of time zones."""

from __future__ import annotations

_MONTHS = (
    "jan january januar jänner jän janv janvier enero ene gennaio gen janeiro januari jänn"
    " ianuarie január gener stycznia styczeń ledna leden января январь янв січня январи"
    " ocak tammikuuta tammikuu ιανουαρίου ιανουάριος ιαν",
    "feb february februar feber février fevrier févr fevr fév febrero febbraio fevereiro fev"
    " februari februarie február febrer lutego luty února únor февраля февраль фев лютого"
    " şubat helmikuuta helmikuu φεβρουαρίου φεβρουάριος φεβ",
    "mar march märz maerz mär mrz mars marzo março marco maart mrt marts martie március marcius"
    " març marca marzec března březen марта март мар березня mart maaliskuuta maaliskuu maret"
    " μαρτίου μάρτιος μάρ μαρ",
    "apr april avril avr abril abr aprile aprilie április kwietnia kwiecień dubna duben апреля"
    " апрель апр квітня nisan huhtikuuta huhtikuu απριλίου απρίλιος απρ",
    "may mai mayo maggio mag maio mei maj maja května květen мая май травня mayıs május majus maig"
    " toukokuuta toukokuu μαΐου μάιος μαϊ",
    "jun june juni juin junio giugno giu junho iunie június junius juny czerwca czerwiec června"
    " červen июня июнь июн червня haziran kesäkuuta kesäkuu ιουνίου ιούνιος ιούν ιουν",
    "jul july juli juillet juil julio luglio lug julho iulie július julius juliol lipca lipiec"
    " července červenec июля июль июл липня temmuz heinäkuuta heinäkuu ιουλίου ιούλιος ιούλ ιουλ",
    "aug august août aout agosto ago augustus augusti augusztus agost sierpnia sierpień srpna"
    " srpen августа август авг серпня ağustos agustus elokuuta elokuu αυγούστου αύγουστος αύγ"
    " αυγ",
    "sep sept september septembre septiembre setiembre set settembre sett setembro septembrie"
    " szeptember setembre września wrzesień září сентября сентябрь сен сент вересня eylül"
    " syyskuuta syyskuu σεπτεμβρίου σεπτέμβριος σεπ",
    "oct october oktober okt octobre octubre ottobre ott outubro out octombrie október"
    " października październik října říjen октября октябрь окт жовтня ekim lokakuuta lokakuu"
    " οκτωβρίου οκτώβριος οκτ",
    "nov november novembre noviembre novembro noiembrie listopada listopad listopadu ноября"
    " ноябрь ноя нояб kasım marraskuuta marraskuu νοεμβρίου νοέμβριος νοέ νοε",
    "dec december dezember dez décembre decembre déc diciembre dic dicembre dezembro decembrie"
    " desembre desember grudnia grudzień prosince prosinec декабря декабрь дек грудня aralık"
    " joulukuuta joulukuu δεκεμβρίου δεκέμβριος δεκ",
)
MONTHS = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split()}
"""Numbers of months by their names in small letters."""

_DAYS = (
    "mon monday",
    "tue tues tuesday",
    "wed weds wednesday",
    "thu thur thurs thursday",
    "fri friday",
    "sat saturday",
    "sun sunday",
)
DAYS = {name: number for number, names in enumerate(_DAYS) for name in names.split()}
"""Days of the week, from Monday's 0, by their English names in small letters."""

_AROUND = (
    "at on of the um à le les d de del den der die el a as às las alle ore il om kl klo uhr h t"
    " г года в o r hr hrs ob dnia"
)
AROUND = frozenset(_AROUND.split())
"""Words that stand between the parts of a date and say nothing."""

ZONES = {
    name: hours
    for hours, names in (
        (0, "z utc ut gmt wet uct zulu"),
        (1, "bst west cet mez met wat"),
        (2, "cest mesz mest eet cat sast"),
        (3, "eest msk eat trt idt"),
        (3.5, "irst"),
        (4, "gst msd samt azt"),
        (5, "pkt uzt"),
        (5.5, "ist"),
        (5.75, "npt"),
        (7, "wib ict"),
        (8, "awst sgt hkt pht wita myt"),
        (9, "jst kst wit"),
        (9.5, "acst"),
        (10, "aest chst pgt"),
        (10.5, "acdt"),
        (11, "aedt"),
        (12, "nzst"),
        (13, "nzdt"),
        (-2, "brst fnt"),
        (-2.5, "ndt"),
        (-3, "adt brt art uyt clst"),
        (-3.5, "nst"),
        (-4, "edt ast clt bot vet"),
        (-5, "est cdt cot pet"),
        (-6, "cst mdt"),
        (-7, "mst pdt"),
        (-8, "pst akdt"),
        (-9, "akst hdt"),
        (-10, "hst hast"),
        (-11, "sst"),
    )
    for name in names.split()
}
"""Hours before UTC by a zone's short name. Of those that several countries use the one that
feeds mean: CST is Chicago's, IST India's, BST London's."""

ZONES_WITH_SUMMER = {
    "et": "America/New_York",
    "ct": "America/Chicago",
    "mt": "America/Denver",
    "pt": "America/Los_Angeles",
    "aet": "Australia/Sydney",
    "est5edt": "America/New_York",
    "cst6cdt": "America/Chicago",
    "mst7mdt": "America/Denver",
    "pst8pdt": "America/Los_Angeles",
}
"""Places whose clock is meant by names that say nothing about summer time."""

_AMERICAN_ZONES = "est edt cst cdt mst mdt pst pdt akst akdt hst hdt et ct mt pt"
AMERICAN_ZONES = frozenset(_AMERICAN_ZONES.split())
"""Zones in which people write the month first."""
