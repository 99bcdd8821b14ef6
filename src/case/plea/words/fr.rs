//! French.

use super::super::lexicon::*;
use super::List;

pub(super) const WORDS: List = &[
    (
        TELL,
        "informer informe informee* informes informez prevenir prevenu* prevenez avertir averti avertie* \
         avertis avertissez notifier notifie notifiee* notifiez reveler revele revelee* revelez aviser avise \
         avisee* avises avisez divulguer divulgue* devoiler devoile* alerter ebruiter ebruite* informant",
    ),
    (NOTICE, "notification* divulgation* revelation*"),
    (
        LEARN,
        "connaissance savoir apprendre apprenne apprendra sache connu connue courant aveille connaitre \
         decouvrir decouvre eveiller eveil soupcons soupconner conscien*",
    ),
    (
        CONTACT,
        "contacter contact contacte* contactez communiquer communique* communiquez signaler signale* \
         mentionner mentionne* dire etat transmettre transmis* parler evoquer communication porter portee \
         part approcher",
    ),
    (INFO, "information avis"),
    (
        USER,
        "utilisateur* utilisatrice* interesse interessee* interesses titulaire* abonne abonnee* abonnes \
         client cliente* clients suspect* personne personnes mis mise concerne concernee* concernes \
         detenteur* proprietaire* usager* cible",
    ),
    (NE, "ne n"),
    (NEG_FR, "pas jamais aucun aucune aucunement nullement point rien ni quiconque"),
    (NEG_OF | NEG_FR, "aucun aucune"),
    (
        BID,
        "doit doivent devez devra devront merci priere veuillez veillez peut peuvent pouvez saurait faut \
         convient etes prie prions demande demandons devrait pourra sera seront etre pourrez",
    ),
    (BETWEEN, "etre en l le la les cas lui leur y faire tenu tenue d a de"),
    (ENSURE, "afin veiller assurer sorte souhait* requiert tenue tenu"),
    (PERMIT, "autorise* permis permise possible souhaitable envoyee effectuee faite admise adressee donnee"),
    (FORBID, "interdit* interdiction defense defendu* prohibe* exclu* proscri* interdisons proscrite"),
    (FORBID_TO, "abstenir eviter evitez abstenez gardez garder abstention dispense"),
    (DEFER, "differer differee* differe reporter reportee suspendre suspendue retarder retardee"),
    (HARM, "nuire nuirait compromettr* compromettant entraver* prejudici* mettrait risquerait prejudice"),
    (WOULD, "risque risquerait pourrait serait susceptible nuirait compromettrait entraverait"),
    (
        MATTER,
        "requisition* demande demandes enquete* instruction* procedure* mesure* investigations dossier* \
         affaire* judiciaire",
    ),
    (WITHOUT, "sans"),
    (BEFORE, "avant"),
    (ONLY, "seulement uniquement"),
    (ALONE, "confidentiel* confidentialite"),
    (SECRET, "secrete secretes secrets secretement discret*"),
    (QUIET, "silence"),
    (
        KEEP,
        "garde gardee garder gardez conserve rester reste tenu tenue traiter traitee maintenu preserve \
         respecte grande absolu absolue respecter couvert couverte couvertes couverts preserver",
    ),
    (UNAWARE, "insu ignorance"),
    (PAST, "avait ont ete avons avez etait etaient ai"),
    (AND, "et mais"),
    (OWN, "mon mes moi nous"),
    (ASKS, "qui comment quand pourquoi quoi"),
    (TAKES, "objection* inconvenient* hesitez hesiter oubliez oublier oppose* opposons interdit"),
    (THING, "medical professionnel bancaire"),
];
