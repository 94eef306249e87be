//! One value: in a database, and in an export file.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use serde_json::Value;
use sqlx::{ColumnIndex, Database, Decode, Row, Type};
use uuid::Uuid;

use super::column::{Column, ColumnKind};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cell {
    Id(Option<Uuid>),
    Bytes(Option<Vec<u8>>),
    Text(Option<String>),
    Integer(Option<i64>),
    Boolean(Option<bool>),
    Instant(Option<DateTime<Utc>>),
    Day(Option<NaiveDate>),
}

/// A type that a database can have in its columns.
pub(crate) trait Decodable<'r, DB: Database>: Decode<'r, DB> + Type<DB> {}
impl<'r, DB: Database, T: Decode<'r, DB> + Type<DB>> Decodable<'r, DB> for T {}

impl Cell {
    /// The value at a position of a row.
    pub fn from_row<'r, R>(row: &'r R, place: usize, kind: ColumnKind) -> Result<Self, sqlx::Error>
    where
        R: Row,
        usize: ColumnIndex<R>,
        Uuid: Decodable<'r, R::Database>,
        Vec<u8>: Decodable<'r, R::Database>,
        String: Decodable<'r, R::Database>,
        i64: Decodable<'r, R::Database>,
        bool: Decodable<'r, R::Database>,
        DateTime<Utc>: Decodable<'r, R::Database>,
        NaiveDate: Decodable<'r, R::Database>,
    {
        Ok(match kind {
            ColumnKind::Id => Self::Id(row.try_get(place)?),
            ColumnKind::Bytes | ColumnKind::Picture => Self::Bytes(row.try_get(place)?),
            ColumnKind::Text => Self::Text(row.try_get(place)?),
            ColumnKind::Integer => Self::Integer(row.try_get(place)?),
            ColumnKind::Boolean => Self::Boolean(row.try_get(place)?),
            ColumnKind::Instant => Self::Instant(row.try_get(place)?),
            ColumnKind::Day => Self::Day(row.try_get(place)?),
        })
    }

    /// The value as JSON, the same from both databases.
    pub fn into_json(self) -> Value {
        let text = match self {
            Self::Integer(number) => return number.into(),
            Self::Boolean(answer) => return answer.into(),
            Self::Id(id) => id.map(|id| id.to_string()),
            Self::Bytes(bytes) => bytes.map(|bytes| hex(&bytes)),
            Self::Text(text) => text,
            Self::Instant(at) => at.map(|at| at.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
            Self::Day(day) => day.map(|day| day.to_string()),
        };
        text.into()
    }

    /// The value from JSON. `None` if it is no value of the column, or not in the form that [`Cell::into_json`] writes.
    pub fn from_json(column: &Column, value: &Value) -> Option<Self> {
        let text = value.as_str();
        let cell = match (column.kind, value) {
            (kind, Value::Null) => column.optional.then(|| Self::null(kind))?,
            (ColumnKind::Integer, _) => Self::Integer(Some(value.as_i64()?)),
            (ColumnKind::Boolean, _) => Self::Boolean(Some(value.as_bool()?)),
            (ColumnKind::Id, _) => Self::Id(Some(text?.parse().ok()?)),
            (ColumnKind::Bytes | ColumnKind::Picture, _) => Self::Bytes(Some(bytes(text?)?)),
            (ColumnKind::Text, _) => Self::Text(Some(text.filter(|text| (column.is_valid)(text))?.to_owned())),
            (ColumnKind::Instant, _) => Self::Instant(Some(instant(text?)?)),
            (ColumnKind::Day, _) => Self::Day(Some(text?.parse().ok()?)),
        };
        (cell.clone().into_json() == *value).then_some(cell)
    }

    fn null(kind: ColumnKind) -> Self {
        match kind {
            ColumnKind::Id => Self::Id(None),
            ColumnKind::Bytes | ColumnKind::Picture => Self::Bytes(None),
            ColumnKind::Text => Self::Text(None),
            ColumnKind::Integer => Self::Integer(None),
            ColumnKind::Boolean => Self::Boolean(None),
            ColumnKind::Instant => Self::Instant(None),
            ColumnKind::Day => Self::Day(None),
        }
    }
}

/// Two hexadecimal digits per byte.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    text.as_bytes().chunks(2).map(pair).collect()
}

/// An instant with at most milliseconds, which both databases store exactly.
fn instant(text: &str) -> Option<DateTime<Utc>> {
    let at = DateTime::parse_from_rfc3339(text).ok()?.to_utc();
    (at.timestamp_subsec_nanos().is_multiple_of(1_000_000)).then_some(at)
}

/// Binds a cell to a query of either database.
macro_rules! bind {
    ($query:expr, $cell:expr) => {
        match $cell {
            $crate::tables::Cell::Id(value) => $query.bind(value),
            $crate::tables::Cell::Bytes(value) => $query.bind(value),
            $crate::tables::Cell::Text(value) => $query.bind(value),
            $crate::tables::Cell::Integer(value) => $query.bind(value),
            $crate::tables::Cell::Boolean(value) => $query.bind(value),
            $crate::tables::Cell::Instant(value) => $query.bind(value),
            $crate::tables::Cell::Day(value) => $query.bind(value),
        }
    };
}
pub(crate) use bind;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_cell() -> impl Strategy<Value = (ColumnKind, Cell)> {
        let millis = 0..4_000_000_000_000_i64;
        prop_oneof![
            any::<u128>().prop_map(|id| (ColumnKind::Id, Cell::Id(Some(Uuid::from_u128(id))))),
            any::<Vec<u8>>().prop_map(|bytes| (ColumnKind::Bytes, Cell::Bytes(Some(bytes)))),
            any::<String>().prop_map(|text| (ColumnKind::Text, Cell::Text(Some(text)))),
            any::<i64>().prop_map(|number| (ColumnKind::Integer, Cell::Integer(Some(number)))),
            any::<bool>().prop_map(|answer| (ColumnKind::Boolean, Cell::Boolean(Some(answer)))),
            millis.prop_map(|at| (ColumnKind::Instant, Cell::Instant(DateTime::from_timestamp_millis(at)))),
            (0..90_000_i32)
                .prop_map(|days| (ColumnKind::Day, Cell::Day(NaiveDate::from_num_days_from_ce_opt(700_000 + days)))),
        ]
    }

    fn column(kind: ColumnKind) -> Column {
        Column { kind, ..Column::text("x", super::super::column::any) }
    }

    proptest! {
        #[test]
        fn a_cell_round_trips_as_json((kind, cell) in any_cell()) {
            let written = serde_json::to_string(&cell.clone().into_json()).unwrap();
            let read = serde_json::from_str(&written).unwrap();
            prop_assert_eq!(Cell::from_json(&column(kind), &read), Some(cell));
        }

        #[test]
        fn reading_any_text_never_panics(text in any::<String>(), (kind, _) in any_cell()) {
            let _ = Cell::from_json(&column(kind), &Value::String(text));
        }
    }

    #[test]
    fn noncanonical_values_are_refused() {
        let reads = |kind, value: Value| Cell::from_json(&column(kind), &value).is_some();
        assert!(!reads(ColumnKind::Id, "00000000000000000000000000000001".into()));
        assert!(
            !reads(ColumnKind::Bytes, "AB".into())
                && !reads(ColumnKind::Bytes, "abc".into())
                && !reads(ColumnKind::Bytes, "é".into())
        );
        assert!(!reads(ColumnKind::Instant, "2026-11-02T12:00:00+00:00".into()));
        assert!(!reads(ColumnKind::Instant, "2026-11-02T12:00:00.000001Z".into()));
        assert!(
            !reads(ColumnKind::Day, "2026-2-3".into())
                && !reads(ColumnKind::Integer, 1.5.into())
                && !reads(ColumnKind::Boolean, 1.into())
        );
        assert!(!reads(ColumnKind::Text, Value::Null), "nothing only where there may be nothing");
    }
}
