//! Dutch.

use super::super::lexicon::*;
use super::List;

pub(super) const WORDS: List = &[
    (
        TELL,
        "informeren geinformeerd informeert inlichten ingelicht inlicht lichten meedelen meegedeeld mededelen \
         medegedeeld melden gemeld waarschuwen gewaarschuwd verwittigen verwittigd openbaren geopenbaard \
         onthullen onthuld vertellen verteld brengen gebracht stellen gesteld bekendmaken bekendgemaakt \
         doorgeven doorgegeven",
    ),
    (NOTICE, "kennisgeving* mededeling* melding* bekendmaking notificatie* openbaarmaking"),
    (LEARN, "weten weet hoogte kennis bekend vernemen verneemt ontdekken ontdekt achterkomen lucht"),
    (CONTACT, "contacteren benaderen benaderd gecontacteerd delen gedeeld aanspreken"),
    (
        USER,
        "gebruiker* klant klanten abonnee* betrokkene* verdachte* rekeninghouder* accounthouder* houder* \
         persoon personen",
    ),
    (NEG, "niet nooit niets niemand"),
    (NEG_OF, "nee"),
    (NEG | NEG_OF, "geen"),
    (BID, "mag mogen moet moeten dient dienen gelieve verzoeken verzocht u kunt zal wilt te verzoek"),
    (BETWEEN, "worden te hiervan hierover"),
    (ENSURE, "zorg zodat ervoor zorgen opdat"),
    (PERMIT, "toegestaan geoorloofd gewenst wenselijk plaatsvinden gedaan gegeven worden"),
    (FORBID, "verboden verbod verbiedt achterwege ontoelaatbaar ongewenst"),
    (FORBID_TO, "vermijd* onthoud* voorkom*"),
    (DEFER, "uitgesteld uitstellen uitstel opgeschort opschorten uitstelt"),
    (HARM, "schaden schaadt schade gevaar belemmer* doorkruis* hinderen benadelen"),
    (WOULD, "zou zouden kan"),
    (MATTER, "verzoek* onderzoek* vordering* zaak maatregel* bevel strafrechtelijk"),
    (WITHOUT, "zonder"),
    (BEFORE, "voordat alvorens"),
    (ONLY, "alleen slechts"),
    (ALONE, "vertrouwelijk* geheimhoud* zwijgplicht stilzwijg*"),
    (ALONE | MARK, "vertrouwelijk"),
    (SECRET, "geheime geheim heimelijk*"),
    (QUIET, "zwijgen"),
    (KEEP, "houden gehouden blijven blijft behandelen behandeld strikt"),
    (UNAWARE, "onwetend* medeweten"),
    (PAST, "werd heeft hebben hadden"),
    (AND, "maar"),
    (OWN, "mijn"),
    (ASKS, "wie wat hoe waarom"),
    (TAKES, "bezwaar bezwaren aarzel vergeet verboden"),
    (WANTED, "vereist noodzakelijk"),
];
