//! The transferred bytes of the public page with everything it loads, and of the scripts of the staff app.

use std::error::Error;

use crate::load::{as_f64, get};
use crate::pages::{fetch, header};
use crate::process::Server;
use crate::report::Budget::AtMost;
use crate::report::Measure::Kilobytes;
use crate::report::Report;

pub fn measure(report: &mut Report, server: &Server, path: &str) -> Result<(), Box<dyn Error>> {
    let (page, html) = (compressed_size(server, path)?, text(server, path)?);
    let mut all = page;
    for file in assets(&html) {
        all += compressed_size(server, file)?;
    }
    report.line("public page, HTML", kilobytes(page), Kilobytes, AtMost(14.0), "brotli");
    report.line("public page, with everything it loads", kilobytes(all), Kilobytes, AtMost(50.0), "brotli");
    let mut code = 0;
    for file in assets(&html).filter(|file| is_code(file)) {
        code += compressed_size(server, file)?;
    }
    report.line("public page, WebAssembly and JavaScript", kilobytes(code), Kilobytes, AtMost(0.0), "");

    let staff = text(server, "/sign-in")?;
    let code: Vec<&str> = assets(&staff).filter(|file| is_code(file)).collect();
    if !code.iter().any(|file| is_wasm(file)) {
        report.missing("staff app, WebAssembly and JavaScript", "the browser files are not built: run `make bench`");
        return Ok(());
    }
    let sizes = code.iter().map(|file| compressed_size(server, file)).collect::<Result<Vec<_>, _>>()?;
    let sum = kilobytes(sizes.iter().sum());
    report.line("staff app, WebAssembly and JavaScript", sum, Kilobytes, AtMost(200.0), code.join(" "));
    Ok(())
}

/// The assets that a page links to.
fn assets(html: &str) -> impl Iterator<Item = &str> {
    html.split('"').filter(|part| part.starts_with("/assets/"))
}

fn is_code(file: &str) -> bool {
    is_wasm(file) || file.rsplit_once('.').is_some_and(|(_, end)| end == "js")
}

fn is_wasm(file: &str) -> bool {
    file.rsplit_once('.').is_some_and(|(_, end)| end == "wasm")
}

/// The size of a response compressed with brotli.
fn compressed_size(server: &Server, path: &str) -> Result<usize, Box<dyn Error>> {
    let answer = fetch(server, &get(path, "accept-encoding: br\r\n"))?;
    let is_compressed = header(&answer.head, "content-encoding") == Some("br") || path.starts_with("/assets/");
    if answer.status != 200 || !is_compressed {
        return Err(format!("{path} got an unexpected answer: {}", answer.head).into());
    }
    Ok(answer.body.len())
}

fn text(server: &Server, path: &str) -> Result<String, Box<dyn Error>> {
    Ok(String::from_utf8_lossy(&fetch(server, &get(path, ""))?.body).into_owned())
}

/// A kilobyte is a thousand bytes.
fn kilobytes(bytes: usize) -> f64 {
    as_f64(bytes) / 1000.0
}
