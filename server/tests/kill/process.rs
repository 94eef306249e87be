//! The program, started as a child process.

use std::io::{self, BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

/// A running server. It is killed when this is dropped.
pub struct Server {
    pub child: Child,
    pub address: SocketAddr,
}

impl Server {
    /// Starts it, and waits until it prints its address.
    pub fn start(command: &mut Command) -> io::Result<Self> {
        let child = command.stdout(Stdio::piped()).spawn()?;
        let mut server = Self { child, address: SocketAddr::from(([127, 0, 0, 1], 0)) };
        let mut line = String::new();
        if let Some(stdout) = &mut server.child.stdout {
            BufReader::new(stdout).read_line(&mut line)?;
        }
        let address = line.trim().rsplit_once("http://").and_then(|(_, address)| address.parse().ok());
        server.address = address.ok_or_else(|| io::Error::other(format!("the server did not start: {line}")))?;
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail only if the process has ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `trialmark serve` on a free port.
pub fn serve_command(database: &str) -> Command {
    trialmark(database, &["serve", "--listen", "127.0.0.1:0"])
}

/// A command of the program, without the settings of the environment.
pub fn trialmark(database: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trialmark"));
    for setting in ["DATABASE_URL_FILE", "LISTEN", "DATA_DIR", "BASE_URL", "TRUSTED_PROXIES"] {
        command.env_remove(format!("TRIALMARK_{setting}"));
    }
    command.env("TRIALMARK_DATABASE_URL", database).env("TRIALMARK_LOG", "warn").args(arguments);
    command
}
