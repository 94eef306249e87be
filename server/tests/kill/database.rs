//! A database of its own, gone when it is dropped.

use std::error::Error;
use std::path::PathBuf;
use std::{fs, io, process};

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tokio::runtime::Builder;

pub struct Database {
    pub url: String,
    home: Home,
}

enum Home {
    Folder(PathBuf),
    Server { url: String, name: String },
}

impl Database {
    /// A file in a folder of its own, on the disk that the program was built on.
    pub fn sqlite(name: &str) -> io::Result<Self> {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", process::id()));
        fs::create_dir_all(&folder)?;
        Ok(Self { url: format!("sqlite:{}", folder.join("trialmark.db").display()), home: Home::Folder(folder) })
    }

    /// A new database on this server.
    pub fn postgres(name: &str, server: &str) -> Result<Self, Box<dyn Error>> {
        let name = format!("{name}_{}", process::id());
        let (base, _) = server.rsplit_once('/').ok_or("the address of PostgreSQL names no database")?;
        let (url, server) = (format!("{base}/{name}"), server.to_owned());
        run(&server, format!("CREATE DATABASE {name}"))?;
        Ok(Self { url, home: Home::Server { url: server, name } })
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let gone = match &self.home {
            Home::Folder(folder) => fs::remove_dir_all(folder).map_err(Into::into),
            Home::Server { url, name } => run(url, format!("DROP DATABASE {name} WITH (FORCE)")),
        };
        if let Err(error) = gone {
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
