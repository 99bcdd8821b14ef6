//! Sentences that are a word apart from being read otherwise: each holds one of the conditions by which a plea is told from what
//! looks like one.

/// What asks for secrecy.
pub(in crate::case) const MEANT: &[&str] = &[
    // Broken at a hyphen.
    "bitte alles ge-\nheim halten",
    // A letter of Armenian among ours.
    "strictly cօnfidential",
    // That something is secret.
    "Total discretion",
    "The non-payment is confidential",
    "Conifdential - 3 months from the day of issue",
    "The confidentiality of the investigation comes first",
    // That secrecy is denied.
    "Ne dites mot, confidentiel",
    "Strictly confidential, no copies",
    "Gardez la plus grande discrétion",
    // What tells, and whom.
    "Nobody may tell our users",
    "They may not reach out to the user",
    "Make sure the user never finds out",
    "It is prohibited that they tell the user",
    "Nothing of it must be found out by the user",
    "Do not disclose what we asked for to the user",
    // What was, and what is to be.
    "He was here in town, so never tell the user",
    "The account was hacked, do not tell the user",
    "The phone was seized, don't notify the customer",
    "It was said that disclosure would harm the investigation",
    "May have no notice",
    "We would be grateful in this and any other case if users were not told",
    // Forbidden.
    "Sehe bitte von einer Benachrichtigung ab",
    "The court has forbidden you to tell the user",
    "Die Polizei sieht von einer Benachrichtigung ab",
    // Put off.
    "Notice is withheld",
    "Contact with the user must be delayed",
    "Holding off notifying the user is what we ask",
    // Endangered.
    "It destroys the case, such a notice",
    "L'avviso all'utente lo pregiudicherebbe",
    "The investigation would be hampered by any disclosure",
    // Without, before, and only.
    "The user may be told only upon request",
    "The user may be told only after the trial",
    "The user may be told only when the case is closed",
    "Le client peut être informé seulement apres le jugement",
    "Der Kunde darf benachrichtigt werden, aber nur nach Abschluss",
    "Der Kunde darf benachrichtigt werden, nur wenn alles vorbei ist",
    // Hidden.
    "Hide the request from the user",
    "It is vital users stay unaware",
    "The case is kept from the subject",
    "Keep it from the customer's attention",
    "Keeping this from the customer's attention is vital",
    // Answered on a form.
    "Notify the user of it - no",
    "Gebruiker informeren: nee",
    "Benachrichtigung des Nutzers: nein",
    // What denies.
    "Notification : aucune",
    "Pas d'abonné à prévenir",
    "Aucun client à informer",
    "Pas de divulgation au client",
    "Le titulaire ne doit être informé",
    "L'abonné sera en aucun cas informé",
    "L'utilisateur ne peut être informé",
    "L'utilisateur ne pourra être informé",
    "Les clients ne peuvent être informés",
    "Sous aucun prétexte informer l'utilisateur",
    "Vous ne saurez informer le client de cette mesure",
    // What is so, and what is to be so.
    "Please: user is not informed",
    "We do not want the user to know",
    "Users are not aware of the order",
    "Eine Benachrichtigung des Kunden ist nicht vor Mai erwünscht",
    // No notice.
    "No disclosure please",
    "Keine Benachrichtigung heute",
    // Told right behind the denial.
    "Never inform anybody",
    "Say nothing or never tell",
    // Denied, and then the act.
    "If possible do not contact the user",
    "Please, you cannot contact the user",
    "Not before my word may the user know",
    "The user can not learn of this request",
    "No se debe en este caso informar al titular",
    "Auf keinen Fall darf der heute hier wohnende Kunde informiert werden",
    // The act, and then denied.
    "Bekendmaken mag niet",
    "De klant informeren doet u nooit",
    "Bitte informieren Sie den Kunden niemals",
    "Bitte informieren Sie den Kunden keinesfalls",
];

/// What does not.
pub(in crate::case) const NOT_MEANT: &[&str] = &[
    // That something is secret.
    "Trade secret",
    "Secret Service",
    "Secret of success",
    "The man is in a confidential clinic",
    "They found a confidential bank letter to him",
    "The confidential papers of the bank keep turning up",
    "The request at the bank, confidential or not, was refused",
    "What they call confidential until today is on sale everywhere",
    // Sealed.
    "Nobody sells sealed goods",
    "The court wants back all the sealed parcels",
    "The parcel was sealed with tape and the letter burnt",
    // That secrecy is denied.
    "Confidential - non",
    "Ohne Vertraulichkeit",
    "Ce n'est plus un secret à garder",
    "It need not be marked confidential",
    "Ce dossier n'est plus confidentiel",
    "It is not an offence to tell the user",
    "It need no longer be kept confidential",
    "This need not be considered confidential",
    // What tells, and whom.
    "Nobody may throw the user out",
    "Banks that withhold notice to us",
    "Please, no hearing from the user",
    "The user must not be heard from again",
    "Bitte teile das Bild des Nutzers nicht",
    "We know that you forbid the user games",
    "The user must not know who reported them",
    "Contact data of the user must not be deleted",
    "The user must not tell my client where she lives",
    "The user must not tell my clients where they live",
    "Do not delete the contact information of the user",
    "The contact number of the user must not be deleted",
    "The contact person of the user must not be deleted",
    "Ne pas laisser en mauvais vieil état le compte du client",
    // What was, and what is to be.
    "Zawiadomienie ścisłe",
    "Nobody was there, as users do know",
    "Have you not informed the user?",
    "They have not informed the user",
    "Sie wurde bisher nicht benachrichtigt",
    "We would be grateful to hear if the user was not informed",
    // Whom it concerns.
    "Our clients must not know",
    "The user has a shop, but the pictures must not be shared",
    // Forbidden.
    "It is forbidden to tell me",
    "The notice at the door forbids smoking",
    // Put off.
    "Do not delay the notice",
    "We delay contact for a week",
    "Only he came back with notice",
    "They delay the first such notice",
    "Any delay of notice cost us money",
    "A delay in the notice cost us a day",
    "The bank will hold a notice for him",
    "The notification is a delay for all",
    "Speaking of trains, ours may be delayed",
    "The customer is known to withhold payment",
    "A further delay of notice would cost us money",
    "He postponed for a day all contact with the user",
    // Endangered.
    "Any damage to the case would be known",
    // Without, before, and only.
    "Rain fell before telling the user",
    "The user must be told, if only briefly",
    "The user must not only be told but shown it",
    "It may be disclosed only when the law says so",
    "The user could be notified only when he came back",
    "The user must be told in writing when it is over, nothing more",
    // Hidden.
    "The secret of a customer",
    "Please keep the room dark",
    "Children are kept from the user",
    "Nothing is hidden from the user",
    "The user was kept unaware of it for years",
    // Answered on a form.
    "I told none",
    "New customer - no",
    "A notice, not a letter",
    // What denies.
    "We found no embargo notice",
    "No other user knows this case",
    "Ne tardez pas et informez le client",
    "No contact with the user took place",
    "Le client a aucune information sur le prix",
    "Il n'y a pas d'objection à informer l'utilisateur",
    // What is so, and what is to be so.
    "The notice was not",
    "Der Kunde ist nicht informiert",
    "They do not warn users of the case",
    "The customer never notified the bank",
    "Note please the user is not informed",
    "We can not be told by users what to do",
    "Users are not here in town to know of the order",
    // No notice.
    "No notice came",
    "No alerts to be seen",
    "Not a notice but a letter",
    "Keine Post mit Benachrichtigung",
    // Told right behind the denial.
    "I wont disclose it",
    "See that the order is not told twice",
    // In no event.
    "Keine Daten dürfen dem Nutzer weitergegeben werden",
    // Denied, and then the act.
    "Cannot contact the user",
    "We ask nobody to contact the user",
    "Wenn Sie vom Kunden nichts wissen",
    "Falls Sie vom Kunden nichts wissen",
    "Se il cliente non deve essere noto",
    "Sofern Sie vom Kunden nichts wissen",
    "Sollten Sie vom Kunden nichts wissen",
    "If nobody knows the user in this case",
    "It may be you cannot contact the user",
    "Si le client ne doit pas être connu de vous",
    // The act, and then denied.
    "To share is not permitted here",
    "Das dürfen Sie wissen oder nicht",
    "De klant mag dit weten, maar nu niet",
];
