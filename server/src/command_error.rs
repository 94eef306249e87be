//! Errors of commands, as text for the person at the terminal.

use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use crate::settings::DatabaseUrl;

/// Why a command failed. Each text says what is wrong and what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    #[error(
        "the data folder {} cannot be made: {cause}. Choose another with --data-dir or TRIALMARK_DATA_DIR.",
        folder.display()
    )]
    DataFolder { folder: PathBuf, cause: io::Error },

    #[error(
        "the database {database} cannot be opened: {}. Check --database-url (TRIALMARK_DATABASE_URL), that the \
         database is there and that no other program holds it.",
        with_causes(cause)
    )]
    Database { database: DatabaseUrl, cause: store::Error },

    #[error(
        "the database {database} cannot be brought up to date: {}. If another program holds \
         it, stop that program and start again.",
        with_causes(cause)
    )]
    Migration { database: DatabaseUrl, cause: store::Error },

    #[error(
        "another Trialmark serves the database {database} already. Stop that one first, or give this one a database of \
         its own with --data-dir or --database-url. Other commands, such as `trialmark export`, run beside it."
    )]
    AlreadyServed { database: DatabaseUrl },

    #[error(
        "port {} on {} is taken, perhaps by a Trialmark that runs already. Stop that program, or choose another port: \
         --listen {}:{}.",
        address.port(), address.ip(), address.ip(), address.port().wrapping_add(1).max(1024)
    )]
    PortTaken { address: SocketAddr },

    #[error("cannot listen on {address}: {cause}. Choose another address with --listen or TRIALMARK_LISTEN.")]
    Listen { address: SocketAddr, cause: io::Error },

    #[error("there is no business {slug:?} here. Its name is what stands after /p/ in its public address.")]
    UnknownBusiness { slug: String },

    #[error("{name} was not deleted. Say --yes to delete it with everything in it, for good.")]
    NotConfirmed { name: String },

    #[error("there is a file {} already; choose another name.", file.display())]
    FileExists { file: PathBuf },

    #[error("the file {} cannot be used: {cause}", file.display())]
    File { file: PathBuf, cause: io::Error },

    #[error("{business} knows no customer with this contact; whoever was forgotten is found no more.")]
    UnknownCustomer { business: String },

    #[error("the business has no site {name:?}. Write it as it stands on the page Places.")]
    UnknownSite { name: String },

    #[error(
        "somebody signs in with {email:?} already. Invite them on the page People of this business: they join with the \
         account that they have."
    )]
    EmailTaken { email: String },

    #[error("nobody signs in here with {email:?}.")]
    UnknownEmail { email: String },

    #[error("the record does not fit: {0}. Everything before that entry is as it was written.")]
    BrokenChain(domain::record::ChainError),

    #[error("what is stored is not as the record has it: {0}. The record itself is whole.")]
    RowMismatch(store::Mismatch),

    #[error("the password {0}. Choose another.")]
    Password(domain::fault::Fault),

    #[error("the password could not be hashed")]
    Hashing,

    #[error("not done: {}", with_causes(.0))]
    Store(#[from] store::Error),

    #[error("the operating system refused what the server needs to run: {0}")]
    System(#[from] io::Error),
}

/// An error with its chain of causes. A cause that the text already ends with is not repeated.
fn with_causes(error: &store::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.ends_with(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    text
}
