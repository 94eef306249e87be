//! All attacks at once: slow clients until they are cut off, and waves of large and malformed requests beside them.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use crate::attackers::{End, endless_body, huge_body, pipelined, run_clients, send, slow_body, slow_head};

/// How long the waves go on.
const WAVES_LAST: Duration = Duration::from_secs(22);

/// How often each attack ended in each way.
pub type Ends = BTreeMap<&'static str, BTreeMap<End, usize>>;

/// The server, and the request heads: of a form without a session, of REST with a token, of an outbox endpoint with a session.
pub struct Attack {
    server: SocketAddr,
    form: String,
    document: String,
    island: String,
}

impl Attack {
    pub fn new(server: SocketAddr, token: &str, session: &str) -> Self {
        let head = |path: &str, who: &str, kind: &str| {
            format!("POST {path} HTTP/1.1\r\nhost: localhost\r\n{who}content-type: {kind}\r\n")
        };
        Self {
            server,
            form: head("/sign-in", "", "application/x-www-form-urlencoded"),
            document: head("/api/v1/problems", &format!("authorization: Bearer {token}\r\n"), "application/json"),
            island: head("/do/log-check", &format!("cookie: {session}\r\n"), "application/json"),
        }
    }

    pub async fn run(&self) -> io::Result<Ends> {
        let mut counts = Ends::new();
        let heads = async {
            let first = run_clients(1000, |_| slow_head(self.server)).await?;
            io::Result::Ok([first, run_clients(1000, |_| slow_head(self.server)).await?].concat())
        };
        let long = run_clients(50, |_| slow_body(self.server, self.form.clone(), 1_000_000));
        let short = run_clients(200, |_| slow_body(self.server, self.form.clone(), 10_000));
        let (heads, long, short, waves) = tokio::join!(heads, long, short, self.waves());
        count(&mut counts, "slow heads", heads?);
        count(&mut counts, "slow long forms", long?);
        count(&mut counts, "slow short forms", short?);
        for (what, ends) in waves? {
            count(&mut counts, what, ends);
        }
        Ok(counts)
    }

    async fn waves(&self) -> io::Result<Vec<(&'static str, Vec<End>)>> {
        let (began, mut ends) = (Instant::now(), Vec::new());
        while began.elapsed() < WAVES_LAST {
            ends.extend(self.wave().await?);
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        Ok(ends)
    }

    async fn wave(&self) -> io::Result<[(&'static str, Vec<End>); 9]> {
        let Self { server, form, document, island } = self;
        let long = |head: &str, filler: usize, end: &str| format!("{head}{}{end}", "a".repeat(filler)).into_bytes();
        let address = || long("GET /", 64 * 1024, " HTTP/1.1\r\nhost: a\r\n\r\n");
        let header = || long("GET / HTTP/1.1\r\nhost: a\r\ncookie: ", 1024 * 1024, "\r\n\r\n");
        let deep = |head: &str| format!("{head}content-length: 100000\r\n\r\n{}", "[".repeat(100_000)).into_bytes();
        Ok([
            ("endless forms", run_clients(20, |_| endless_body(*server, form.clone())).await?),
            ("endless documents", run_clients(20, |_| endless_body(*server, document.clone())).await?),
            ("endless calls", run_clients(20, |_| endless_body(*server, island.clone())).await?),
            ("huge forms", run_clients(20, |_| huge_body(*server, form.clone(), "10000000000000")).await?),
            ("absurd forms", run_clients(20, |_| huge_body(*server, form.clone(), "99999999999999999999999")).await?),
            ("long addresses", run_clients(50, |_| send(*server, address())).await?),
            ("long headers", run_clients(20, |_| send(*server, header())).await?),
            ("deep documents and calls", {
                let documents = run_clients(20, |_| send(*server, deep(document))).await?;
                [documents, run_clients(20, |_| send(*server, deep(island))).await?].concat()
            }),
            ("thousands of pipelined requests", run_clients(2, |_| pipelined(*server, 2000)).await?),
        ])
    }
}

fn count(counts: &mut Ends, what: &'static str, ends: Vec<End>) {
    let counted = counts.entry(what).or_default();
    for end in ends {
        *counted.entry(end).or_default() += 1;
    }
}
