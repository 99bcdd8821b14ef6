//! The command line: which commands there are, what each takes, and the help of each. Does not know what they do.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use clap::{Parser, Subcommand, ValueEnum};
use docket::case::{Account, MasterKey};
use docket::ports::Head;
use docket::report::Half;

/// Keeps the docket of legal and abuse requests for a Matrix homeserver.
#[derive(Parser)]
#[command(version, propagate_version = true, about, arg_required_else_help = true)]
pub(crate) struct Cli {
    /// How diagnostics are written to standard error (RUST_LOG says which)
    #[arg(long, global = true, value_enum, default_value = "text")]
    pub(crate) log_format: LogFormat,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum LogFormat {
    Text,
    Json,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// The whole desk in this terminal, without a homeserver
    Try {
        /// One JSON object a line for everything that docket sends
        #[arg(long)]
        json: bool,
        /// Keep the data in this directory (nothing is left behind without it)
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,
        /// Which policy packs to work by, or which file
        #[arg(long, value_name = "PACK[,PACK…]|FILE", value_delimiter = ',')]
        policy: Vec<String>,
        /// Start at this time (RFC 3339) and let the clock stand still
        #[arg(long, value_name = "TIME", value_parser = moment)]
        now: Option<DateTime<Utc>>,
    },
    /// Log in, make docket's identity and its encrypted room, invite the people; run again, mend what is missing
    Setup {
        /// The configuration file
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
        /// Make a new room in place of the one that is there: people are invited, the old room is told and left
        #[arg(long)]
        move_room: bool,
        /// Then compare emojis with this person, on this terminal, and vouch for their identity
        #[arg(long, value_name = "@USER", value_parser = account)]
        verify: Option<Account>,
    },
    /// Be in the room and answer, until told to stop
    Run {
        /// The configuration file
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
    },
    /// What is well and what is not, a line each, with the way out; a docket may be running
    Doctor {
        /// The configuration file
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
    },
    /// The chain of records: check it, name its end, write it out
    #[command(subcommand)]
    Journal(Journal),
    /// The written policy: check it, print what comes of it
    #[command(subcommand)]
    Policy(Policy),
    /// Make an age identity that opens backups, in a new file; its recipient is printed. Keep the file on another machine
    Keygen {
        /// The file to make (mode 0600)
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Back everything up into a directory, encrypted; a docket may be running
    Backup {
        /// The directory of the backups, best on another machine's disk
        #[arg(value_name = "DIR")]
        to: PathBuf,
        /// For whom: what docket keygen printed (the configuration can name it too)
        #[arg(long, value_name = "age1…")]
        recipient: Option<String>,
        #[command(flatten)]
        at: At,
    },
    /// The transparency report of a half-year; a docket may be running
    Report {
        /// Which, as 2026H1
        #[arg(value_name = "HALF", value_parser = half)]
        half: Half,
        /// Every figure as CSV, instead of a short text
        #[arg(long, conflicts_with = "svg")]
        csv: bool,
        /// Charts as one SVG
        #[arg(long)]
        svg: bool,
        #[command(flatten)]
        at: At,
    },
    /// Give a frozen person's authority back, from the host: on record, and said in the room; a docket may be running
    Resume {
        /// Whose, as @user:server
        #[arg(value_name = "@USER", value_parser = account)]
        account: Account,
        #[command(flatten)]
        at: At,
    },
    /// Vouch for somebody's identity, by the fingerprint that they read out: on record, and said in the room; a docket may be running
    Trust {
        /// Whose, as @user:server
        #[arg(value_name = "@USER", value_parser = account)]
        account: Account,
        /// The fingerprint, as their client shows it
        #[arg(long, value_name = "KEY", value_parser = fingerprint)]
        fingerprint: MasterKey,
        #[command(flatten)]
        at: At,
    },
    /// Restore the newest backup into an empty place, and purge again what was purged since
    Restore {
        /// The directory of the backups, with the list of erasures
        #[arg(value_name = "DIR")]
        from: PathBuf,
        /// The file that docket keygen made
        #[arg(long, value_name = "FILE")]
        identity: PathBuf,
        /// Another backup than the newest, by its file's name
        #[arg(long, value_name = "NAME")]
        file: Option<String>,
        /// Go on although the list of erasures is missing: what was purged since the backup comes back
        #[arg(long)]
        without_erasures: bool,
        #[command(flatten)]
        at: At,
    },
}

#[derive(Subcommand)]
pub(crate) enum Journal {
    /// Check every record, without any key and beside a running docket
    Verify {
        #[command(flatten)]
        at: At,
        /// Also check that this record stands in the chain
        #[arg(long, value_name = "SEQ:HASH", value_parser = head)]
        head: Option<Head>,
    },
    /// The last record's number and hash, as SEQ:HASH
    Head {
        #[command(flatten)]
        at: At,
    },
    /// Every event, opened with the data key, as JSON lines
    Export {
        #[command(flatten)]
        at: At,
    },
}

#[derive(Subcommand)]
pub(crate) enum Policy {
    /// Every mistake, with line and column; or what there is, and what a later pack or file replaces of an earlier one
    Check {
        /// Packs, or a file of your own
        #[arg(value_name = "FILE|PACK[,PACK…]", required = true, value_delimiter = ',')]
        what: Vec<String>,
    },
    /// The whole policy as one file
    Show {
        /// Packs, or a file of your own
        #[arg(value_name = "FILE|PACK[,PACK…]", required = true, value_delimiter = ',')]
        what: Vec<String>,
    },
}

/// Where the data lies.
#[derive(clap::Args)]
#[group(required = true, multiple = false)]
pub(crate) struct At {
    /// The configuration file, which names the data directory and its key
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// The data directory, with its key beside the rest
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
}

fn moment(text: &str) -> Result<DateTime<Utc>, String> {
    let read = DateTime::parse_from_rfc3339(text);
    read.map(|at| at.to_utc()).map_err(|_| "write it as 2026-11-20T10:00:00Z".to_owned())
}

fn account(text: &str) -> Result<Account, String> {
    Account::parse(text).map_err(|fault| fault.to_string())
}

fn fingerprint(text: &str) -> Result<MasterKey, String> {
    MasterKey::parse(text).map_err(|fault| fault.to_string())
}

fn half(text: &str) -> Result<Half, String> {
    Half::read(text).map_err(|fault| fault.to_string())
}

fn head(text: &str) -> Result<Head, String> {
    Head::read(text).ok_or_else(|| {
        "write it as docket journal head prints it: a number, a colon, 64 hex digits".to_owned()
    })
}
