//! Puts the static files for browsers into the binary: compressed, and with a hash of the content in each name.
//!
//! From the repository: `style/*.css` as one stylesheet (main.css first), the scripts of `frontend` (minified if its esbuild is
//! installed), `frontend/*.svg` and `frontend/*.png`.
//! From `frontend/build.sh`: `app.js` and `app.wasm` in `target/site` (or in `TRIALMARK_SITE`). Without these two, pages work
//! as plain HTML.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use brotli::enc::BrotliEncoderParams;
use sha2::{Digest, Sha256};

type BuildResult<T> = Result<T, Box<dyn Error>>;

fn main() -> BuildResult<()> {
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let manifest = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let repository = manifest.parent().ok_or("the server stands outside the repository")?;
    println!("cargo::rerun-if-changed=build.rs");

    let mut files = vec![("style.css".to_owned(), stylesheet(&repository.join("style"))?)];
    for script in ["islands.js", "drafts.js", "live.js", "passkeys.js", "pending_checks.js"] {
        files.push((script.to_owned(), minified(&repository.join("frontend"), script)?));
    }
    for extension in ["svg", "png"] {
        for picture in files_with_extension(&repository.join("frontend"), extension)? {
            files.push((file_name(&picture), read_watched(&picture)?));
        }
    }
    let site = site_folder(repository)?;
    for built in ["app.js", "app.wasm"] {
        let path = site.join(built);
        if path.exists() {
            files.push((built.to_owned(), fs::read(path)?));
        }
    }

    let table = files.iter().map(|(name, bytes)| entry(&out, name, bytes)).collect::<BuildResult<String>>()?;
    fs::write(out.join("assets.rs"), format!("&[{table}]"))?;
    Ok(())
}

/// The minified script, or the script unchanged if esbuild is not installed.
fn minified(folder: &Path, script: &str) -> BuildResult<Vec<u8>> {
    let plain = read_watched(&folder.join(script))?;
    let esbuild = Command::new(folder.join("node_modules/.bin/esbuild"))
        .args(["--minify", "--format=esm", "--log-level=warning"])
        .arg(folder.join(script))
        .output();
    Ok(esbuild
        .ok()
        .filter(|output| output.status.success() && !output.stdout.is_empty())
        .map_or(plain, |output| output.stdout))
}

/// All stylesheets as one: main.css first, then the capabilities by name.
fn stylesheet(folder: &Path) -> BuildResult<Vec<u8>> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut stylesheets = files_with_extension(folder, "css")?;
    stylesheets.sort_by_key(|sheet| (file_name(sheet) != "main.css", file_name(sheet)));
    let texts = stylesheets.iter().map(fs::read).collect::<Result<Vec<_>, _>>()?;
    Ok(texts.join(&b'\n'))
}

/// The output folder of `frontend/build.sh`. It is created if missing, because Cargo can only watch a folder that exists.
fn site_folder(repository: &Path) -> BuildResult<PathBuf> {
    println!("cargo::rerun-if-env-changed=TRIALMARK_SITE");
    let site = repository.join(env::var_os("TRIALMARK_SITE").unwrap_or("target/site".into()));
    fs::create_dir_all(&site)?;
    println!("cargo::rerun-if-changed={}", site.display());
    Ok(site)
}

/// Writes a file, plain and compressed, and returns its entry in the table of assets.
fn entry(out: &Path, name: &str, bytes: &[u8]) -> BuildResult<String> {
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
    let quality = brotli_quality()?;
    let compressed_name = format!("{stem}-{hash}.{extension}.{quality}.br");
    let path = out.join(&compressed_name);
    // Compressing takes seconds, so the result of an earlier build is used again.
    if !path.exists() {
        let temporary = out.join("unfinished.br");
        fs::write(&temporary, compressed(bytes, quality)?)?;
        fs::rename(temporary, &path)?;
    }
    let brotli = if fs::metadata(&path)?.len() < bytes.len() as u64 {
        format!(r#"Some(AssetBody {{ etag: "\"{hash}-br\"", bytes: include_bytes!({compressed_name:?}) }})"#)
    } else {
        "None".to_owned()
    };
    Ok(format!(
        r#"Asset {{ source: {name:?}, path: "/assets/{stem}-{hash}.{extension}", content_type: {content_type:?},
            plain: AssetBody {{ etag: "\"{hash}\"", bytes: include_bytes!({name:?}) }}, brotli: {brotli} }},"#
    ))
}

/// The quality of Brotli: best for releases, fast for development.
fn brotli_quality() -> BuildResult<i32> {
    Ok(if env::var("PROFILE")? == "release" { 11 } else { 4 })
}

fn compressed(bytes: &[u8], quality: i32) -> BuildResult<Vec<u8>> {
    let size_hint = bytes.len();
    let parameters = BrotliEncoderParams { quality, lgwin: 22, size_hint, ..BrotliEncoderParams::default() };
    let mut output = Vec::new();
    brotli::BrotliCompress(&mut &*bytes, &mut output, &parameters)?;
    Ok(output)
}

fn files_with_extension(folder: &Path, extension: &str) -> BuildResult<Vec<PathBuf>> {
    let paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<BuildResult<Vec<_>>>()?;
    let mut paths: Vec<_> =
        paths.into_iter().filter(|path| path.extension().is_some_and(|found| found == extension)).collect();
    paths.sort();
    Ok(paths)
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn read_watched(path: &Path) -> BuildResult<Vec<u8>> {
    println!("cargo::rerun-if-changed={}", path.display());
    fs::read(path).map_err(|cause| format!("{}: {cause}", path.display()).into())
}
