//! What is a plea, and what only looks like one.

use proptest::prelude::*;

use super::*;

proptest! {
    /// A word that is missed there would untie a user.
    #[test]
    fn what_asks_for_it_has_a_word_at_which_it_turns(
        words in proptest::collection::vec(any_word(), 1..9),
        gaps in proptest::collection::vec(prop_oneof![Just(" "), Just(", "), Just(". "), Just("\n"), Just("-")], 9),
    ) {
        let text: String = words.iter().zip(&gaps).flat_map(|(word, gap)| [word.as_str(), gap]).collect();
        prop_assert!(may_plead(&text) || !sentences(&text).any(is_plea), "{}", text);
    }
}

/// Any word that means something there, however it is written, with or without an end.
fn any_word() -> impl Strategy<Value = String> {
    let lists =
        super::words::ALL.iter().copied().flatten().flat_map(|(_, words)| words.split_ascii_whitespace());
    let besides = ["off", "don't", "can't", "other", "fraud", "under", "until", "tip", "confidentiality"];
    let all: Vec<&str> = lists.chain(besides).map(|word| word.trim_end_matches('*')).collect();
    let ends = prop_oneof![Just(""), Just("e"), Just("ing")];
    (proptest::sample::select(all), ends, any::<bool>()).prop_map(|(word, end, loud)| {
        let word = format!("{word}{end}");
        if loud { word.to_uppercase() } else { word }
    })
}

#[test]
fn a_plea_is_known_in_free_words() {
    for text in [
        "The court has ordered that the user not be told.",
        "do not notify",
        "please do not tell the user",
        "Please don’t notify the account holder",
        "this is confidential",
        "fraud; please keep this confidential",
        "This request is confidential; do not notify the account holder",
        "You must not disclose the existence of this request to anybody",
        "by order of Southwark Crown Court you may not inform the customer",
        "tipping off is an offence",
        "The subscriber must not, under any circumstances, be made aware of it",
        "Not to be disclosed",
        "no notice to the user",
        "You are prohibited from notifying the subscriber",
        "act without notifying the customer",
        "delay notice for 90 days",
        "a covert investigation",
        "Der Nutzer darf nicht benachrichtigt werden",
        "Bitte informieren Sie den Nutzer nicht",
        "bitte vertraulich behandeln",
        "Merci de ne pas informer l'utilisateur",
        "PLEASE KEEP SECRET",
        "do n\u{200B}ot no\u{200B}tify",
    ] {
        assert!(plea(text).is_some(), "{text}");
    }
}

#[test]
fn what_was_not_told_once_is_none() {
    for text in [
        "",
        "fraud by @bob:example.org",
        "she did not tell her parents where she went",
        "We do not know whether he told anybody",
        "he has not been informed yet",
        "please do not",
        "you must not under any circumstances",
        "left home without telling anyone",
        "theft of confidential documents, and of a client secret",
        "The user may be told. This is not confidential",
        "no notice was served on us",
        "Please do not tell my name to the uploader",
        "we notified the user; you need not answer",
        "Please let us know what you disclose and when",
        "Der Nutzer wurde nicht informiert",
    ] {
        assert!(plea(text).is_none(), "{text}: {:?}", plea(text));
    }
}

/// Words further apart than this are about different things more often than not.
#[test]
fn what_belongs_together_stands_near() {
    for (near, far) in [
        ("keep all of this confidential", "keep it all of this confidential"),
        ("entirely confidential", "some quite entirely confidential enquirers"),
        ("a confidential enquiry by staff", "a confidential paper of staff"),
        ("act without telling any other such user", "act without telling any of the many other such users"),
        ("act without notification of anybody", "act without knowledge of anybody"),
        ("barred by law to tell", "barred under the law to tell"),
        (
            "do not under any circumstances in any way tell him",
            "do not under any circumstances in any way ever tell him",
        ),
        (
            "er darf nicht vor dem ende der frist benachrichtigt werden",
            "er darf nicht vor dem ende der langen frist benachrichtigt werden",
        ),
        (
            "der kunde darf nicht vor dem ende der langen und noch nicht bestimmten frist benachrichtigt werden",
            "der kunde darf nicht vor dem ende einer langen wie auch heute von hier aus schwer zu nennenden frist benachrichtigt werden",
        ),
    ] {
        assert!(plea(near).is_some(), "{near}");
        assert!(plea(far).is_none(), "{far}");
    }
}

#[test]
fn a_word_that_may_begin_a_plea_is_none_without_what_follows_it() {
    for (with, without) in [
        ("ne pas informer le client", "pas informer le client"),
        ("ne pas informer le client", "ne pas manger le client"),
        ("ne pas informer le client", "ne informer le client"),
        ("er darf nicht informiert werden", "er darf nicht gehen"),
        ("non-disclosure is asked for", "non-payment is claimed"),
        ("delay of notice is asked for", "delay of payment is claimed"),
        ("delay of the notification", "delay of the payment after notification"),
        ("no notice to anybody", "no notices of yours to anybody"),
        ("no notification", "no way to anybody"),
        ("he is not to be told", "he is not yet told"),
        ("he is not to be told", "he was never to be told"),
        ("never tell a user", "he would never tell a user"),
        ("the customer never be told", "the neighbour never be told"),
        ("tipping off", "tipping over"),
        ("a covert action", "not covert action"),
        ("please do not tell his name", "please do not tell our name"),
        ("don’t tell him", "don’t ask him"),
        ("you are forbidden to tell him", "you are forbidden to ask him"),
    ] {
        assert!(plea(with).is_some(), "{with}");
        assert!(plea(without).is_none(), "{without}");
    }
}

/// What is passed over without reading is what no plea can stand in.
#[test]
fn a_text_is_read_only_where_a_word_turns_to_a_plea() {
    for text in ["Please keep this CONFIDENTIAL", "fraud\tnot", "bitte n\u{131}cht", "he's gone"] {
        assert!(may_plead(text), "{text}");
    }
    for text in ["", "fraud by (bob), 10:30 ~ a", "a line\r\nand one more", "fraud\tnotwithstanding"] {
        assert!(!may_plead(text), "{text}");
    }
}

/// Whether a line that says only this bears it as a mark.
fn is_marked(value: &str) -> bool {
    plea(value).is_some()
}

#[test]
fn a_mark_is_short_and_a_label_is_of_notices() {
    assert!(is_marked("SECRET") && is_marked("Strictly confidential") && is_marked("Vertraulich"));
    assert!(
        !is_marked("no secret")
            && !is_marked("theft of a secret recipe from a bakery")
            && !is_marked("public")
    );
    assert!(is_marked("secret or not"));
    assert!(is_of_notices("Notice to user") && is_of_notices("Delay of notice"));
    assert!(is_of_notices("User’s notices") && is_of_notices("Notices, user"));
    assert!(!is_of_notices("Notice") && !is_of_notices("Counter-notice") && !is_of_notices("User"));
}

#[test]
fn what_offices_write_the_other_way_round_asks_for_it_too() {
    for text in [
        "You are not permitted to notify the user.",
        "User notification is not permitted",
        "Disclosure to the subscriber is prohibited.",
        "Customer notification must be delayed",
        "We request that notice be delayed",
        "Confidentiality is requested",
        "Please don't let the user know",
        "This is not to be shared with the user",
        "Notification could prejudice the investigation",
        "Il est interdit d'informer l'utilisateur",
        "Vous ne devez pas informer l'utilisateur",
        "Le titulaire ne doit pas être informé",
        "Eine Unterrichtung des Betroffenen hat zu unterbleiben",
        "Von einer Benachrichtigung des Betroffenen ist abzusehen",
        "Keine Benachrichtigung des Nutzers",
    ] {
        assert!(plea(text).is_some(), "{text}");
    }
    for text in [
        "he was not permitted to enter the room",
        "she is not allowed to drive",
        "disclosure of his address frightened her; spam is prohibited here",
        "the parcel was delayed",
        "keine Ahnung, wer das ist",
        "it hurt me and my prejudice against bots",
        "pictures that were shared with the user group",
        "let me know",
        "je ne sais pas qui est la personne",
    ] {
        assert_eq!(plea(text), None, "{text}");
    }
}

#[test]
fn each_way_to_ask_for_it_is_known_by_itself() {
    for text in [
        "we tip off nobody; do not tip off anybody",
        "he must not be tipped off",
        "that nobody may tip off",
        "who was tipped off",
        "streng geheim",
        "bitte alles geheim lassen",
        "behandeln Sie alles geheim",
        "act without notice to the user",
        "act without informing the user",
        "act without alerting the customer",
        "no notifications to anybody",
        "no notice should go out",
        "no notice shall be given",
        "no notice must be sent",
        "no notice may be given",
        "no notice please",
        "no notice until May",
        "il n est pas informé",
        "ne le faites pas informer",
        "he is not to tell",
        "that this fact not be disclosed",
        "the firm is not permitted to tell him",
        "the firms are not permitted to tell him",
        "a delayed notice order",
        "by delaying notice for 90 days",
        "please withhold notice from him",
        "please postpone notice for a year",
        "a notice must stay withheld",
        "a notice shall stay withheld",
        "a notice should stay postponed",
        "notice must be withheld",
        "notice must be postponed",
        "notification is forbidden",
        "confidentiality is required",
        "Please don‘t notify the account holder",
    ] {
        assert!(plea(text).is_some(), "{text}");
    }
}

#[test]
fn what_stands_in_a_plea_is_none_by_itself() {
    for text in [
        "there is no way to switch off the bot",
        "nicht vertraulich",
        "pas confidentiel",
        "no secrecy",
        "no secret",
        "non confidential",
        "nothing confidential",
        "nicht geheim",
        "pas secret",
        "act without helping the user",
        "un pas, informer le client",
        "il a pas informer le client",
        "he was not allowed to tell anybody",
        "the notice was not received",
        "the notice came delayed",
        "confidentiality of our mail",
        "dont ask the user what they know",
        "please don't let the user down",
        "please don't let me know",
        "nobody knows what was shared with the user",
        "it is not shared by the user",
        "it was not shared with my friends",
    ] {
        assert_eq!(plea(text), None, "{text}");
    }
    // As far apart as it may be, and further.
    for (near, far) in [
        (
            "eine benachrichtigung muss in dieser sache und jetzt auch unterbleiben",
            "eine benachrichtigung muss hier in dieser sache und jetzt auch unterbleiben",
        ),
        (
            "confidentiality of this matter is hereby requested",
            "confidentiality of this whole matter is hereby requested",
        ),
    ] {
        assert!(plea(near).is_some(), "{near}");
        assert_eq!(plea(far), None, "{far}");
    }
    assert!(!may_plead("fraud\tby bob"));
    for value in ["not secret", "non secret", "nicht geheim", "no secret"] {
        assert!(!is_marked(value), "{value}");
    }
}

#[test]
fn a_line_of_a_form_without_its_mark_is_known() {
    for text in [
        "Confidential - yes",
        "Confidential = yes",
        "Conifdential - yes",
        "confidental until 3 May",
        "CON\u{200B}FIDENTIAL yes",
        "Gag order",
        "Non-disclosure order",
        "Filed under seal",
        "Confidential until 2026-12-31",
        "Notify user - no",
        "Disclosure to user = no",
        "ＳＥＣＲＥＴ",
    ] {
        assert!(plea(text).is_some(), "{text}");
    }
    assert_eq!(plea("Notify user - yes"), None);
    assert_eq!(plea("Confidential - no"), None);
}

#[test]
fn a_sentence_ends_where_none_goes_on() {
    let cut = |text| sentences(text).map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>();
    assert_eq!(cut("One. Two; three! Mr. Roe? ops@x.org"), ["One", "Two", "three", "Mr. Roe", "ops@x.org"]);
    // Read as a whole, and then as lines, unless the next goes on in small letters.
    assert_eq!(cut("Der\nKunde"), ["Der\nKunde", "Der", "Kunde"]);
    assert_eq!(cut("the\ncustomer"), ["the\ncustomer", "the\ncustomer"]);
    assert_eq!(cut("one\n\ntwo"), ["one", "two", "one", "two"]);
    assert_eq!(cut("not so:\n- two\n3 four"), ["not so:", "- two", "3 four", "not so:", "- two", "3 four"]);
    assert!(plea("> please do not\n> tell the user").is_some());
    assert!(plea("a non-\ndisclosure order").is_some());
}

#[test]
fn what_orders_say_is_heard_and_what_only_speaks_of_it_is_not() {
    let asks = known::HEARD.iter().chain(known::ALSO_HEARD);
    let unheard: Vec<_> = asks.filter(|text| plea(text).is_none()).collect();
    let heard: Vec<_> = known::FREE.iter().chain(known::ALSO_FREE).filter_map(|text| plea(text)).collect();
    assert!(unheard.is_empty() && heard.is_empty(), "unheard: {unheard:#?} heard: {heard:#?}");
}

/// Which of these are read otherwise than so.
fn read_otherwise(sentences: &[&'static str], is_heard: bool) -> Vec<&'static str> {
    sentences.iter().copied().filter(|text| plea(text).is_some() != is_heard).collect()
}

#[test]
fn a_word_tells_what_asks_for_it_from_what_does_not() {
    assert_eq!(read_otherwise(known::MEANT, true), [""; 0]);
    assert_eq!(read_otherwise(known::NOT_MEANT, false), [""; 0]);
}

/// Whoever makes it read farther moves a sentence from here to where it belongs.
#[test]
fn farther_than_a_look_reaches_it_is_read_otherwise_than_it_is_meant() {
    assert_eq!(read_otherwise(known::MISSED, false), [""; 0]);
    assert_eq!(read_otherwise(known::OVERHEARD, true), [""; 0]);
}

#[test]
fn what_is_denied_in_one_word_is_two_words() {
    let words = |text: &str| {
        let said = Sentence::of(text);
        (0..said.len()).map(|at| said.word(at).to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(words("I can't, don't"), ["i", "can", "t", "do", "t"]);
    assert_eq!(words("They dont; cannot"), ["they", "do", "nt", "can", "not"]);
    let denies = |text: &str, at| Sentence::of(text).denies(at);
    assert!(denies("can't", 1) && denies("don't", 1) && denies("dont", 1) && denies("cannot", 1));
    assert!(!denies("plan t", 1) && !denies("o't", 1) && !denies("don't", 0) && !denies("don't", 2));
}

#[test]
fn what_is_written_otherwise_is_compared_in_one_writing() {
    assert_eq!(
        smoothed("Straße Łódź øl ı cœur æ don’t ‘x ʼy ´z"),
        "strasse lodz ol i coeur ae don't 'x 'y 'z"
    );
    assert_eq!(
        (smoothed("non-\ndisclosure"), smoothed("é non-\nx")),
        ("nondisclosure".into(), "e nonx".into())
    );
    assert_eq!((smoothed("a\nb"), smoothed("é\nb")), ("a\nb".into(), "e\nb".into()));
}

#[test]
fn a_line_goes_on_unless_it_is_too_long_ends_in_a_colon_or_a_list_follows() {
    let first = |text: &str| sentences(text).next().unwrap_or_default().trim().to_owned();
    for mark in [">", "|", "(", "\"", "@", "> |"] {
        let text = format!("the\n{mark} customer");
        assert_eq!(first(&text), text, "{mark}");
    }
    for (text, part) in
        [("the:\ncustomer", "the:"), ("the\n\ncustomer", "the"), ("the\n- customer", "the"), ("One.", "One")]
    {
        assert_eq!(first(text), part, "{text}");
    }
    for (length, is_one) in [(400, true), (401, false)] {
        let text = format!("{}\nb", "a".repeat(length));
        assert_eq!(first(&text) == text, is_one, "{length}");
    }
}

#[test]
fn what_is_denied_of_secrecy_is_no_plea() {
    for text in [
        "Confidential - no",
        "Confidential: nein",
        "Confidential: none",
        "this is not confidential",
        "nothing confidential",
        "this is no longer confidential",
        "it is not considered confidential",
        "it is not marked confidential",
        "das ist nicht mehr vertraulich",
        "it is not a secret investigation",
        "trade secret of the court",
        "the file was not sealed by the court",
    ] {
        assert!(plea(text).is_none(), "{text}");
    }
    for text in [
        "Confidential until May",
        "Confidential: 3 May",
        "sealed by order of the court",
        "by order of the court it is sealed",
        "this is under seal",
        "do not tip off anybody",
        "non-notification order",
        "keep quiet about the investigation",
        "the investigation is secret",
        "keep it strictly secret",
        "teilen Sie dem Nutzer nichts mit",
        "please do not reach out to the user",
        "we would be grateful if the user were not told",
        "sehen Sie von einer Benachrichtigung ab",
        "notification of the user is forbidden",
        "please hold off notifying the user",
        "telling the user would endanger the investigation",
        "the user may only be told after the investigation is closed",
    ] {
        assert!(plea(text).is_some(), "{text}");
    }
}

#[test]
fn a_denial_in_one_word_denies_what_it_denies_in_two() {
    for verb in ["do", "must", "should", "does", "did", "is", "was", "has", "would", "could"] {
        for rest in ["tell the user", "tell", "be told", "disclose it", "notify anybody"] {
            for said in ["They", "Please", "You", "The user"] {
                let heard = |denied: &str| plea(&format!("{said} {verb}{denied} {rest}")).is_some();
                assert_eq!(heard("n't"), heard(" not"), "{said} {verb}n't {rest}");
            }
        }
    }
    for apostrophe in ["'", "’", "ʼ", "´"] {
        assert!(plea(&format!("please don{apostrophe}t notify the user")).is_some(), "{apostrophe}");
    }
}
