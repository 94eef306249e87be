//! What goes over the wire: the public page with all it loads, and what the staff's first page brings.

use std::error::Error;

use crate::load::{count, get};
use crate::pages::{answer, header};
use crate::process::Server;
use crate::report::Budget::AtMost;
use crate::report::Measure::Kilobytes;
use crate::report::Report;

pub fn measure(report: &mut Report, server: &Server, path: &str) -> Result<(), Box<dyn Error>> {
    let (page, html) = (fetched(server, path)?, text(server, path)?);
    let mut all = page;
    for file in files(&html) {
        all += fetched(server, file)?;
    }
    report.line("public page, HTML", kilobytes(page), Kilobytes, AtMost(14.0), "brotli");
    report.line("public page, with everything it loads", kilobytes(all), Kilobytes, AtMost(50.0), "brotli");
    let mut code = 0;
    for file in files(&html).filter(|file| runs(file)) {
        code += fetched(server, file)?;
    }
    report.line("public page, WebAssembly and JavaScript", kilobytes(code), Kilobytes, AtMost(0.0), "");

    let staff = text(server, "/sign-in")?;
    let code: Vec<&str> = files(&staff).filter(|file| runs(file)).collect();
    if !code.iter().any(|file| is_wasm(file)) {
        report.missing("staff app, WebAssembly and JavaScript", "the browser files are not built: run `make bench`");
        return Ok(());
    }
    let sizes = code.iter().map(|file| fetched(server, file)).collect::<Result<Vec<_>, _>>()?;
    let sum = kilobytes(sizes.iter().sum());
    report.line("staff app, WebAssembly and JavaScript", sum, Kilobytes, AtMost(200.0), code.join(" "));
    Ok(())
}

/// The files of ours that a page names.
fn files(html: &str) -> impl Iterator<Item = &str> {
    html.split('"').filter(|part| part.starts_with("/assets/"))
}

fn runs(file: &str) -> bool {
    is_wasm(file) || file.rsplit_once('.').is_some_and(|(_, end)| end == "js")
}

fn is_wasm(file: &str) -> bool {
    file.rsplit_once('.').is_some_and(|(_, end)| end == "wasm")
}

/// How many bytes come for it, when brotli is taken.
fn fetched(server: &Server, path: &str) -> Result<usize, Box<dyn Error>> {
    let answer = answer(server, &get(path, "accept-encoding: br\r\n"))?;
    let pressed = header(&answer.head, "content-encoding") == Some("br") || path.starts_with("/assets/");
    if answer.status != 200 || !pressed {
        return Err(format!("{path} was answered so: {}", answer.head).into());
    }
    Ok(answer.body.len())
}

fn text(server: &Server, path: &str) -> Result<String, Box<dyn Error>> {
    Ok(String::from_utf8_lossy(&answer(server, &get(path, ""))?.body).into_owned())
}

/// A kilobyte is a thousand bytes.
fn kilobytes(bytes: usize) -> f64 {
    count(bytes) / 1000.0
}
