//! Settings of an installation, by flag or environment variable. Each command takes those that change what it does.

use std::fmt;
use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;
use http::Uri;
use tracing_subscriber::EnvFilter;
use url::Url;

use crate::proxies::TrustedProxies;

/// Where things are stored. Flags win over the environment.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Settings")]
pub struct Storage {
    /// The database: `sqlite:PATH` or `postgres://USER@HOST/NAME` [default: trialmark.db in the data folder]
    ///
    /// Everyone on this machine can read a command line. An address with a password is therefore only accepted from the
    /// environment or from --database-url-file.
    #[arg(long, env = "TRIALMARK_DATABASE_URL", hide_env_values = true, value_name = "URL")]
    #[arg(conflicts_with = "database_url_file")]
    pub database_url: Option<DatabaseUrl>,

    /// A file that contains the address of the database
    #[arg(long, env = "TRIALMARK_DATABASE_URL_FILE", value_name = "FILE", value_parser = read_database_url)]
    pub database_url_file: Option<DatabaseUrl>,

    /// The folder for Trialmark's data; created if it is missing
    #[arg(long, env = "TRIALMARK_DATA_DIR", value_name = "FOLDER", default_value = "./data")]
    pub data_dir: PathBuf,
}

/// Where people reach this installation.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Settings")]
pub struct Address {
    /// The address and port to listen on
    #[arg(long, env = "TRIALMARK_LISTEN", value_name = "ADDRESS:PORT")]
    #[arg(default_value = "127.0.0.1:3000", value_parser = parse_address)]
    pub listen: SocketAddr,

    /// The public address of Trialmark, if it is behind a proxy [default: http://ADDRESS:PORT]
    #[arg(long, env = "TRIALMARK_BASE_URL", value_name = "URL")]
    pub base_url: Option<BaseUrl>,
}

/// How people are served.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Settings")]
pub struct Service {
    #[command(flatten)]
    pub address: Address,

    /// The proxies whose `X-Forwarded-For` is trusted: addresses or blocks, separated by commas [default: none]
    #[arg(long, env = "TRIALMARK_TRUSTED_PROXIES", value_name = "ADDRESSES")]
    #[arg(default_value = "", hide_default_value = true)]
    pub trusted_proxies: TrustedProxies,
}

/// What is logged, to standard error.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Settings")]
pub struct Log {
    /// What to log: error, warn, info, debug, trace, or a filter such as `info,server=debug`
    #[arg(id = "log", long = "log", global = true, env = "TRIALMARK_LOG", value_name = "FILTER")]
    #[arg(default_value = "info", value_parser = parse_log_filter)]
    pub filter: String,
}

impl Storage {
    /// A SQLite file in this folder, with everything else beside it.
    #[must_use]
    pub fn in_folder(data_dir: PathBuf) -> Self {
        Self { database_url: None, database_url_file: None, data_dir }
    }

    /// The database that was set, or a file in the data folder.
    #[must_use]
    pub fn database(&self) -> DatabaseUrl {
        self.configured().cloned().unwrap_or_else(|| {
            let file = self.data_dir.join("trialmark.db");
            let path = file.to_string_lossy().replace('%', "%25").replace('?', "%3F").replace('#', "%23");
            DatabaseUrl(format!("sqlite:{path}"))
        })
    }

    /// Whether the database is the file in the data folder.
    #[must_use]
    pub fn is_in_data_dir(&self) -> bool {
        self.configured().is_none()
    }

    fn configured(&self) -> Option<&DatabaseUrl> {
        self.database_url.as_ref().or(self.database_url_file.as_ref())
    }
}

impl Address {
    /// The address people reach this installation at. `listening` is the default.
    #[must_use]
    pub fn base_url(&self, listening: SocketAddr) -> BaseUrl {
        self.base_url.clone().unwrap_or_else(|| BaseUrl::listening(listening))
    }
}

/// Where the database is. Shown without its password.
#[derive(Clone, Eq, PartialEq)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// The whole address, password included.
    #[must_use]
    pub fn secret(&self) -> &str {
        &self.0
    }

    /// Whether it contains a password.
    #[must_use]
    pub fn has_password(&self) -> bool {
        if self.0.starts_with("sqlite:") {
            return false;
        }
        match Url::parse(&self.0) {
            Ok(url) => {
                let named = url.query_pairs().any(|(name, value)| name == "password" && !value.is_empty());
                named || url.password().is_some_and(|password| !password.is_empty())
            }
            // If it cannot be parsed, it may contain one.
            Err(_) => self.0.contains('@'),
        }
    }
}

impl FromStr for DatabaseUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = ["sqlite:", "postgres:", "postgresql:"];
        match known.iter().find_map(|scheme| text.strip_prefix(scheme)) {
            Some(rest) if !rest.trim_matches('/').is_empty() => Ok(Self(text.to_owned())),
            _ => Err("this is not a database address; write sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME"),
        }
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let without_query = self.0.split_once('?').map_or(self.0.as_str(), |(without_query, _)| without_query);
        match (without_query.split_once("://"), without_query.rsplit_once('@')) {
            (Some((scheme, _)), Some((_, location))) if scheme.starts_with("postgres") => {
                write!(f, "{scheme}://{location}")
            }
            _ => f.write_str(without_query),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The address people reach an installation at: an origin, in the form in which browsers send it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct BaseUrl(String);

impl BaseUrl {
    fn listening(address: SocketAddr) -> Self {
        if address.ip().is_unspecified() {
            Self(format!("http://localhost:{}", address.port()))
        } else {
            Self(format!("http://{address}"))
        }
    }

    /// The origin, without a slash at its end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether people use an encrypted connection.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https:")
    }
}

impl FromStr for BaseUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || format!("`{text}` is not an address such as https://trialmark.example or http://10.0.0.5:3000");
        let url: Uri = text.parse().map_err(|_| error())?;
        let (Some(scheme), Some(host)) = (url.scheme_str(), url.host()) else { return Err(error()) };
        let default_port = match scheme {
            "http" => 80,
            "https" => 443,
            _ => return Err(error()),
        };
        if url.path() != "/" || url.query().is_some() || text.contains(['#', '@']) {
            return Err(format!(
                "`{text}` must end after the host and port: Trialmark answers at the root of its address"
            ));
        }
        let host = host.to_ascii_lowercase();
        Ok(Self(match url.port_u16() {
            Some(port) if port != default_port => format!("{scheme}://{host}:{port}"),
            _ => format!("{scheme}://{host}"),
        }))
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn read_database_url(file: &str) -> Result<DatabaseUrl, String> {
    let text = fs::read_to_string(file).map_err(|cause| format!("the file {file} cannot be read: {cause}"))?;
    text.trim().parse().map_err(|problem| format!("the file {file} holds no address of a database: {problem}"))
}

fn parse_address(text: &str) -> Result<SocketAddr, String> {
    let numeric = text.strip_prefix("localhost:").map_or_else(|| text.to_owned(), |port| format!("127.0.0.1:{port}"));
    numeric.parse().map_err(|_| format!("`{text}` is not an address and port such as 127.0.0.1:3000"))
}

fn parse_log_filter(text: &str) -> Result<String, String> {
    match EnvFilter::try_new(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err(format!("`{text}` is not a log filter; write error, warn, info, debug or trace")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_url_must_be_sqlite_or_postgres() {
        for good in ["sqlite:data/a.db", "sqlite:///var/a.db", "postgres://me@host/name", "postgresql://host/name"] {
            assert!(good.parse::<DatabaseUrl>().is_ok(), "{good}");
        }
        for bad in ["", "sqlite:", "sqlite://", "postgres:", "mysql://host/name", "data/a.db", "/a.db"] {
            assert!(bad.parse::<DatabaseUrl>().is_err(), "{bad}");
        }
    }

    #[test]
    fn the_database_password_is_hidden_in_display_and_debug() {
        for text in
            ["postgres://me:s3cret@host:5432/name", "postgres://me:s3cr@t-s3cret@host:5432/name?password=s3cret"]
        {
            let database: DatabaseUrl = text.parse().unwrap();
            assert_eq!(database.to_string(), "postgres://host:5432/name");
            assert_eq!(format!("{database:?}"), "postgres://host:5432/name");
            assert_eq!(database.secret(), text);
        }
    }

    #[test]
    fn a_password_is_detected_in_every_form_of_database_url() {
        for secret in [
            "postgres://me:s3cret@host/name",
            "postgresql://me:s3cret@host:5432/name?sslmode=require",
            "postgres://:s3cret@host/name",
            "postgres://me:s3cr@t@host/name",
            "postgres://me:s%33cret@[::1]:5432/name",
            "postgres://me@host/name?password=s3cret",
            "postgres://host/name?user=me&password=s3cret",
            "postgres:///name?host=/run/postgresql&pass%77ord=s3cret",
            "postgres://me:s3cret@ho st/name",
            "postgres://me:s3cret@host:port/name",
        ] {
            assert!(secret.parse::<DatabaseUrl>().unwrap().has_password(), "{secret}");
        }
        for open in [
            "postgres://me@host/name",
            "postgres://me:@host/name",
            "postgres:///name?host=/run/postgresql",
            "postgres://host/name?application_name=password",
            "sqlite:data/a@b:c.db",
            "sqlite:///var/me:s3cret@a.db",
        ] {
            assert!(!open.parse::<DatabaseUrl>().unwrap().has_password(), "{open}");
        }
    }

    #[test]
    fn a_base_url_is_normalized_to_an_origin() {
        for (text, origin) in [
            ("http://10.0.0.5:3000", "http://10.0.0.5:3000"),
            ("https://Trialmark.Example/", "https://trialmark.example"),
            ("https://trialmark.example:443", "https://trialmark.example"),
            ("http://trialmark.example:80/", "http://trialmark.example"),
            ("http://[::1]:3000", "http://[::1]:3000"),
        ] {
            assert_eq!(text.parse::<BaseUrl>().unwrap().as_str(), origin);
        }
        for bad in [
            "",
            "trialmark.example",
            "ftp://trialmark.example",
            "https://",
            "https://trialmark.example/app",
            "https://trialmark.example/?a",
            "https://trialmark.example#a",
            "https://me@trialmark.example",
            "https://café.example",
        ] {
            assert!(bad.parse::<BaseUrl>().is_err(), "{bad}");
        }
    }

    #[test]
    fn the_default_base_url_of_a_wildcard_address_is_localhost() {
        let everywhere: SocketAddr = "0.0.0.0:3000".parse().unwrap();
        assert_eq!(BaseUrl::listening(everywhere).as_str(), "http://localhost:3000");
        assert_eq!(BaseUrl::listening(parse_address("localhost:80").unwrap()).as_str(), "http://127.0.0.1:80");
    }

    #[test]
    fn invalid_addresses_and_log_filters_have_helpful_errors() {
        for bad in ["", "3000", ":3000", "127.0.0.1", "127.0.0.1:99999", "host.example:3000"] {
            assert!(parse_address(bad).unwrap_err().contains("127.0.0.1:3000"), "{bad}");
        }
        assert!(parse_log_filter("info=loud").unwrap_err().contains("log filter"));
        assert!(parse_log_filter("info,server=debug").is_ok());
    }
}
