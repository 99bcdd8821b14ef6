//! The program: what is typed is carried out. Results on standard output, diagnostics on standard error, one clear line when something is wrong.

mod at_terminal;
mod typed;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Parser;
use docket::case::{Account, Terms};
use docket::config::{Config, PolicyFault, PolicySource, policy};
use docket::desk::WorksBy;
use docket::matrix::setup::{AskPassword, Setup};
use docket::ops::backup::{self, Backup};
use docket::ops::home::{self, DATA_KEY};
use docket::ops::on_host::{self, Word};
use docket::ops::report::{self, Form};
use docket::ops::restore::{self, Restore};
use docket::ops::{SystemClock, identity, ledger, secret};
use docket::ports::Clock;
use docket::rehearsal;
use docket::rehearsal::terminal::{self, Start};
use tracing::Metadata;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::{FilterExt, filter_fn};
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

use crate::typed::{At, Cli, Command, Journal, LogFormat, Policy};

fn main() -> ExitCode {
    let cli = Cli::parse();
    log(cli.log_format);
    std::panic::set_hook(Box::new(|panic| stopped_at(panic.location())));
    match run(cli.command) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads our output through `head` has seen enough.
        Err(fault) if is_broken_pipe(&fault) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("docket: {}", said(&fault));
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Try { json, data, policy, now } => {
            let policy =
                if policy.is_empty() { None } else { Some(policy::take(&sources(&policy)?)?.policy) };
            terminal::run(Start { json, data, policy, now })
        }
        Command::Setup { config, move_room, verify } => {
            set_up(&Config::load(&config)?, move_room, verify.as_ref())
        }
        Command::Doctor { config } => doctor(&config),
        Command::Run { config: file } => {
            let config = Config::load(&file)?;
            let key = secret::read_data_key(&config.data_key_file.locate()?)?;
            docket::matrix::run::run(&config, &file, &key, &room_runtime()?)
        }
        Command::Policy(Policy::Check { what }) => check(&sources(&what)?),
        Command::Policy(Policy::Show { what }) => write_out(&policy::take(&sources(&what)?)?.yaml),
        Command::Journal(Journal::Verify { at, head }) => {
            ledger::verify(&at.find()?.dir, head, &mut io::stdout().lock())
        }
        Command::Journal(Journal::Head { at }) => ledger::head(&at.find()?.dir, &mut io::stdout().lock()),
        Command::Journal(Journal::Export { at }) => {
            let Data { dir, key, .. } = at.find()?;
            let mut out = io::BufWriter::new(io::stdout().lock());
            ledger::export(&dir, &key, &mut out)?;
            Ok(out.flush()?)
        }
        Command::Keygen { file } => say(&identity::keygen(&file)?),
        Command::Backup { to, recipient, at } => {
            let data = at.find()?;
            let made = backup::make(Backup {
                data: &data.dir,
                key: &data.key,
                to: &to,
                recipient: &identity::recipient(&data.recipient(recipient)?)?,
                now: SystemClock.now(),
            })?;
            say(&format!("{} head {}", made.file.display(), made.head))
        }
        Command::Report { half, csv, svg, at } => {
            let form = match (csv, svg) {
                (true, _) => Form::Csv,
                (false, true) => Form::Svg,
                (false, false) => Form::Text,
            };
            let data = at.find()?;
            let written =
                report::make(&data.dir, &data.key, data.works_by()?, half, form, SystemClock.now())?;
            let mut out = io::stdout().lock();
            out.write_all(written.as_bytes())?;
            Ok(out.flush()?)
        }
        Command::Resume { account, at } => on_the_host(&at, Word::Resume(account)),
        Command::Trust { account, fingerprint, at } => on_the_host(&at, Word::Trust(account, fingerprint)),
        Command::Restore { from, identity, file, without_erasures, at } => {
            let data = at.place()?;
            let restored = restore::restore(Restore {
                from: &from,
                file: file.as_deref(),
                identity: &identity,
                to: &data.dir,
                key: data.config.is_some().then_some(data.key.as_path()),
                by: data.works_by()?,
                without_erasures,
                now: SystemClock.now(),
            })?;
            say(&format!(
                "restored {} of {}, head {}\nerasures repeated: {}, head now {}",
                restored.file.display(),
                restored.made.format("%Y-%m-%d %H:%M:%S UTC"),
                restored.head,
                restored.erased,
                restored.now
            ))
        }
    }
}

/// What somebody who has the host says about people.
fn on_the_host(at: &At, word: Word) -> anyhow::Result<()> {
    let data = at.find()?;
    say(&on_host::say(&data.dir, &data.key, data.works_by()?, word, SystemClock.now())?)
}

/// Logs in and makes the room. Nobody else works on the data meanwhile.
fn set_up(config: &Config, move_room: bool, verify: Option<&Account>) -> anyhow::Result<()> {
    let is_asked = at_terminal::is_there();
    if verify.is_some() && !is_asked {
        bail!("--verify has a person compare what two sides show: run it on a terminal");
    }
    let lock = home::lock(&config.data_dir)?;
    let key_file = config.data_key_file.locate()?;
    let key = secret::data_key(&key_file, &config.data_dir)?;
    let mut ask = || at_terminal::password(config.homeserver.user.as_str());
    let ask_password = if is_asked { Some(&mut ask as AskPassword<'_>) } else { None };
    let mut setup = Setup { config, key: &key, move_room, ask_password, say: &mut say };
    let compared = room_runtime()?.block_on(async {
        // The session ends where it began: its store wants the runtime.
        let client = setup.run().await?;
        match verify {
            Some(account) => setup.compare(&client, account, &mut at_terminal::is_the_same).await.map(Some),
            None => Ok(None),
        }
    });
    let Some(compared) = compared? else { return Ok(()) };
    // The desk takes the lock itself.
    drop(lock);
    let by = docket::matrix::run::works_by(config)?;
    say(&on_host::say(&config.data_dir, &key_file, by, Word::Compared(compared), SystemClock.now())?)
}

/// Tells what is well and what is not.
fn doctor(config: &Path) -> anyhow::Result<()> {
    match docket::matrix::doctor::examine(config, &room_runtime()?, &mut say)? {
        0 => Ok(()),
        1 => bail!("1 thing is not well"),
        unwell => bail!("{unwell} things are not well"),
    }
}

/// What the room's work runs on.
fn room_runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?)
}

fn sources(words: &[String]) -> anyhow::Result<Vec<PolicySource>> {
    words.iter().map(|word| PolicySource::read(word).map_err(anyhow::Error::msg)).collect()
}

/// What the command line or the configuration says about the data.
struct Data {
    dir: PathBuf,
    key: PathBuf,
    config: Option<Config>,
}

impl At {
    /// The data, wherever it is to be.
    fn place(&self) -> anyhow::Result<Data> {
        Ok(match (&self.config, &self.data) {
            (Some(file), _) => {
                let config = Config::load(file)?;
                Data {
                    dir: config.data_dir.clone(),
                    key: config.data_key_file.locate()?,
                    config: Some(config),
                }
            }
            (None, Some(dir)) => Data { dir: dir.clone(), key: dir.join(DATA_KEY), config: None },
            (None, None) => bail!("say where the data is: --config FILE or --data DIR"),
        })
    }

    /// The data that is there.
    fn find(&self) -> anyhow::Result<Data> {
        let data = self.place()?;
        if !data.dir.is_dir() {
            bail!("{} is no directory", data.dir.display());
        }
        Ok(data)
    }
}

impl Data {
    /// For whom a backup is encrypted: whom the command line names, or else the configuration.
    fn recipient(&self, named: Option<String>) -> anyhow::Result<String> {
        let configured = self.config.as_ref().and_then(|config| config.backup.as_ref());
        named.or_else(|| configured.map(|backup| backup.recipient.as_str().to_owned())).context(
            "say for whom: --recipient age1… (docket keygen makes one), or backup: in the configuration",
        )
    }

    /// What the desk works by: the configuration, or else what is on its record.
    fn works_by(&self) -> anyhow::Result<WorksBy> {
        Ok(match &self.config {
            Some(config) => WorksBy::These(Terms { directory: config.agencies()?, ..config.terms()? }),
            None => WorksBy::Record { otherwise: rehearsal::terms()? },
        })
    }
}

/// Says what there is in a policy, or everything that is wrong with it.
fn check(sources: &[PolicySource]) -> anyhow::Result<()> {
    match policy::take(sources) {
        Ok(taken) => say(&taken.told()),
        Err(PolicyFault::Wrong(mistakes)) => {
            say(&mistakes.to_string())?;
            bail!("{}", mistakes.counted())
        }
        Err(fault @ PolicyFault::Unread { .. }) => Err(fault.into()),
    }
}

fn write_out(text: &str) -> anyhow::Result<()> {
    Ok(write!(io::stdout(), "{text}")?)
}

fn say(line: &str) -> anyhow::Result<()> {
    Ok(writeln!(io::stdout(), "{line}")?)
}

/// The fault and its causes in one line; a cause that the sentence before it names already is not said twice.
fn said(fault: &anyhow::Error) -> String {
    let mut line = String::new();
    for cause in fault.chain().map(ToString::to_string) {
        if line.is_empty() {
            line = cause;
        } else if !line.contains(&cause) {
            line = format!("{line}: {cause}");
        }
    }
    line
}

fn is_broken_pipe(fault: &anyhow::Error) -> bool {
    fault
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}

/// Diagnostics: RUST_LOG chooses how much; `info` of docket's own by default. Of the libraries nothing is written, whatever it says:
/// what they tell names accounts.
/// A panic's own words may hold what it worked on, such as a name that did not fit. A log is told where it was, and nothing else.
fn stopped_at(place: Option<&std::panic::Location<'_>>) {
    let at = place.map(|place| format!("{}:{}", place.file(), place.line())).unwrap_or_default();
    tracing::error!(at, "docket stopped in the middle of something: a fault of its own, please report it");
}

fn log(format: LogFormat) {
    let chosen = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("docket=info"));
    let is_ours = |metadata: &Metadata<'_>| metadata.target().split("::").next() == Some("docket");
    let lines = tracing_subscriber::fmt::layer().with_writer(io::stderr).with_target(false);
    let registry = tracing_subscriber::registry();
    let filter = chosen.and(filter_fn(is_ours));
    match format {
        LogFormat::Text => registry.with(lines.without_time().with_filter(filter)).init(),
        LogFormat::Json => registry.with(lines.json().with_filter(filter)).init(),
    }
}
