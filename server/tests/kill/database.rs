//! A temporary database, removed when dropped.

use std::error::Error;
use std::path::PathBuf;
use std::{fs, io, process};

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tokio::runtime::Builder;

pub struct Database {
    pub url: String,
    location: Location,
}

enum Location {
    Folder(PathBuf),
    Server { url: String, name: String },
}

impl Database {
    /// A file in a folder of its own, on the disk of the target folder.
    pub fn sqlite(name: &str) -> io::Result<Self> {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", process::id()));
        fs::create_dir_all(&folder)?;
        Ok(Self {
            url: format!("sqlite:{}", folder.join("trialmark.db").display()),
            location: Location::Folder(folder),
        })
    }

    /// A new database on this server.
    pub fn postgres(name: &str, server: &str) -> Result<Self, Box<dyn Error>> {
        let name = format!("{name}_{}", process::id());
        let (base, _) = server.rsplit_once('/').ok_or("the address of PostgreSQL names no database")?;
        let (url, server) = (format!("{base}/{name}"), server.to_owned());
        run(&server, format!("CREATE DATABASE {name}"))?;
        Ok(Self { url, location: Location::Server { url: server, name } })
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let removed = match &self.location {
            Location::Folder(folder) => fs::remove_dir_all(folder).map_err(Into::into),
            Location::Server { url, name } => run(url, format!("DROP DATABASE {name} WITH (FORCE)")),
        };
        if let Err(error) = removed {
            eprintln!("{} was left behind: {error}", self.url);
        }
    }
}

fn run(server: &str, sql: String) -> Result<(), Box<dyn Error>> {
    Builder::new_current_thread().enable_all().build()?.block_on(async {
        let mut connection = PgConnection::connect(server).await?;
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await?;
        Ok(connection.close().await?)
    })
}
