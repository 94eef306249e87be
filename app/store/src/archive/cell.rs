//! One value: as a database has it, and as it is written in the file.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use serde_json::Value;
use sqlx::{ColumnIndex, Database, Decode, Row, Type};
use uuid::Uuid;

use super::column::{Column, Kind};

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

/// Whether a database has this type in its columns.
pub(crate) trait Holds<'r, DB: Database>: Decode<'r, DB> + Type<DB> {}
impl<'r, DB: Database, T: Decode<'r, DB> + Type<DB>> Holds<'r, DB> for T {}

impl Cell {
    /// The value in this place of a row.
    pub fn of<'r, R>(row: &'r R, place: usize, kind: Kind) -> Result<Self, sqlx::Error>
    where
        R: Row,
        usize: ColumnIndex<R>,
        Uuid: Holds<'r, R::Database>,
        Vec<u8>: Holds<'r, R::Database>,
        String: Holds<'r, R::Database>,
        i64: Holds<'r, R::Database>,
        bool: Holds<'r, R::Database>,
        DateTime<Utc>: Holds<'r, R::Database>,
        NaiveDate: Holds<'r, R::Database>,
    {
        Ok(match kind {
            Kind::Id => Self::Id(row.try_get(place)?),
            Kind::Bytes | Kind::Picture => Self::Bytes(row.try_get(place)?),
            Kind::Text => Self::Text(row.try_get(place)?),
            Kind::Integer => Self::Integer(row.try_get(place)?),
            Kind::Boolean => Self::Boolean(row.try_get(place)?),
            Kind::Instant => Self::Instant(row.try_get(place)?),
            Kind::Day => Self::Day(row.try_get(place)?),
        })
    }

    /// As it is written in the file: the same whichever database it comes from.
    pub fn written(self) -> Value {
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

    /// As it was written; None if it is not a value of the column, or not written as it would be here.
    pub fn read(column: &Column, value: &Value) -> Option<Self> {
        let text = value.as_str();
        let cell = match (column.kind, value) {
            (kind, Value::Null) => column.optional.then(|| Self::nothing(kind))?,
            (Kind::Integer, _) => Self::Integer(Some(value.as_i64()?)),
            (Kind::Boolean, _) => Self::Boolean(Some(value.as_bool()?)),
            (Kind::Id, _) => Self::Id(Some(text?.parse().ok()?)),
            (Kind::Bytes | Kind::Picture, _) => Self::Bytes(Some(bytes(text?)?)),
            (Kind::Text, _) => Self::Text(Some(text.filter(|text| (column.reads)(text))?.to_owned())),
            (Kind::Instant, _) => Self::Instant(Some(instant(text?)?)),
            (Kind::Day, _) => Self::Day(Some(text?.parse().ok()?)),
        };
        (cell.clone().written() == *value).then_some(cell)
    }

    fn nothing(kind: Kind) -> Self {
        match kind {
            Kind::Id => Self::Id(None),
            Kind::Bytes | Kind::Picture => Self::Bytes(None),
            Kind::Text => Self::Text(None),
            Kind::Integer => Self::Integer(None),
            Kind::Boolean => Self::Boolean(None),
            Kind::Instant => Self::Instant(None),
            Kind::Day => Self::Day(None),
        }
    }
}

/// Two hexadecimal digits a byte.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    text.as_bytes().chunks(2).map(pair).collect()
}

/// To the millisecond: no clock here is finer, and no database has to cut it.
fn instant(text: &str) -> Option<DateTime<Utc>> {
    let at = DateTime::parse_from_rfc3339(text).ok()?.to_utc();
    (at.timestamp_subsec_nanos().is_multiple_of(1_000_000)).then_some(at)
}

/// Binds a cell to a query of either database.
macro_rules! bind {
    ($query:expr, $cell:expr) => {
        match $cell {
            $crate::archive::cell::Cell::Id(value) => $query.bind(value),
            $crate::archive::cell::Cell::Bytes(value) => $query.bind(value),
            $crate::archive::cell::Cell::Text(value) => $query.bind(value),
            $crate::archive::cell::Cell::Integer(value) => $query.bind(value),
            $crate::archive::cell::Cell::Boolean(value) => $query.bind(value),
            $crate::archive::cell::Cell::Instant(value) => $query.bind(value),
            $crate::archive::cell::Cell::Day(value) => $query.bind(value),
        }
    };
}
pub(super) use bind;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_cell() -> impl Strategy<Value = (Kind, Cell)> {
        let millis = 0..4_000_000_000_000_i64;
        prop_oneof![
            any::<u128>().prop_map(|id| (Kind::Id, Cell::Id(Some(Uuid::from_u128(id))))),
            any::<Vec<u8>>().prop_map(|bytes| (Kind::Bytes, Cell::Bytes(Some(bytes)))),
            any::<String>().prop_map(|text| (Kind::Text, Cell::Text(Some(text)))),
            any::<i64>().prop_map(|number| (Kind::Integer, Cell::Integer(Some(number)))),
            any::<bool>().prop_map(|answer| (Kind::Boolean, Cell::Boolean(Some(answer)))),
            millis.prop_map(|at| (Kind::Instant, Cell::Instant(DateTime::from_timestamp_millis(at)))),
            (0..90_000_i32)
                .prop_map(|days| (Kind::Day, Cell::Day(NaiveDate::from_num_days_from_ce_opt(700_000 + days)))),
        ]
    }

    fn column(kind: Kind) -> Column {
        Column { kind, ..Column::text("x", super::super::column::any) }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_as_it_was((kind, cell) in any_cell()) {
            let written = serde_json::to_string(&cell.clone().written()).unwrap();
            let read = serde_json::from_str(&written).unwrap();
            prop_assert_eq!(Cell::read(&column(kind), &read), Some(cell));
        }

        #[test]
        fn nothing_panics_whatever_is_read(text in any::<String>(), (kind, _) in any_cell()) {
            let _ = Cell::read(&column(kind), &Value::String(text));
        }
    }

    #[test]
    fn there_is_one_way_to_write_a_value() {
        let reads = |kind, value: Value| Cell::read(&column(kind), &value).is_some();
        assert!(!reads(Kind::Id, "00000000000000000000000000000001".into()));
        assert!(
            !reads(Kind::Bytes, "AB".into()) && !reads(Kind::Bytes, "abc".into()) && !reads(Kind::Bytes, "é".into())
        );
        assert!(!reads(Kind::Instant, "2026-11-02T12:00:00+00:00".into()));
        assert!(!reads(Kind::Instant, "2026-11-02T12:00:00.000001Z".into()));
        assert!(
            !reads(Kind::Day, "2026-2-3".into())
                && !reads(Kind::Integer, 1.5.into())
                && !reads(Kind::Boolean, 1.into())
        );
        assert!(!reads(Kind::Text, Value::Null), "nothing only where there may be nothing");
    }
}
