//! German.

use super::super::lexicon::*;
use super::List;

pub(super) const WORDS: List = &[
    (
        TELL,
        "informiere* informiert* benachrichtig* unterrichte* mitgeteilt* mitzuteilen mitteilen offenlegen \
         offengelegt* offenzulegen offenbaren offenbart offenbare verstaendig* verstandig* setzen preisgeben \
         preisgegeben preiszugeben verraten weitergeben weiterzugeben weitergegeben anzuzeigen",
    ),
    (NOTICE, "benachrichtigung* unterrichtung* mitteilung* offenlegung* verstandigung* verstaendigung*"),
    (
        LEARN,
        "kenntnis* erfahren erfahrt erfaehrt wissen weiss bekannt* bewusst wind aufmerksam gewahr mitbekommen \
         mitbekommt merken bemerk* ersichtlich erkennbar wusste",
    ),
    (
        CONTACT,
        "kontaktier* kontakt kontaktaufnahme anschreiben angeschrieben ansprechen angesprochen ansprache \
         herantreten teilen teile ruckfrage* rueckfrage* ruecksprache rucksprache anzuschreiben gewarnt \
         warnen warnung vorzuwarnen hinzuweisen hinweisen hingewiesen sagen gesagt erzahlen erzaehlen zugang* \
         kontaktiert heran herangetreten heranzutreten",
    ),
    (INFO, "information informationen hinweis hinweise auskunft"),
    (
        USER,
        "betroffene* kunde kunden kundin* nutzer* benutzer* anschlussinhaber* kontoinhaber* beschuldigt* \
         verdachtig* verdaechtig* inhaber* teilnehmer* zielperson* tatverdachtig* tatverdaechtig* angeklagt* \
         angeschuldigt* mandant* vertragspartner* mitglied* accountinhaber* user person personen",
    ),
    (NEG, "nicht keinesfalls niemals nichts keineswegs niemand* weder"),
    (NEG_OF, "nein"),
    (NEG | NEG_OF, "kein keine keinen keinem keiner keinerlei"),
    (
        BID,
        "darf durfen duerfen bitte soll sollen sollte sollten zu muss mussen muessen wird wollen gebeten \
         bitten ersuchen moge moechte mochte lassen sie",
    ),
    (ENSURE, "sicherstell* sicherzustellen sorgen damit gewahrleist* gewaehrleist* achten dass"),
    (
        PERMIT,
        "zulassig zulaessig gestattet erlaubt erwunscht erwuenscht erfolgen stattfinden gewollt vorzunehmen \
         vorgenommen statthaft angezeigt ergehen durchzufuhren durchzufuehren werden",
    ),
    (
        FORBID,
        "unterbleiben unterbleibt abzusehen absehen unterlassen untersagt untersagen verboten unzulassig \
         unzulaessig unterbunden abgesehen verbietet verbot unstatthaft unerwunscht unerwuenscht \
         ausgeschlossen vermeiden verzichten unterlasst entfallt entfaellt abstand",
    ),
    (FORBID_TO, "vermeiden"),
    (
        DEFER,
        "zuruckzustellen zurueckzustellen zuruckgestellt zurueckgestellt aufzuschieben aufgeschoben \
         zuruckstell* zurueckstell* hinauszuschieben verschoben abzuwarten",
    ),
    (HARM, "gefahrd* gefaehrd* beeintrachtig* beeintraechtig* vereitel* behinder* erschwer*"),
    (WOULD, "wurde wuerde konnte koennte kann wird durfte duerfte"),
    (
        MATTER,
        "ersuchen* auskunftsersuchen* anfrage* ermittlung* verfahren* massnahme* anordnung* untersuchung* \
         beschluss* vorgang* sachverhalt* angelegenheit* ermittelt ermittlungsverfahren*",
    ),
    (WITHOUT, "ohne"),
    (BEFORE, "vor bevor ehe"),
    (ONLY, "erst nur ausschliesslich"),
    (
        ALONE,
        "vertraulich* geheimhalt* geheimzuhalt* stillschweig* verschwieg* nichtbenachrichtig* \
         nichtunterricht* nichtoffenleg* offenlegungsverbot* mitteilungsverbot*",
    ),
    (SECRET | MARK, "geheim"),
    (MARK | ALONE, "vertraulich"),
    (SECRET, "geheime geheimer geheimes geheimen diskret* verschlusssache* diskretion verdeckt* heimlich*"),
    (QUIET, "schweigen"),
    (
        KEEP,
        "bitte behandeln halten gehalten behandelt bleiben bleibt lassen ist wahren streng strengste* \
         grosste* hochste* bewahren gewahrt",
    ),
    (UNAWARE, "ahnungslos unwissen* unkenntnis"),
    (PAST, "wurde wurden hat habe haben war waren hatte konnte konnten"),
    (SO | COPULA, "ist"),
    (AND, "und aber sondern jedoch"),
    (OWN, "mich mein meine meinen meinem meiner mir uns"),
    (ASKS, "ob wer was wie wo wann warum"),
    (
        TAKES,
        "bedenken einwand einwande einwaende untersagt verboten zogern zoegern vergessen versaumen versaeumen \
         mehr dagegen unzulassig unzulaessig",
    ),
    (WANTED, "erforderlich geboten gebeten"),
];
