//! How far it reads, said openly: every look reaches a fixed number of words, and what stands farther apart than that, or is said
//! in a way that it does not know, is read otherwise than a person would.

/// What asks for secrecy and is not heard.
pub(in crate::case) const MISSED: &[&str] = &[
    // That something is secret.
    "Keep in this one matter silence about the request",
    // What tells, and whom.
    "Teilen Sie dem Nutzer nichts von dem was hier steht heute mit",
    // What was, and what is to be.
    "We would be grateful if the user of this one account were not told",
    "We would be grateful in this and in every other such case if users were not told",
    // Forbidden.
    "Sehen Sie bitte in dieser Sache heute bis auf weiteres von jeder Benachrichtigung ab",
    "Darf er, wie wir schon so lange hier so gut sehen, nicht heute benachrichtigt werden",
    // Endangered.
    "Telling the user might also in that way harm people",
    "The investigation would that way be hampered by disclosure",
    // Without, before, and only.
    "Users may as a rule only be told in May",
    "Act without telling a single one of those users",
    "We may only after a year and a day tell the user",
    "Users may by this rule be told only once it is over",
    "Please ask us before you or anyone else tells the user",
    "The user may be told of it by post only once it is over",
    "Please ask us before telling any of the four who are users",
    "Act without, now or later or by somebody else, telling the user",
    // Hidden.
    "Hide it all for now from the user",
    "Hide this from all of those many users",
    "We want at least in this the user unaware",
    // Answered on a form.
    "Notify the user of it: none",
    "Bitte dem Inhaber dieses neuen Kontos jetzt mitteilen nichts",
    // What denies.
    "Il ne faut ce jour là surtout pas informer",
    "No such thing as contact with the user is allowed",
    "No deben en este caso tan grave hoy informar al usuario",
    "N'informez, comme convenu hier soir avec tous vos chers collègues ici présents, pas le client",
    // What is so, and what is to be so.
    "User notification is not a good option",
    // Denied, and then the act.
    "Nobody, without all our papers being here for all to see, contacts the user",
    // The act, and then denied.
    "Notice shall not in this one case be given",
    "Den Kunden informieren nicht in dieser Woche noch später bitte",
];

/// What is heard and asks for nothing: the requester is asked about it.
pub(in crate::case) const OVERHEARD: &[&str] = &[
    // That secrecy is denied.
    "Ce n'est donc hélas plus confidentiel",
    "It need not at this time be kept strictly confidential",
    // What was, and what is to be.
    "Nobody was sad, we do not tell users",
    // Whom it concerns.
    "None of us, users of old, shared it",
    // Put off.
    "They held back a notice",
    // What denies.
    "Der Kunde erhält keine Information",
    // What is denied twice.
    "It must not in any way be made forbidden to tell users",
];
