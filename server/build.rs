//! Packs what a browser needs into the binary: compressed, under names that change with their content.
//!
//! From the repository: `style/*.css` as one sheet (main.css first), the scripts of `frontend` (minified by its esbuild, where that is installed),
//! `frontend/*.svg` and `frontend/*.png`.
//! From `frontend/build.sh`: `app.js` and `app.wasm` in `target/site` (or where `TRIALMARK_SITE` says). Without these
//! two, pages work as plain HTML.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use brotli::enc::BrotliEncoderParams;
use sha2::{Digest, Sha256};

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let manifest = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let repository = manifest.parent().ok_or("the server stands outside the repository")?;
    println!("cargo::rerun-if-changed=build.rs");

    let mut files = vec![("style.css".to_owned(), stylesheet(&repository.join("style"))?)];
    for script in ["boot.js", "forms.js", "live.js", "passkeys.js", "rounds.js"] {
        files.push((script.to_owned(), minified(&repository.join("frontend"), script)?));
    }
    for kind in ["svg", "png"] {
        for picture in named(&repository.join("frontend"), kind)? {
            files.push((file_name(&picture), read(&picture)?));
        }
    }
    let site = site(repository)?;
    for built in ["app.js", "app.wasm"] {
        let path = site.join(built);
        if path.exists() {
            files.push((built.to_owned(), fs::read(path)?));
        }
    }

    let table = files.iter().map(|(name, bytes)| entry(&out, name, bytes)).collect::<Outcome<String>>()?;
    fs::write(out.join("assets.rs"), format!("&[{table}]"))?;
    Ok(())
}

/// A script without its comments and long names; as it is where there is no esbuild.
fn minified(folder: &Path, script: &str) -> Outcome<Vec<u8>> {
    let plain = read(&folder.join(script))?;
    let esbuild = Command::new(folder.join("node_modules/.bin/esbuild"))
        .args(["--minify", "--format=esm", "--log-level=warning"])
        .arg(folder.join(script))
        .output();
    Ok(esbuild.ok().filter(|made| made.status.success() && !made.stdout.is_empty()).map_or(plain, |made| made.stdout))
}

/// All sheets as one: main.css first, then the capabilities by name.
fn stylesheet(folder: &Path) -> Outcome<Vec<u8>> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut sheets = named(folder, "css")?;
    sheets.sort_by_key(|sheet| (file_name(sheet) != "main.css", file_name(sheet)));
    let texts = sheets.iter().map(fs::read).collect::<Result<Vec<_>, _>>()?;
    Ok(texts.join(&b'\n'))
}

/// Where `frontend/build.sh` leaves its work. Cargo cannot watch a folder that is missing, so it is made.
fn site(repository: &Path) -> Outcome<PathBuf> {
    println!("cargo::rerun-if-env-changed=TRIALMARK_SITE");
    let site = repository.join(env::var_os("TRIALMARK_SITE").unwrap_or("target/site".into()));
    fs::create_dir_all(&site)?;
    println!("cargo::rerun-if-changed={}", site.display());
    Ok(site)
}

/// Writes the two copies of a file and the line of the table that names them.
fn entry(out: &Path, name: &str, bytes: &[u8]) -> Outcome<String> {
    let hash = Sha256::digest(bytes).iter().take(6).fold(String::new(), |mut hash, byte| {
        let _ = write!(hash, "{byte:02x}");
        hash
    });
    let (stem, extension) = name.rsplit_once('.').ok_or("a file without an extension")?;
    let content_type = match extension {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "wasm" => "application/wasm",
        _ => return Err(format!("no content type for {name}").into()),
    };
    fs::write(out.join(name), bytes)?;
    let quality = quality()?;
    let smaller = format!("{stem}-{hash}.{extension}.{quality}.br");
    let path = out.join(&smaller);
    // Compressing well takes seconds; what an earlier build has compressed is still good.
    if !path.exists() {
        let unfinished = out.join("unfinished.br");
        fs::write(&unfinished, compressed(bytes, quality)?)?;
        fs::rename(unfinished, &path)?;
    }
    let brotli = if fs::metadata(&path)?.len() < bytes.len() as u64 {
        format!(r#"Some(Edition {{ etag: "\"{hash}-br\"", bytes: include_bytes!({smaller:?}) }})"#)
    } else {
        "None".to_owned()
    };
    Ok(format!(
        r#"Asset {{ source: {name:?}, path: "/assets/{stem}-{hash}.{extension}", content_type: {content_type:?},
            plain: Edition {{ etag: "\"{hash}\"", bytes: include_bytes!({name:?}) }}, brotli: {brotli} }},"#
    ))
}

/// The best a release can do; a development build would rather be quick.
fn quality() -> Outcome<i32> {
    Ok(if env::var("PROFILE")? == "release" { 11 } else { 4 })
}

fn compressed(bytes: &[u8], quality: i32) -> Outcome<Vec<u8>> {
    let size_hint = bytes.len();
    let parameters = BrotliEncoderParams { quality, lgwin: 22, size_hint, ..BrotliEncoderParams::default() };
    let mut smaller = Vec::new();
    brotli::BrotliCompress(&mut &*bytes, &mut smaller, &parameters)?;
    Ok(smaller)
}

fn named(folder: &Path, extension: &str) -> Outcome<Vec<PathBuf>> {
    let paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Outcome<Vec<_>>>()?;
    let mut paths: Vec<_> =
        paths.into_iter().filter(|path| path.extension().is_some_and(|it| it == extension)).collect();
    paths.sort();
    Ok(paths)
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn read(path: &Path) -> Outcome<Vec<u8>> {
    println!("cargo::rerun-if-changed={}", path.display());
    fs::read(path).map_err(|cause| format!("{}: {cause}", path.display()).into())
}
