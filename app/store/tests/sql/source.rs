//! Finds the SQL statements in Rust source: in literals, in pieces, in macros.

use std::path::Path;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// All statements in the files of a folder, each with its file.
pub fn statements(folder: &Path) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(statements(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.display().to_string();
            let source = std::fs::read_to_string(&path).unwrap();
            all.extend(statements_in(&source).into_iter().map(|sql| (name.clone(), sql)));
        }
    }
    all
}

/// The statements in a file's text. Literals with nothing but commas between them are pieces of one statement; what a
/// macro fills in between them stands as `…`.
pub fn statements_in(source: &str) -> Vec<String> {
    let mut texts = Vec::new();
    collect_texts(source.parse().unwrap(), false, &mut texts);
    texts.retain(|text| {
        ["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH ", " FROM ", " JOIN "].iter().any(|verb| text.contains(verb))
    });
    texts
}

fn collect_texts(tokens: TokenStream, in_concat: bool, texts: &mut Vec<String>) {
    let (mut text, mut concat, mut doc) = (None::<String>, false, false);
    for token in tokens {
        let literal = if let TokenTree::Literal(literal) = &token { value(&literal.to_string()) } else { None };
        let comma = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ',');
        match (literal, &mut text) {
            (Some(piece), Some(text)) => text.push_str(&piece),
            (Some(piece), None) => text = Some(piece),
            (None, Some(text)) if in_concat && !comma => text.push_str(if text.ends_with('…') { "" } else { "…" }),
            (None, Some(_)) if !comma => texts.extend(text.take()),
            _ => {}
        }
        match token {
            // Doc comments are attributes.
            TokenTree::Group(group) if !(doc && group.delimiter() == Delimiter::Bracket) => {
                collect_texts(group.stream(), concat, texts);
                (concat, doc) = (false, false);
            }
            TokenTree::Ident(ident) => (concat, doc) = (ident == "concat", false),
            TokenTree::Punct(punct) => (concat, doc) = (concat && punct.as_char() == '!', punct.as_char() == '#'),
            _ => (concat, doc) = (false, false),
        }
    }
    texts.extend(text);
}

/// The value of a string literal; `None` if it is none. A backslash at the end of a line skips the white space after
/// it.
fn value(literal: &str) -> Option<String> {
    let quoted = literal.strip_prefix('r').map_or(literal, |raw| raw.trim_matches('#'));
    let mut lines = quoted.strip_prefix('"')?.strip_suffix('"')?.split("\\\n");
    let first = lines.next()?.to_owned();
    Some(lines.fold(first, |text, line| text + line.trim_start()))
}
