//! Days and lengths of time as a language writes them.

use chrono::{Datelike, NaiveDate};

use super::{Span, Tongue};

const DE_DAYS: [&str; 7] = ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"];
const DE_MONTHS: [&str; 12] = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
];
const FR_DAYS: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
const FR_MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// `Friday 20 November 2026`: no two countries read it differently.
pub fn day_in(day: NaiveDate, tongue: Tongue) -> String {
    let of = |days: [&'static str; 7], months: [&'static str; 12]| {
        let weekday = days.into_iter().nth(day.weekday().num_days_from_monday() as usize);
        let month = months.into_iter().nth(day.month0() as usize);
        (weekday.unwrap_or_default(), month.unwrap_or_default(), day.day(), day.year())
    };
    match tongue {
        Tongue::En => day.format("%A %-d %B %Y").to_string(),
        Tongue::De => {
            let (weekday, month, day, year) = of(DE_DAYS, DE_MONTHS);
            format!("{weekday}, {day}. {month} {year}")
        }
        Tongue::Fr => {
            let (weekday, month, day, year) = of(FR_DAYS, FR_MONTHS);
            let day = if day == 1 { "1er".to_owned() } else { day.to_string() };
            format!("{weekday} {day} {month} {year}")
        }
    }
}

impl Span {
    /// A length of time as a language writes it.
    pub fn said_in(self, tongue: Tongue) -> String {
        let (one, many) = match (tongue, self) {
            (Tongue::En, _) => return self.to_string(),
            (Tongue::De, Span::Minutes(_)) => ("Minute", "Minuten"),
            (Tongue::De, Span::Hours(_)) => ("Stunde", "Stunden"),
            (Tongue::De, Span::Days(_)) => ("Tag", "Tage"),
            (Tongue::De, Span::BusinessDays(_)) => ("Arbeitstag", "Arbeitstage"),
            (Tongue::De, Span::Months(_)) => ("Monat", "Monate"),
            (Tongue::De, Span::Years(_)) => ("Jahr", "Jahre"),
            (Tongue::Fr, Span::Minutes(_)) => ("minute", "minutes"),
            (Tongue::Fr, Span::Hours(_)) => ("heure", "heures"),
            (Tongue::Fr, Span::Days(_)) => ("jour", "jours"),
            (Tongue::Fr, Span::BusinessDays(_)) => ("jour ouvré", "jours ouvrés"),
            (Tongue::Fr, Span::Months(_)) => ("mois", "mois"),
            (Tongue::Fr, Span::Years(_)) => ("an", "ans"),
        };
        format!("{} {}", self.count(), if self.count() == 1 { one } else { many })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_writes_a_day_and_a_length_of_time_as_people_do() {
        let day = NaiveDate::from_ymd_opt(2026, 5, 1).unwrap();
        let days = Tongue::ALL.map(|tongue| day_in(day, tongue));
        assert_eq!(days, ["Friday 1 May 2026", "Freitag, 1. Mai 2026", "vendredi 1er mai 2026"]);
        let spans = Tongue::ALL.map(|tongue| Span::Months(1).said_in(tongue));
        assert_eq!(spans, ["1 month", "1 Monat", "1 mois"]);
        let spans = Tongue::ALL.map(|tongue| Span::BusinessDays(3).said_in(tongue));
        assert_eq!(spans, ["3 business days", "3 Arbeitstage", "3 jours ouvrés"]);
    }

    #[test]
    fn every_day_of_a_year_has_a_name() {
        let first = NaiveDate::from_ymd_opt(2028, 1, 1).unwrap();
        for day in first.iter_days().take(366) {
            for tongue in Tongue::ALL {
                assert_eq!(day_in(day, tongue).split_whitespace().count(), 4);
            }
        }
    }
}
