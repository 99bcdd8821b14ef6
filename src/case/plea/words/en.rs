//! English.

use super::super::lexicon::*;
use super::List;

pub(super) const WORDS: List = &[
    (
        TELL,
        "notify notified notifying notifies inform informs informed informing tell tells told telling alert* \
         disclose* disclosing divulge* divulging reveal* advise advised advises advising tip tipped warn \
         warned warning",
    ),
    (NOTICE, "notice notification* disclosure* alert alerts"),
    (
        LEARN,
        "learn learns learned learnt learning aware awareness know knows known knowing knowledge discover \
         discovers discovered discovering discovery hear hears hearing heard realise realises realize \
         realizes attention wind visible apparent privy out inkling suspicion* suspicious",
    ),
    (
        CONTACT,
        "contact contacted contacting contacts approach approached approaching speak speaking discuss* share \
         shared sharing communicate* communicating communication* mention* reach reaching pass passed passing \
         forward* talk* warn* signal* hint* briefed confront* indication*",
    ),
    (
        USER,
        "user users customer customers subscriber subscribers holder holders suspect suspects target targets \
         client clients member members subject subjects accused defendant defendants person persons \
         individual individuals owner owners accountholder* registrant* perpetrator* offender* affected \
         concerned",
    ),
    (
        NEG,
        "dont cannot cant mustnt shouldnt maynt doesnt isnt wont not never nor neither nobody none nothing",
    ),
    (NEG_OF, "no"),
    (BID, "must may shall should please ought to kindly strictly allowed permitted need needs required"),
    (BID | BETWEEN, "to please allowed permitted"),
    (BID | SO, "do can"),
    (BID | WOULD, "may should"),
    (WOULD | SO, "would"),
    (WOULD, "could might will risk risks likely can"),
    (
        ENSURE,
        "ensure* ensuring sure request requests want wants wish order orders imperative vital essential \
         crucial important paramount let care grateful appreciate* ordered directed requested",
    ),
    (
        BETWEEN,
        "be yet ever under any circumstances in way make made the user users customer subscriber account \
         holder at this time currently directly attempt try let otherwise seek become come get being have",
    ),
    (
        PERMIT,
        "permitted allowed authorised authorized permissible desired wanted given acceptable allow permit \
         consent be occur take go agree appropriate advisable option intended envisaged",
    ),
    (
        FORBID,
        "prohibited forbidden prohibit prohibits prohibiting forbid forbids forbidding inadmissible \
         impermissible precluded barred enjoined restrained embargo*",
    ),
    (
        FORBID_TO,
        "refrain* opposed avoid* abstain* desist* unlawful illegal object oppose* stop offence offense",
    ),
    (
        DEFER,
        "delay delayed delaying postpone postponed withhold withheld withholding defer deferred deferral \
         dispens* postponing deferring",
    ),
    (
        HARM,
        "jeopard* prejudic* compromis* endanger* imperil* hinder* undermin* frustrat* imped* impair* \
         obstruct* hamper* damag* thwart* harm defeat interfere* destruct* destroy*",
    ),
    (
        MATTER,
        "request requests order enquiry enquiries inquiry inquiries investigation* matter preservation \
         proceedings operation warrant subpoena measure* existence case letter prosecution",
    ),
    (WITHOUT, "without"),
    (BEFORE, "before prior"),
    (ONLY, "only solely"),
    (ALONE, "nondisclos* ndo ndos secrecy covert* tipoff* gag gagged gagging"),
    (SECRET, "confidential* discreet* discretion secretly clandestin*"),
    (QUIET, "silence silent quiet"),
    (SECRET | MARK, "secret confidential"),
    (MARK, "classified"),
    (SEAL | MARK, "sealed"),
    (SEAL, "seal sealing"),
    (COURT, "court order orders judge magistrate docket indictment warrant affidavit proceedings"),
    (
        KEEP,
        "keep kept keeping treat treated remain remains strictly please handle handled maintain maintained \
         hold held highly is are be as stay observe exercise use absolute utmost greatest complete full",
    ),
    (COPULA, "is are be as"),
    (SO, "does is are am"),
    (UNAWARE, "unaware ignorant dark unbeknown* oblivious"),
    (HIDE, "hide hidden hiding conceal concealed concealing secret"),
    (PAST, "did could was were has had been"),
    (PAST | BETWEEN, "have"),
    (AND, "and but"),
    (OWN, "my our me us"),
    (WE, "i we they"),
    (ASKS, "whether if who what how where when why"),
    (TAKES, "objection* hesitate fail forget omit longer only doubt reluctan* concerns prevent* stops"),
    (WANTED, "requested required essential applies must paramount necessary maintained ensured"),
    (
        THING,
        "service* trade recipe* client shared intelligence agent* santa theft ballot key keys video* film* \
         camera* chat* message* group* room* admirer",
    ),
];
