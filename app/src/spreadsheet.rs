//! Tables to take away as CSV (RFC 4180): sent whole however long they are, in letters that Excel reads, and without a cell
//! that a spreadsheet takes for a formula.

use axum::body::{Body, Bytes};
use axum::response::{IntoResponse, Response};
use domain::text::is_blank;
use futures_util::{Stream, StreamExt, TryStreamExt, stream};
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};

use crate::error::Error;

/// By this Excel knows that the letters are UTF-8.
const BYTE_ORDER_MARK: &[u8] = "\u{FEFF}".as_bytes();

/// A table under a name, with its heads, and its rows as they are read: only some of them are in memory at a time. Where
/// the reading fails, the download breaks off as a failed one; it never ends as if it were whole.
pub(crate) fn download<const N: usize>(
    name: &str,
    heads: [&str; N],
    rows: impl Stream<Item = Result<Vec<[String; N]>, Error>> + Send + 'static,
) -> Result<Response, Error> {
    let begin = [BYTE_ORDER_MARK, &written(&[heads])?].concat();
    let rows = rows.and_then(|rows| async move { written(&rows).map(Bytes::from) });
    let body = stream::iter([Ok(Bytes::from(begin))]).chain(rows);
    let says = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.csv\"")),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((says, Body::from_stream(body)).into_response())
}

fn written<const N: usize, C: AsRef<str>>(rows: &[[C; N]]) -> Result<Vec<u8>, Error> {
    let mut table = csv::Writer::from_writer(Vec::new());
    let failed = |error: csv::Error| {
        tracing::error!(%error, "a table could not be written");
        Error::Internal
    };
    for row in rows {
        table.write_record(row.each_ref().map(|cell| inert(cell.as_ref()))).map_err(failed)?;
    }
    table.into_inner().map_err(|error| failed(error.into_error().into()))
}

/// Text that stays text (OWASP, CSV injection): an apostrophe goes before whatever a spreadsheet would begin a formula
/// with, at the beginning of the cell and after everything that another program, or another country's Excel, takes for the
/// beginning of the next one.
fn inert(text: &str) -> String {
    let mut inert = String::with_capacity(text.len());
    let mut cell = Some(0);
    for c in text.chars() {
        if let Some(begin) = cell {
            if begins_formula(c) {
                inert.insert(begin, '\'');
                cell = None;
            } else if !is_passed_over(c) {
                cell = None;
            }
        }
        inert.push(c);
        if matches!(c, ',' | ';' | '|' | '\t' | '\r' | '\n') {
            cell = Some(inert.len());
        }
    }
    inert
}

/// As typed on any keyboard, full width and small forms too.
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

/// What may stand before a formula: blanks, what is not seen, and the quotes around a cell.
fn is_passed_over(c: char) -> bool {
    c == '"' || c.is_control() || is_blank(c.encode_utf8(&mut [0; 4]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_would_be_a_formula_stays_a_text() {
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
            assert_eq!(inert(text), expected, "{text:?}");
        }
        for text in ["June Hart", "a=b", "Ann-Marie", "a@b.c", "x; y", "1+1", "Łódź", "'=1", ""] {
            assert_eq!(inert(text), text);
        }
    }

    #[test]
    fn a_table_has_its_heads_and_quotes_what_needs_it() {
        let table = written(&[["who", "about"], ["Hart, June", "+Salina"], ["say \"so\"", "Łódź"]]).unwrap();
        let table = String::from_utf8(table).unwrap();
        assert_eq!(table, "who,about\n\"Hart, June\",'+Salina\n\"say \"\"so\"\"\",Łódź\n");
    }

    proptest! {
        /// A spreadsheet may go by any separator, and may know nothing of quotes.
        #[test]
        fn no_cell_of_any_reader_is_a_formula(
            cells in prop::collection::vec("[a=+@＝－\"';,|\t\r\n \u{A0}\u{200B}-]{0,8}", 3),
            separator in prop::sample::select(vec![b',', b';', b'\t', b'|']),
            quoting: bool,
        ) {
            let [one, two, three] = cells.try_into().unwrap();
            let table = written(&[[one, two, three]]).unwrap();
            let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).quoting(quoting).from_reader(&*table);
            for record in reader.records() {
                for cell in &record.unwrap() {
                    let seen = cell.trim_start_matches(is_passed_over);
                    prop_assert!(!seen.starts_with(begins_formula), "{cell:?} in {:?}", String::from_utf8_lossy(&table));
                }
            }
        }
    }
}
