//! Italian.

use super::super::lexicon::*;
use super::List;

pub(super) const WORDS: List = &[
    (
        TELL,
        "informare informato informata informati informarlo avvisare avvisato avvisata avvertire avvertito \
         notificare notificato notificata rivelare rivelato rivelata divulgare divulgato divulgata comunicare \
         comunicato comunicata allertare rendere avvisarlo svelare messo",
    ),
    (NOTICE, "notifica notifiche comunicazione comunicazioni divulgazione avviso notizia notizie"),
    (
        LEARN,
        "conoscenza sapere sappia conoscere venire venga apprendere apprenda conosciuto noto nota corrente \
         scoprire consapevole",
    ),
    (CONTACT, "contattare contattato contattata contatto contatti segnalare menzionare"),
    (
        USER,
        "utente utenti cliente clienti titolare titolari abbonato abbonati interessato interessata \
         interessati indagato indagata indagati sospettato intestatario intestatari imputato soggetto \
         soggetti persona persone",
    ),
    (NEG, "non nessuno nulla niente"),
    (NEG | NEG_OF, "nessun nessuna"),
    (
        BID,
        "deve devono dovra dovranno puo possono potra prega preghiamo pregasi dovete essere favore voglia \
         vogliate dovrebbe chiede richiede venga siete",
    ),
    (BETWEEN, "deve dovra essere dovete di ad alcun modo tenuto puo va dovranno"),
    (ENSURE, "affinche assicur* garantire modo assicurarsi"),
    (PERMIT, "consentit* permess* ammess* autorizzat* consente effettuare effettuata inviata"),
    (FORBID, "vietat* divieto proibit* vieta precluso interdetta"),
    (FORBID_TO, "astener* astenga evitare eviti evitando astenendosi"),
    (DEFER, "rinviare rinviata differire differita ritardare ritardata posticipare posticipata sospendere"),
    (HARM, "pregiudic* compromett* ostacol* pregiudizio danneggi* pericolo"),
    (HARM | WOULD, "pregiudicherebbe comprometterebbe ostacolerebbe"),
    (WOULD, "potrebbe rischia metterebbe"),
    (
        MATTER,
        "richiesta richieste indagine indagini istruttorio inchiesta procedimento provvedimento misura \
         investigativo istruttoria",
    ),
    (WITHOUT, "senza"),
    (BEFORE, "prima"),
    (ONLY, "soltanto solamente"),
    (QUIET, "silenzio"),
    (ALONE, "riservatezza segretezza"),
    (SECRET | MARK, "segreto segreta riservato riservata confidenziale"),
    (SECRET, "riserbo segreti riservate riservati"),
    (
        KEEP,
        "mantenere mantenuto mantenuta massima massimo assoluto assoluta coperto coperta coperti coperte \
         strettamente trattare trattata rimanere resta restare stretto tenuto tenuti",
    ),
    (UNAWARE, "insaputa oscuro"),
    (PAST, "stato stata stati era erano abbiamo hanno"),
    (AND, "ma bensi"),
    (OWN, "mio mia miei"),
    (ASKS, "chi quando dove"),
    (TAKES, "obiezion* esiti esitare dimenticare ostativi"),
    (THING, "professionale bancario industriale"),
];
