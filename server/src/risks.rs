//! Warnings, at every start, about unsafe ways to run an installation. Nothing is changed: file permissions for a group, for
//! example, may be intended.

use std::fs;
use std::net::{IpAddr, SocketAddr};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use http::Uri;
use rustix::process::geteuid;

use crate::settings::{BaseUrl, Service, Storage};

/// Logs a warning for each risk.
pub fn warn(storage: &Storage, service: &Service, listening: SocketAddr, database: Option<&Path>) {
    if geteuid().is_root() {
        tracing::warn!(
            "Trialmark runs as root: whoever breaks into it has the whole machine. Run it as a user of its own"
        );
    }
    for (path, mode) in open_to_others(&storage.data_dir, database) {
        tracing::warn!(
            "others on this machine may get at {} (mode {mode:04o}): close it with `chmod go= {}`",
            path.display(),
            path.display()
        );
    }
    if let Some(exposed) = unencrypted_url(service.address.base_url.as_ref(), listening) {
        tracing::warn!(
            "people reach {exposed} without encryption, and whoever is on the way reads their passwords: put a proxy with \
             TLS in front, and set TRIALMARK_BASE_URL to its https:// address"
        );
    }
}

/// Stored files and folders that others than their owner can open, with their modes.
fn open_to_others(data_dir: &Path, database: Option<&Path>) -> Vec<(PathBuf, u32)> {
    let with_suffix = |path: &Path, ending| {
        let mut path = path.as_os_str().to_owned();
        path.push(ending);
        PathBuf::from(path)
    };
    let files = database.into_iter().flat_map(|path| ["", "-wal", "-shm"].map(|ending| with_suffix(path, ending)));
    let private = [data_dir.to_owned(), data_dir.join("photos")].into_iter().chain(files);
    let mut found: Vec<_> = private.filter_map(|path| mode(&path).map(|mode| (path, mode))).collect();
    found.retain(|(_, mode)| mode & 0o077 != 0);
    // If the database is in another folder, others may list it. But whoever can write there can replace the database.
    let data_dir = fs::canonicalize(data_dir).ok();
    let elsewhere = database.and_then(Path::parent).filter(|folder| data_dir.as_deref() != Some(*folder));
    let writable = |mode: &u32| mode & 0o022 != 0 && mode & 0o1000 == 0;
    if let Some((folder, mode)) = elsewhere.and_then(|folder| Some((folder, mode(folder).filter(writable)?))) {
        found.push((folder.to_owned(), mode));
    }
    found
}

fn mode(path: &Path) -> Option<u32> {
    Some(fs::metadata(path).ok()?.permissions().mode() & 0o7777)
}

/// The address, if people reach it without encryption over a public network.
fn unencrypted_url(base_url: Option<&BaseUrl>, listening: SocketAddr) -> Option<String> {
    match base_url {
        Some(url) => (!url.is_https() && is_public(url.as_str())).then(|| url.to_string()),
        None => (!is_private(listening.ip())).then(|| format!("http://{listening}")),
    }
}

/// Whether a URL points to a public host. If it cannot be parsed, it counts as public.
fn is_public(url: &str) -> bool {
    let Some(host) = url.parse::<Uri>().ok().and_then(|url| url.host().map(str::to_ascii_lowercase)) else {
        return true;
    };
    let host = host.trim_end_matches('.');
    if let Ok(address) = host.trim_matches(['[', ']']).parse() {
        return !is_private(address);
    }
    // Names of this machine or a local network (RFC 6761, 6762, 8375; `internal` is reserved by ICANN).
    let private_names = ["localhost", "local", "internal", "lan", "home.arpa"];
    let matches_name = |name: &str| host == name || host.ends_with(&format!(".{name}"));
    host.contains('.') && !private_names.iter().any(|name| matches_name(name))
}

/// Whether an address belongs to this machine or a private network.
fn is_private(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            let [first, second, ..] = address.octets();
            let shared = first == 100 && second & 0xc0 == 64;
            address.is_loopback() || address.is_private() || address.is_link_local() || shared
        }
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_outside_private_networks_gives_a_warning() {
        let warns = |base_url: Option<&str>, listening: &str| {
            let base_url = base_url.map(|url| url.parse().unwrap());
            unencrypted_url(base_url.as_ref(), listening.parse().unwrap()).is_some()
        };
        for private in [
            "https://trialmark.example",
            "http://localhost:3000",
            "http://shop.localhost",
            "http://127.0.0.1:3000",
            "http://127.9.9.9",
            "http://[::1]:3000",
            "http://10.0.0.5:3000",
            "http://172.31.0.1",
            "http://192.168.1.9",
            "http://169.254.1.1",
            "http://100.100.1.1",
            "http://[fd12::1]",
            "http://[fe80::1]",
            "http://shopserver:3000",
            "http://till.local",
            "http://till.shop.internal",
            "http://trialmark.home.arpa",
        ] {
            assert!(!warns(Some(private), "0.0.0.0:3000"), "{private}");
        }
        for public in [
            "http://trialmark.example",
            "http://trialmark.example:3000",
            "http://TRIALMARK.EXAMPLE",
            "http://203.0.113.9",
            "http://172.32.0.1",
            "http://100.128.0.1",
            "http://[2001:db8::1]:3000",
            "http://[::ffff:203.0.113.9]",
            "http://localhost.example",
            "http://notlocal.example",
            "http://mylocal.dev",
        ] {
            assert!(warns(Some(public), "127.0.0.1:3000"), "{public}");
        }
        for (listening, public) in [
            ("127.0.0.1:3000", false),
            ("[::1]:3000", false),
            ("10.0.0.5:3000", false),
            ("192.168.0.2:80", false),
            ("0.0.0.0:3000", true),
            ("[::]:3000", true),
            ("203.0.113.9:80", true),
        ] {
            assert_eq!(warns(None, listening), public, "{listening}");
        }
    }
}
