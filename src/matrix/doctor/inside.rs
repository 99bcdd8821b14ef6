//! What only the desk knows: of the docket that runs through its socket, and else of the data themselves, under their lock.

use std::sync::Arc;

use anyhow::Context;

use super::{AROUND, Look, Looked};
use crate::config::Config;
use crate::desk::{Input, Outcome};
use crate::journal::DataKey;
use crate::matrix::identity;
use crate::matrix::keep::Keep;
use crate::matrix::run::works_by;
use crate::matrix::session::Login;
use crate::ops::control::{self, Answer, Ask, Told};
use crate::ops::{Home, LockFault, SystemClock, home};
use crate::ports::Clock;

/// What is looked at elsewhere, and there as it is at this moment.
const ELSEWHERE: [&str; 4] = ["room", "members", "disk", "policy"];
/// What a docket that runs tells by these names, and one that does not run has none of.
const TOPICS: [&str; 8] =
    ["homeserver heard", "messages", "identity", "outbox", "people", "journal", "index", "clock"];

/// Asks whoever knows.
pub(super) fn look(config: &Config, key: &DataKey, runtime: &tokio::runtime::Runtime) -> Vec<Looked> {
    match control::ask(&config.data_dir, &Ask::Health) {
        Ok(Some(Answer::Health { told })) => {
            let mut looked = vec![("running", Look::well("yes"))];
            looked.extend(told.into_iter().filter_map(of_the_desk));
            looked
        }
        Ok(Some(Answer::Refused { why })) => vec![("running", Look::ill(why, "Start it again."))],
        Ok(Some(Answer::Standing { .. } | Answer::Report { .. } | Answer::Done { .. })) => {
            vec![("running", Look::ill("the docket that runs is of another version", "Start it again."))]
        }
        Ok(None) => at_rest(config, key, runtime),
        Err(fault) => vec![("running", Look::ill(format!("{fault:#}"), "Start it again."))],
    }
}

fn of_the_desk(Told { topic, text, mend }: Told) -> Option<Looked> {
    if ELSEWHERE.into_iter().chain(AROUND).any(|elsewhere| elsewhere == topic) {
        return None;
    }
    let topic = if topic == "homeserver" { "homeserver heard" } else { &topic };
    let topic = TOPICS.into_iter().find(|known| *known == topic).unwrap_or("desk");
    Some((topic, mend.map_or_else(|| Look::well(text.clone()), |mend| Look::ill(text.clone(), mend))))
}

/// Nobody serves there: the data are opened as a start does, and the session's store with them.
fn at_rest(config: &Config, key: &DataKey, runtime: &tokio::runtime::Runtime) -> Vec<Looked> {
    if !config.data_dir.is_dir() {
        return vec![("running", Look::well("no; docket has not been set up yet"))];
    }
    let lock = match home::lock(&config.data_dir) {
        Ok(lock) => lock,
        Err(fault) => {
            let is_held = fault.downcast_ref::<LockFault>();
            return vec![match is_held {
                Some(LockFault::Held { .. }) => (
                    "running",
                    Look::ill(
                        "somebody works on the data and does not answer",
                        "If it is a docket that is starting or stopping, or another command, ask again in a minute.",
                    ),
                ),
                Some(LockFault::Io { .. }) | None => {
                    ("running", Look::ill(format!("{fault:#}"), "Ask as docket’s user."))
                }
            }];
        }
    };
    let mut looked = vec![("running", Look::well("no; docket run starts it"))];
    looked.push(("identity", runtime.block_on(own_identity(config, key))));
    drop(lock);
    if !config.data_dir.join("journal").is_dir() {
        looked.push(("journal", Look::well("nothing is on record yet")));
        return looked;
    }
    match the_desk(config, key) {
        Ok(more) => looked.extend(more),
        Err(fault) => looked.push((
            "journal",
            Look::ill(
                format!("{fault:#}"),
                "docket journal verify names the place; docket restore brings a backup.",
            ),
        )),
    }
    looked
}

async fn own_identity(config: &Config, key: &DataKey) -> Look {
    let keep = Arc::new(Keep::of(&config.data_dir, key));
    let login = Login { homeserver: &config.homeserver, data_dir: &config.data_dir, key, keep };
    let looked = async {
        let client = login.restore().await?;
        anyhow::Ok((identity::is_whole(&client).await?, identity::are_keys_old(&client).await?))
    };
    match looked.await {
        Ok((true, false)) => Look::well("docket’s own is whole"),
        Ok((true, true)) => Look::ill(
            "the keys of docket’s device are older than those that the homeserver has of it",
            "Its encrypted store was put back, or copied. Stop docket, move matrix/store below its data away, run docket setup.",
        ),
        Ok((false, _)) => {
            Look::ill("docket’s own is not whole, so nobody could trust what it says", "Run docket setup.")
        }
        Err(fault) => Look::ill(format!("{fault:#}"), "docket setup mends what is missing."),
    }
}

fn the_desk(config: &Config, key: &DataKey) -> anyhow::Result<Vec<Looked>> {
    let mut home = Home::open(&config.data_dir, key, works_by(config)?, &mut home::progress_on_stderr())?;
    let outcomes = home.desk.handle(vec![Input::Health], SystemClock.now());
    home.close()?;
    match outcomes?.pop().context("the desk gave no answer")? {
        Outcome::Health(findings) => Ok(findings
            .into_iter()
            .filter(|finding| !ELSEWHERE.contains(&finding.topic))
            .map(|finding| (finding.topic, Look::from(finding)))
            .collect()),
        _ => anyhow::bail!("the desk answered something else"),
    }
}
