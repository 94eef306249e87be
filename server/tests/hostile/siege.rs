//! Everything at once: the slow ones for as long as they are suffered, and the loud ones in wave after wave beside them.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use crate::offenders::{End, crowd, endless_body, huge_body, in_one_breath, send, slow_body, slow_head};

/// How long wave follows wave.
const LASTS: Duration = Duration::from_secs(22);

/// How it ended for those of each kind.
pub type Met = BTreeMap<&'static str, BTreeMap<End, usize>>;

/// Where to, and what is sent before a body: by nobody, by a program with its token, by someone who is signed in.
pub struct Siege {
    server: SocketAddr,
    form: String,
    document: String,
    island: String,
}

impl Siege {
    pub fn of(server: SocketAddr, token: &str, session: &str) -> Self {
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

    pub async fn lay(&self) -> io::Result<Met> {
        let mut met = Met::new();
        let heads = async {
            let first = crowd(1000, |_| slow_head(self.server)).await?;
            io::Result::Ok([first, crowd(1000, |_| slow_head(self.server)).await?].concat())
        };
        let long = crowd(50, |_| slow_body(self.server, self.form.clone(), 1_000_000));
        let short = crowd(200, |_| slow_body(self.server, self.form.clone(), 10_000));
        let (heads, long, short, waves) = tokio::join!(heads, long, short, self.waves());
        count(&mut met, "slow heads", heads?);
        count(&mut met, "slow long forms", long?);
        count(&mut met, "slow short forms", short?);
        for (what, ends) in waves? {
            count(&mut met, what, ends);
        }
        Ok(met)
    }

    async fn waves(&self) -> io::Result<Vec<(&'static str, Vec<End>)>> {
        let (began, mut met) = (Instant::now(), Vec::new());
        while began.elapsed() < LASTS {
            met.extend(self.wave().await?);
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        Ok(met)
    }

    async fn wave(&self) -> io::Result<[(&'static str, Vec<End>); 9]> {
        let Self { server, form, document, island } = self;
        let long = |head: &str, filler: usize, end: &str| format!("{head}{}{end}", "a".repeat(filler)).into_bytes();
        let address = || long("GET /", 64 * 1024, " HTTP/1.1\r\nhost: a\r\n\r\n");
        let header = || long("GET / HTTP/1.1\r\nhost: a\r\ncookie: ", 1024 * 1024, "\r\n\r\n");
        let deep = |head: &str| format!("{head}content-length: 100000\r\n\r\n{}", "[".repeat(100_000)).into_bytes();
        Ok([
            ("endless forms", crowd(20, |_| endless_body(*server, form.clone())).await?),
            ("endless documents", crowd(20, |_| endless_body(*server, document.clone())).await?),
            ("endless calls", crowd(20, |_| endless_body(*server, island.clone())).await?),
            ("huge forms", crowd(20, |_| huge_body(*server, form.clone(), "10000000000000")).await?),
            ("absurd forms", crowd(20, |_| huge_body(*server, form.clone(), "99999999999999999999999")).await?),
            ("long addresses", crowd(50, |_| send(*server, address())).await?),
            ("long headers", crowd(20, |_| send(*server, header())).await?),
            ("deep documents and calls", {
                let documents = crowd(20, |_| send(*server, deep(document))).await?;
                [documents, crowd(20, |_| send(*server, deep(island))).await?].concat()
            }),
            ("thousands in one breath", crowd(2, |_| in_one_breath(*server, 2000)).await?),
        ])
    }
}

fn count(met: &mut Met, what: &'static str, ends: Vec<End>) {
    let counted = met.entry(what).or_default();
    for end in ends {
        *counted.entry(end).or_default() += 1;
    }
}
