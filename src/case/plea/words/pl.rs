//! Polish.

use super::super::lexicon::*;
use super::List;

pub(super) const WORDS: List = &[
    (
        TELL,
        "informowa* poinformowa* poinformuj* informuj* zawiadamia* zawiadomi* powiadamia* powiadomi* ujawnia* \
         ujawni* uprzedza* uprzedzi* przekazywa* przekaza* powiedzie* ostrzega* ostrzec",
    ),
    (
        NOTICE,
        "zawiadomienie zawiadomienia powiadomienie powiadomienia ujawnienie ujawnienia informowanie \
         poinformowanie poinformowania informowania",
    ),
    (LEARN, "dowiedzie* dowie dowiedzial* wiedziec wiedza wiedzy wiadomosc* wiadomosci"),
    (CONTACT, "kontaktowa* skontaktowa* kontaktu kontakt kontaktuj*"),
    (
        USER,
        "uzytkownik* klient* abonent* posiadacz* podejrzan* osoba osoby osobie osobe wlasciciel* \
         zainteresowan* oskarzon*",
    ),
    (NEG, "nie nigdy nikomu nikt zadnym"),
    (NEG | NEG_OF, "zadne zadnego zadnej zaden zadna"),
    (
        BID,
        "prosze prosimy nalezy wolno moze moga powinien powinna powinno powinni musi wnosi prosi mozna trzeba \
         zostac byc",
    ),
    (BETWEEN, "wolno nalezy moze moga mozna prosze powinien powinna zostac byc o tym sie jest"),
    (ENSURE, "aby zeby zapewni*"),
    (PERMIT, "dopuszczaln* dozwolon* wskazan* mozliw* wolno moze"),
    (FORBID, "zakaz* zabron* zabrania* niedopuszczaln* niedozwolon* zakazuje*"),
    (FORBID_TO, "powstrzyma* unika* odstapi* zaniecha*"),
    (DEFER, "odroczy* odroczen* wstrzyma* opozni* odlozy*"),
    (HARM, "zagroz* zagraza* utrudni* zaszkodzi* udaremni* szkod* narazi*"),
    (HARM | WOULD, "mogloby zagroziloby utrudniloby zaszkodziloby moglaby udaremniloby"),
    (MATTER, "postepowani* sledztw* dochodzen* wniosk* wniosek zadani* sprawa sprawy postanowieni* pisma"),
    (WITHOUT, "bez"),
    (BEFORE, "przed zanim"),
    (ONLY, "tylko dopiero"),
    (ALONE, "poufn* niejawn* nieinform* niezawiad* niepowiad* nieujawni*"),
    (ALONE | MARK, "poufne niejawne zastrzezone"),
    (SECRET | MARK, "tajne"),
    (SECRET, "tajemnic* tajna tajny dyskrecj* scisle"),
    (KEEP, "zachowa* zachowuj* utrzyma* utrzymywa* objet* traktowa* pozosta* scisle utrzymac"),
    (PAST, "zostal zostala zostali byl byla"),
    (AND, "lecz oraz ale"),
    (OWN, "mojego mojej moich nas nam"),
    (ASKS, "czy kto jak kiedy"),
    (TAKES, "zastrzezen przeszkod zapomnie* zabron* sprzeciwu"),
    (THING, "handlowa przedsiebiorstwa zawodowa bankowa"),
];
