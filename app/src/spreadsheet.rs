//! CSV downloads (RFC 4180). They are streamed, have a byte order mark for Excel, and no cell can be read as a
//! formula.

use axum::body::{Body, Bytes};
use axum::response::{IntoResponse, Response};
use domain::text::is_blank;
use futures_util::{Stream, StreamExt, TryStreamExt, stream};
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};

use crate::error::Error;

/// Tells Excel that the text is UTF-8.
const BYTE_ORDER_MARK: &[u8] = "\u{FEFF}".as_bytes();

/// A CSV download. Rows are read in batches, so that only one batch is in memory. If reading fails, the connection
/// breaks off, and the file does not look complete.
pub(crate) fn download<const N: usize>(
    name: &str,
    headings: [&str; N],
    rows: impl Stream<Item = Result<Vec<[String; N]>, Error>> + Send + 'static,
) -> Result<Response, Error> {
    let first_chunk = [BYTE_ORDER_MARK, &to_csv(&[headings])?].concat();
    let rows = rows.and_then(|rows| async move { to_csv(&rows).map(Bytes::from) });
    let body = stream::iter([Ok(Bytes::from(first_chunk))]).chain(rows);
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.csv\"")),
    ];
    Ok((headers, Body::from_stream(body)).into_response())
}

fn to_csv<const N: usize, C: AsRef<str>>(rows: &[[C; N]]) -> Result<Vec<u8>, Error> {
    let mut table = csv::Writer::from_writer(Vec::new());
    let failed = |error: csv::Error| {
        tracing::error!(%error, "a table could not be written");
        Error::Internal
    };
    for row in rows {
        table.write_record(row.each_ref().map(|cell| escape_formulas(cell.as_ref()))).map_err(failed)?;
    }
    table.into_inner().map_err(|error| failed(error.into_error().into()))
}

/// Puts an apostrophe before what a spreadsheet would read as a formula (OWASP, CSV injection): at the start of the
/// cell, and after every character that some program or locale takes for a separator.
fn escape_formulas(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut cell_start = Some(0);
    for c in text.chars() {
        if let Some(start) = cell_start {
            if begins_formula(c) {
                escaped.insert(start, '\'');
                cell_start = None;
            } else if !is_skipped(c) {
                cell_start = None;
            }
        }
        escaped.push(c);
        if matches!(c, ',' | ';' | '|' | '\t' | '\r' | '\n') {
            cell_start = Some(escaped.len());
        }
    }
    escaped
}

/// Also in full-width and small forms.
fn begins_formula(c: char) -> bool {
    matches!(
        c,
        '=' | '+'
            | '-'
            | '@'
            | '＝'
            | '＋'
            | '－'
            | '＠'
            | '\u{2212}'
            | '\u{FE62}'
            | '\u{FE63}'
            | '\u{FE66}'
            | '\u{FE6B}'
    )
}

/// What may precede a formula: blanks, invisible characters and quotes.
fn is_skipped(c: char) -> bool {
    c == '"' || c.is_control() || is_blank(c.encode_utf8(&mut [0; 4]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn formulas_are_escaped() {
        let cells = [
            ("=HYPERLINK(\"x\")", "'=HYPERLINK(\"x\")"),
            ("+48 600 100 200", "'+48 600 100 200"),
            ("-2+3", "'-2+3"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("x;=1+1", "x;'=1+1"),
            ("x,=1+1", "x,'=1+1"),
            ("x\t=1+1", "x\t'=1+1"),
            ("x|=1+1", "x|'=1+1"),
            ("x\n=1+1", "x\n'=1+1"),
            ("x;;+1,@2", "x;;'+1,'@2"),
            ("x; =1+1", "x;' =1+1"),
            ("x;\u{A0}\u{3000}=1", "x;'\u{A0}\u{3000}=1"),
            (" =1", "' =1"),
            ("\t=1", "\t'=1"),
            ("\r=1", "\r'=1"),
            ("\u{FEFF}\u{200B}=1", "'\u{FEFF}\u{200B}=1"),
            ("\0=1", "'\0=1"),
            ("\"=1\"", "'\"=1\""),
            ("x;\"=1\"", "x;'\"=1\""),
            ("＝1", "'＝1"),
            ("＋1", "'＋1"),
            ("－1", "'－1"),
            ("＠SUM", "'＠SUM"),
            ("x;＝1", "x;'＝1"),
            ("−1", "'−1"),
            ("﹦1", "'﹦1"),
        ];
        for (text, expected) in cells {
            assert_eq!(escape_formulas(text), expected, "{text:?}");
        }
        for text in ["June Hart", "a=b", "Ann-Marie", "a@b.c", "x; y", "1+1", "Łódź", "'=1", ""] {
            assert_eq!(escape_formulas(text), text);
        }
    }

    #[test]
    fn csv_output_has_headings_and_quotes_cells_where_needed() {
        let table = to_csv(&[["who", "about"], ["Hart, June", "+Salina"], ["say \"so\"", "Łódź"]]).unwrap();
        let table = String::from_utf8(table).unwrap();
        assert_eq!(table, "who,about\n\"Hart, June\",'+Salina\n\"say \"\"so\"\"\",Łódź\n");
    }

    proptest! {
        /// A spreadsheet may use any separator, and may not know quotes.
        #[test]
        fn no_cell_is_a_formula_with_any_separator_or_quoting(
            cells in prop::collection::vec("[a=+@＝－\"';,|\t\r\n \u{A0}\u{200B}-]{0,8}", 3),
            separator in prop::sample::select(vec![b',', b';', b'\t', b'|']),
            quoting: bool,
        ) {
            let [one, two, three] = cells.try_into().unwrap();
            let table = to_csv(&[[one, two, three]]).unwrap();
            let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).quoting(quoting).from_reader(&*table);
            for record in reader.records() {
                for cell in &record.unwrap() {
                    let trimmed = cell.trim_start_matches(is_skipped);
                    prop_assert!(!trimmed.starts_with(begins_formula), "{cell:?} in {:?}", String::from_utf8_lossy(&table));
                }
            }
        }
    }
}
