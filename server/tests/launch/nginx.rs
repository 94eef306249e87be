//! The program behind Debian's nginx, with minimal settings.

use std::fs;
use std::io::{BufRead, BufReader, Cursor, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

use domain::actor::{Actor, Principal};
use domain::role::Role;
use domain::text::Line;
use image::{ImageFormat, Rgb, RgbImage};
use server::clock::SystemSource;
use sqlx::{Connection, SqliteConnection};
use store::Store;

use crate::{Running, folder, set_up_business, shop};

const MAX_WAIT: Duration = Duration::from_mins(1);

struct Nginx {
    child: Child,
    address: SocketAddr,
}

impl Nginx {
    /// In a folder of its own, with these proxy settings.
    fn start(folder: &Path, passes: &str) -> Self {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let own = folder.display();
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|what| format!("{what}_temp_path \"{own}/{what}\";"))
            .join("\n");
        let settings = format!(
            "daemon off; master_process off; pid \"{own}/pid\"; error_log \"{own}/errors\"; events {{}}\n\
             http {{ access_log off; {temporary}\n server {{ listen {address}; location / {{ {passes} }} }} }}"
        );
        fs::create_dir_all(folder).unwrap();
        fs::write(folder.join("nginx.conf"), settings).unwrap();
        let mut command = Command::new("nginx");
        let path = std::env::var("PATH").unwrap_or_default();
        command.env("PATH", format!("{path}:/usr/sbin:/usr/local/sbin")).arg("-p").arg(folder).args(["-e", "errors"]);
        let child = command.arg("-c").arg(folder.join("nginx.conf")).stderr(Stdio::null()).spawn();
        let nginx = Self { child: child.expect("no nginx: run `make test`, which installs one"), address };
        let began = Instant::now();
        while TcpStream::connect(address).is_err() {
            let said = fs::read_to_string(folder.join("errors")).unwrap_or_default();
            assert!(began.elapsed() < MAX_WAIT, "nginx does not start: {said}");
            sleep(Duration::from_millis(10));
        }
        nginx
    }

    /// Sends a request from this address over a new connection. Returns the head and the body.
    fn send(&self, from: &str, request: &str, body: &[u8]) -> (String, Vec<u8>) {
        let mut socket = self.connect(from);
        write!(socket, "{request}host: {}\r\nconnection: close\r\n", self.address).unwrap();
        if !body.is_empty() {
            write!(socket, "content-length: {}\r\n", body.len()).unwrap();
        }
        socket.write_all(b"\r\n").unwrap();
        socket.write_all(body).unwrap();
        let mut answer = Vec::new();
        socket.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let body = answer.split_off(end + 4);
        let head = String::from_utf8(answer).unwrap();
        let small = |line: &str| match line.split_once(": ") {
            Some((name, value)) => format!("{}: {value}\n", name.to_lowercase()),
            None => format!("{line}\n"),
        };
        (head.lines().map(small).collect(), body)
    }

    fn connect(&self, from: &str) -> TcpStream {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let socket = runtime.block_on(async {
            let socket = tokio::net::TcpSocket::new_v4().unwrap();
            socket.bind(format!("{from}:0").parse().unwrap()).unwrap();
            socket.connect(self.address).await.unwrap().into_std().unwrap()
        });
        socket.set_nonblocking(false).unwrap();
        socket.set_read_timeout(Some(MAX_WAIT)).unwrap();
        socket
    }

    fn sign_in(&self, from: &str, more: &str) -> String {
        let form = "email=june%40door.example&password=seven+other+quiet+apples";
        let head = format!(
            "POST /sign-in HTTP/1.1\r\norigin: http://{}\r\ncontent-type: application/x-www-form-urlencoded\r\n{more}",
            self.address
        );
        let (head, _) = self.send(from, &head, form.as_bytes());
        assert!(head.starts_with("HTTP/1.1 303"), "{head}");
        let cookie = head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
        cookie.split(';').next().unwrap().to_owned()
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

struct ProxiedServer {
    nginx: Nginx,
    here: PathBuf,
    #[expect(dead_code, reason = "it runs until the test ends")]
    running: Running,
}

/// The program behind nginx. The program needs the address of nginx when it starts, so nginx is
/// started on a port that was chosen before.
fn start_behind_nginx(here: PathBuf, more: &str) -> ProxiedServer {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let nginx = Nginx::start(&here.join("nginx"), &format!("proxy_pass http://127.0.0.1:{port}; {more}"));
    let (listen, base_url) = (format!("127.0.0.1:{port}"), format!("http://{}", nginx.address));
    let running = Running::start_with_arguments(
        &here,
        &["--listen", &listen, "--base-url", &base_url, "--trusted-proxies", "127.0.0.1"],
    );
    ProxiedServer { nginx, here, running }
}

fn folder_with_business(test: &str) -> PathBuf {
    let here = folder(test);
    set_up_business(&here, "127.0.0.1:0");
    here
}

impl ProxiedServer {
    /// The client addresses in the audit log.
    fn addresses(&self) -> Vec<String> {
        let url = format!("sqlite:{}", self.here.join("trialmark.db").display());
        run(async {
            let mut rows = SqliteConnection::connect(&url).await.unwrap();
            let sql = "SELECT DISTINCT address FROM audit WHERE address IS NOT NULL ORDER BY 1";
            sqlx::query_scalar(sql).fetch_all(&mut rows).await.unwrap()
        })
    }

    /// Changes something that live pages show, from another program.
    fn add_site_directly(&self, name: &str) {
        let url = format!("sqlite:{}", self.here.join("trialmark.db").display());
        run(async {
            let store = Store::open(&url, Arc::new(SystemSource)).await.unwrap();
            let home = store.business_by_slug("prairie-stop").await.unwrap().unwrap();
            let owner = Actor::new(home.id, Principal::System, Role::Owner);
            store.add_site(&owner, &Line::parse(name).unwrap()).await.unwrap();
        });
    }
}

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

#[test]
fn live_events_are_not_buffered() {
    let front = start_behind_nginx(folder_with_business("nginx live"), "");
    let session = front.nginx.sign_in("127.0.0.1", "");
    let mut socket = front.nginx.connect("127.0.0.1");
    let host = front.nginx.address;
    write!(socket, "GET /live HTTP/1.1\r\nhost: {host}\r\ncookie: {session}\r\naccept-encoding: gzip, br\r\n\r\n")
        .unwrap();
    let mut lines = BufReader::new(socket).lines().map(|line| line.expect("nothing comes"));
    let head: Vec<_> = lines.by_ref().take_while(|line| !line.is_empty()).collect();
    assert!(head[0].starts_with("HTTP/1.1 200"), "{head:?}");
    // By default, nginx would buffer the stream.
    assert!(lines.any(|line| line == "event: changed"), "the first event");
    let before = lines.find(|line| line.starts_with("data: ")).unwrap();
    let form = "name=Salina";
    let post = format!(
        "POST /sites HTTP/1.1\r\norigin: http://{host}\r\ncookie: {session}\r\n\
         content-type: application/x-www-form-urlencoded\r\n"
    );
    let (head, _) = front.nginx.send("127.0.0.1", &post, form.as_bytes());
    assert!(head.starts_with("HTTP/1.1 303"), "{head}");
    assert!(lines.any(|line| line == "event: changed"), "the next event");
    assert_ne!(lines.find(|line| line.starts_with("data: ")).unwrap(), before);
}

#[test]
fn pages_stay_compressed_and_cacheable() {
    let front = start_behind_nginx(folder_with_business("nginx pages"), "");
    front.add_site_directly("Hays");
    let get = |more: &str| front.nginx.send("127.0.0.1", &format!("GET /p/prairie-stop HTTP/1.1\r\n{more}"), b"");
    let (head, plain) = get("");
    assert!(head.starts_with("HTTP/1.1 200") && !head.contains("content-encoding"), "{head}");
    assert!(String::from_utf8(plain.clone()).unwrap().contains("Prairie Stop"));
    for encoding in ["br", "gzip"] {
        let (head, packed) = get(&format!("accept-encoding: {encoding}\r\n"));
        assert!(head.contains(&format!("content-encoding: {encoding}")), "{head}");
        assert!(head.contains("vary:") && packed.len() < plain.len() / 2, "{} of {} bytes", packed.len(), plain.len());
        let etag = head.lines().find_map(|line| line.strip_prefix("etag: ")).expect("no etag").to_owned();
        let (head, again) = get(&format!("accept-encoding: {encoding}\r\nif-none-match: {etag}\r\n"));
        assert!(head.starts_with("HTTP/1.1 304") && again.is_empty(), "{head}");
    }
    let (head, _) = front.nginx.send("127.0.0.1", "GET /nothing/here HTTP/1.1\r\n", b"");
    assert!(head.starts_with("HTTP/1.1 404"), "{head}");
}

#[test]
fn the_client_address_is_forwarded() {
    let appended = "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;";
    let front = start_behind_nginx(folder_with_business("nginx address"), appended);
    // nginx appends its entry to the header of the client, and only the entry of nginx counts.
    for (from, said) in [
        ("127.0.0.2", ""),
        ("127.0.0.3", "x-forwarded-for: [2001:db8::7]\r\n"),
        ("127.0.0.4", "x-forwarded-for: , 203.0.113.9,\r\n"),
    ] {
        front.nginx.sign_in(from, said);
    }
    // The first one is from the setup, before nginx was started.
    assert_eq!(front.addresses(), ["127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4"]);
}

#[test]
fn photos_can_be_uploaded_and_downloaded() {
    let here = folder_with_business("nginx pictures");
    let url = format!("sqlite:{}", here.join("trialmark.db").display());
    let shop = run(async {
        let store = Store::open(&url, Arc::new(SystemSource)).await.unwrap();
        let home = store.business_by_slug("prairie-stop").await.unwrap().unwrap();
        shop::add_guarantee(&store, Actor::new(home.id, Principal::System, Role::Owner)).await.unwrap()
    });
    let front = start_behind_nginx(here, "client_max_body_size 8m;");
    let session = front.nginx.sign_in("127.0.0.1", "");
    let (host, place) = (front.nginx.address, shop.places[0]);
    let signed_in = format!("origin: http://{host}\r\ncookie: {session}\r\n");
    let field = format!("--part\r\ncontent-disposition: form-data; name=\"place\"\r\n\r\n{place}\r\n");
    let file = "--part\r\ncontent-disposition: form-data; name=\"photo\"; filename=\"x.png\"\r\n\r\n";
    let body = [field.as_bytes(), file.as_bytes(), &large_picture(), b"\r\n--part--\r\n"].concat();
    let post = format!(
        "POST /guarantees/{}/example HTTP/1.1\r\n{signed_in}content-type: multipart/form-data; boundary=part\r\n",
        shop.guarantee
    );
    let (head, answer) = front.nginx.send("127.0.0.1", &post, &body);
    assert!(head.starts_with("HTTP/1.1 303"), "{head} {}", String::from_utf8_lossy(&answer));
    let (_, screen) = front.nginx.send("127.0.0.1", &format!("GET /check/{place} HTTP/1.1\r\n{signed_in}"), b"");
    let screen = String::from_utf8(screen).unwrap();
    let picture = screen.split("src=\"/photos/").nth(1).and_then(|rest| rest.split('"').next()).expect("no picture");
    let (head, bytes) = front.nginx.send("127.0.0.1", &format!("GET /photos/{picture} HTTP/1.1\r\n{signed_in}"), b"");
    assert!(head.starts_with("HTTP/1.1 200") && head.contains("image/jpeg"), "{head}");
    assert!(bytes.starts_with(&[0xff, 0xd8, 0xff]) && bytes.len() > 10_000, "{} bytes", bytes.len());
}

/// A PNG of between one and six megabytes.
fn large_picture() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mixed = |it: u32| it.wrapping_mul(2_654_435_761).to_le_bytes()[3];
    let noise = |x: u32, y: u32| Rgb([x * 7 + y * 13, x * y, x ^ (y * 31)].map(mixed));
    RgbImage::from_fn(1200, 1000, noise).write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
    assert!((1_500_000..6_000_000).contains(&bytes.len()), "{}", bytes.len());
    bytes
}
