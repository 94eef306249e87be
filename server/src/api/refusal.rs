//! Why a program does not get what it asked for: problem documents (RFC 9457), with one table of their names.

use app::Refusal as Refused;
use axum::Json;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::fault::{Fault, Faults, Invalid};
use domain::revision::Stale;
use domain::{check, guarantee, obstacle, recovery, second_look};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// A kind of refusal: the name stays, whatever becomes of the texts.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    pub name: &'static str,
    pub status: StatusCode,
    pub title: &'static str,
}

macro_rules! kinds {
    ($($kind:ident = $status:ident $name:literal $title:literal;)*) => {
        impl Kind {
            $(const $kind: Self = Self { name: $name, status: StatusCode::$status, title: $title };)*
            /// All of them, by status.
            pub const ALL: &[Self] = &[$(Self::$kind),*];
        }
    };
}

kinds! {
    MALFORMED = BAD_REQUEST "malformed" "The document cannot be read";
    UNAUTHENTICATED = UNAUTHORIZED "unauthenticated" "A token is needed";
    FORBIDDEN = FORBIDDEN "forbidden" "This role may not do this";
    NOT_FOUND = NOT_FOUND "not-found" "There is nothing here";
    NOT_ALLOWED = METHOD_NOT_ALLOWED "method-not-allowed" "This cannot be done at this address";
    ILLEGAL_MOVE = CONFLICT "illegal-move" "The guarantee cannot make this move now";
    NO_PLACE = CONFLICT "no-place" "The guarantee is promised nowhere";
    UNCHANGED = CONFLICT "unchanged" "This changes nothing";
    RETIRED = CONFLICT "retired" "The guarantee is retired";
    NOT_CHECKED = CONFLICT "not-checked" "The guarantee takes no checks now";
    NOT_HERE = CONFLICT "not-here" "The guarantee is not promised at this place";
    OTHER_BODY = CONFLICT "other-body" "Another check was sent under this id";
    NOT_YOURS = CONFLICT "not-yours" "Somebody else made this check";
    NO_PHOTOS = CONFLICT "no-photos" "No picture may come with this";
    SAME_PHOTO = CONFLICT "same-photo" "This picture came with another check";
    VOID = CONFLICT "void" "Another check stands instead of this one";
    TAKEN_BACK = CONFLICT "taken-back" "The check was taken back";
    STANDS_INSTEAD = CONFLICT "stands-instead" "Another check was taken back because this one stands";
    BROKEN_STAYS = CONFLICT "broken-stays" "A broken promise cannot be taken back";
    STALE = PRECONDITION_FAILED "stale" "It was changed since it was read";
    OFF_THE_BOARD = CONFLICT "off-the-board" "The check was corrected since";
    ILLEGAL_STEP = CONFLICT "illegal-step" "The recovery cannot take this step now";
    NOT_THE_CUSTOMER = CONFLICT "not-the-customer" "Only the customer answers the follow-up";
    NOBODY_TO_ASK = CONFLICT "nobody-to-ask" "No customer is known who could be asked";
    ASK_THE_CUSTOMER = CONFLICT "ask-the-customer" "A customer is known: ask them";
    FORGOTTEN = CONFLICT "customer-forgotten" "The customer is forgotten";
    TOO_LITTLE_RECORD = CONFLICT "too-little-record" "The record is too short to speak";
    STILL_TIME = CONFLICT "still-time-to-answer" "The customer still has time to answer";
    LINK_ENDED = CONFLICT "link-ended" "The customer's link has ended";
    ANSWERED = CONFLICT "answered-already" "This was answered already";
    NOTHING_ASKED = CONFLICT "nothing-asked" "No question is with the customer";
    NO_APOLOGY = CONFLICT "no-apology" "The apology is missing";
    TOO_LARGE = PAYLOAD_TOO_LARGE "too-large" "This is too large";
    NOT_JSON = UNSUPPORTED_MEDIA_TYPE "not-json" "The document is not JSON";
    INVALID = UNPROCESSABLE_ENTITY "invalid" "A field is not as it must be";
    TOO_MANY = TOO_MANY_REQUESTS "too-many" "This was tried too often";
    INTERNAL = INTERNAL_SERVER_ERROR "internal" "The server made a mistake";
    UNAVAILABLE = SERVICE_UNAVAILABLE "unavailable" "The database is unavailable";
    TOO_SLOW = SERVICE_UNAVAILABLE "too-slow" "This took too long";
}

/// Why there is no answer.
#[derive(Debug)]
pub struct Refusal {
    kind: Kind,
    detail: String,
    errors: Vec<FieldError>,
    /// In how many seconds the same is worth another try.
    again: Option<u64>,
    /// What stands by now. In a box: most refusals have none, and a large error costs every answer.
    stands: Option<Box<Value>>,
}

/// A problem document as RFC 9457 describes it. Read `type`: the texts may change.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "type": "urn:trialmark:problem:invalid",
    "title": "A field is not as it must be",
    "status": 422,
    "detail": "verdict is not one of the choices",
    "errors": [{ "field": "verdict", "code": "unknown_choice", "detail": "is not one of the choices" }]
}))]
pub struct ProblemDocument {
    /// What kind of problem this is. It is stable.
    #[serde(rename = "type")]
    kind: String,
    title: &'static str,
    status: u16,
    detail: String,
    /// The fields that are not as they must be, all at once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
    /// Where it was changed since it was read: what stands now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<std::collections::BTreeMap<String, Value>>)]
    stands: Option<Value>,
}

/// One thing wrong with one field.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldError {
    /// The field by its path in the document, or the name of the query parameter.
    field: String,
    /// What is wrong, for programs: `missing`, `too_long`, `unknown_choice`, `not_found` and others. It is stable.
    #[schema(example = "too_long")]
    code: String,
    detail: String,
    /// The least that would do.
    #[serde(skip_serializing_if = "Option::is_none")]
    min: Option<i64>,
    /// The most that would do.
    #[serde(skip_serializing_if = "Option::is_none")]
    max: Option<i64>,
}

pub type Answer<T> = Result<T, Refusal>;

impl Kind {
    pub fn urn(self) -> String {
        format!("urn:trialmark:problem:{}", self.name)
    }
}

impl Refusal {
    fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), errors: Vec::new(), again: None, stands: None }
    }

    pub fn no_token() -> Self {
        Self::new(Kind::UNAUTHENTICATED, "send the header \"Authorization: Bearer TOKEN\"")
    }

    pub fn unknown_token() -> Self {
        Self::new(Kind::UNAUTHENTICATED, "no program bears this token")
    }

    pub fn method_not_allowed() -> Self {
        Self::new(Kind::NOT_ALLOWED, "the header Allow lists what can be done here")
    }

    pub fn not_json() -> Self {
        Self::new(Kind::NOT_JSON, "send JSON, and the header \"Content-Type: application/json\"")
    }

    pub fn too_large() -> Self {
        Self::new(Kind::TOO_LARGE, "a document has at most 1 MB")
    }

    /// What could not be read, and where it went wrong.
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::new(Kind::MALFORMED, detail)
    }

    /// A value of the wrong type, or a field that is not known, at this path.
    pub fn wrong_type(path: String, detail: String) -> Self {
        let error = FieldError { detail: detail.clone(), ..FieldError::new(path, Fault::Malformed) };
        Self { errors: vec![error], ..Self::new(Kind::INVALID, detail) }
    }
}

impl FieldError {
    fn new(field: String, fault: Fault) -> Self {
        let bound = |bound: usize| i64::try_from(bound).ok();
        let (min, max) = match fault {
            Fault::TooLong { max } | Fault::TooMany { max } => (None, bound(max)),
            Fault::TooShort { min } => (bound(min), None),
            Fault::OutOfRange { min, max } => (Some(min), Some(max)),
            _ => (None, None),
        };
        let named = serde_json::to_value(fault).unwrap_or_default();
        let code = named["code"].as_str().unwrap_or_default().to_owned();
        Self { field, code, detail: fault.to_string(), min, max }
    }
}

impl From<Faults> for Refusal {
    fn from(faults: Faults) -> Self {
        let error = |one: &Invalid| FieldError::new(one.field.to_owned(), one.fault);
        Self { errors: faults.all().iter().map(error).collect(), ..Self::new(Kind::INVALID, faults.to_string()) }
    }
}

impl From<store::Error> for Refusal {
    fn from(error: store::Error) -> Self {
        app::Error::from(error).into()
    }
}

impl From<app::Error> for Refusal {
    fn from(error: app::Error) -> Self {
        let kind = match error {
            app::Error::Invalid(faults) => return faults.into(),
            app::Error::NotFound | app::Error::Gone => Kind::NOT_FOUND,
            app::Error::Forbidden => Kind::FORBIDDEN,
            app::Error::Unauthenticated => Kind::UNAUTHENTICATED,
            app::Error::Conflict(Refused::Stale(Stale(stands))) => {
                let detail = Stale(Value::Null).to_string();
                return Self { stands: Some(Box::new(stands)), ..Self::new(Kind::STALE, detail) };
            }
            app::Error::Conflict(ref refused) => kind(refused),
            app::Error::TooMany { .. } => Kind::TOO_MANY,
            app::Error::Unavailable => Kind::UNAVAILABLE,
            app::Error::Internal => Kind::INTERNAL,
        };
        Self { again: error.retry_after(), ..Self::new(kind, error.to_string()) }
    }
}

fn kind(refused: &Refused) -> Kind {
    match refused {
        Refused::Guarantee(refused) => match refused {
            guarantee::Refused::Move { .. } => Kind::ILLEGAL_MOVE,
            guarantee::Refused::Unchanged => Kind::UNCHANGED,
            guarantee::Refused::Retired => Kind::RETIRED,
            guarantee::Refused::NoPlace => Kind::NO_PLACE,
        },
        Refused::Check(refused) => match refused {
            check::Refused::NotChecked { .. } => Kind::NOT_CHECKED,
            check::Refused::NotHere => Kind::NOT_HERE,
            check::Refused::OtherBody => Kind::OTHER_BODY,
            check::Refused::Unchanged => Kind::UNCHANGED,
            check::Refused::Void => Kind::VOID,
            check::Refused::TakenBack => Kind::TAKEN_BACK,
            check::Refused::StandsInstead => Kind::STANDS_INSTEAD,
            check::Refused::BrokenStays => Kind::BROKEN_STAYS,
            check::Refused::NotYours => Kind::NOT_YOURS,
            check::Refused::NoPhotos => Kind::NO_PHOTOS,
            check::Refused::SamePhoto => Kind::SAME_PHOTO,
        },
        Refused::Stale(_) => Kind::STALE,
        Refused::Obstacle(obstacle::Refused::Left) => Kind::OFF_THE_BOARD,
        Refused::Member(_) | Refused::SecondLook(second_look::Refused::OwnCheck) => Kind::FORBIDDEN,
        Refused::SecondLook(second_look::Refused::Over) => Kind::ANSWERED,
        Refused::Recovery(refused) => match refused {
            recovery::Refused::Move { .. } => Kind::ILLEGAL_STEP,
            recovery::Refused::NotTheCustomer => Kind::NOT_THE_CUSTOMER,
            recovery::Refused::NobodyToAsk => Kind::NOBODY_TO_ASK,
            recovery::Refused::AskTheCustomer => Kind::ASK_THE_CUSTOMER,
            recovery::Refused::Forgotten => Kind::FORGOTTEN,
            recovery::Refused::TooLittleRecord { .. } => Kind::TOO_LITTLE_RECORD,
            recovery::Refused::StillTimeToAnswer { .. } => Kind::STILL_TIME,
            recovery::Refused::LinkEnded => Kind::LINK_ENDED,
            recovery::Refused::AnsweredAlready => Kind::ANSWERED,
            recovery::Refused::NothingAsked => Kind::NOTHING_ASKED,
            recovery::Refused::NoApology => Kind::NO_APOLOGY,
        },
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Self { kind, detail, errors, again, stands } = self;
        let status = kind.status;
        let document = ProblemDocument {
            kind: kind.urn(),
            title: kind.title,
            status: status.as_u16(),
            detail,
            errors,
            stands: stands.map(|stands| *stands),
        };
        let mut response = (status, Json(document)).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = again {
            headers.insert(RETRY_AFTER, seconds.into());
        }
        response
    }
}
