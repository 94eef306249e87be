//! Errors of the REST interface, as problem documents (RFC 9457), with one table of their types.

use app::Conflict;
use axum::Json;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::edit_tag::Stale;
use domain::fault::{Fault, Faults, FieldFault};
use domain::{check, guarantee, obstacle, recovery, second_look};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// The type of a problem document. The name is stable; the title may change.
#[derive(Clone, Copy, Debug)]
pub struct ProblemType {
    pub name: &'static str,
    pub status: StatusCode,
    pub title: &'static str,
}

macro_rules! problem_types {
    ($($constant:ident = $status:ident $name:literal $title:literal;)*) => {
        impl ProblemType {
            $(const $constant: Self = Self { name: $name, status: StatusCode::$status, title: $title };)*
            /// All of them, by status.
            pub const ALL: &[Self] = &[$(Self::$constant),*];
        }
    };
}

problem_types! {
    MALFORMED = BAD_REQUEST "malformed" "The document cannot be read";
    UNAUTHENTICATED = UNAUTHORIZED "unauthenticated" "A token is needed";
    FORBIDDEN = FORBIDDEN "forbidden" "This role may not do this";
    NOT_FOUND = NOT_FOUND "not-found" "There is nothing here";
    METHOD_NOT_ALLOWED = METHOD_NOT_ALLOWED "method-not-allowed" "This cannot be done at this address";
    ILLEGAL_MOVE = CONFLICT "illegal-move" "The guarantee cannot make this move now";
    NO_PLACE = CONFLICT "no-place" "The guarantee is promised nowhere";
    UNCHANGED = CONFLICT "unchanged" "This changes nothing";
    RETIRED = CONFLICT "retired" "The guarantee is retired";
    NOT_CHECKED = CONFLICT "not-checked" "The guarantee takes no checks now";
    NOT_PROMISED_HERE = CONFLICT "not-here" "The guarantee is not promised at this place";
    ID_REUSED = CONFLICT "other-body" "Another check was sent under this id";
    OTHER_AUTHOR = CONFLICT "not-yours" "Somebody else made this check";
    NO_PHOTOS = CONFLICT "no-photos" "No picture may come with this";
    PHOTO_REUSED = CONFLICT "same-photo" "This picture came with another check";
    MISSED = CONFLICT "missed" "Nobody checked, so there is nothing to correct";
    VOID = CONFLICT "void" "Another check stands instead of this one";
    TAKEN_BACK = CONFLICT "taken-back" "The check was taken back";
    REPLACES_ANOTHER = CONFLICT "stands-instead" "Another check was taken back because this one stands";
    CANNOT_TAKE_BACK_BROKEN = CONFLICT "broken-stays" "A broken promise cannot be taken back";
    STALE = PRECONDITION_FAILED "stale" "It was changed since it was read";
    OFF_THE_BOARD = CONFLICT "off-the-board" "The check was corrected since";
    ILLEGAL_STEP = CONFLICT "illegal-step" "The recovery cannot take this step now";
    NOT_THE_CUSTOMER = CONFLICT "not-the-customer" "Only the customer answers the follow-up";
    NOBODY_TO_ASK = CONFLICT "nobody-to-ask" "No customer is known who could be asked";
    CUSTOMER_KNOWN = CONFLICT "ask-the-customer" "A customer is known: ask them";
    CUSTOMER_ERASED = CONFLICT "customer-forgotten" "The customer is forgotten";
    TOO_FEW_KEPT_CHECKS = CONFLICT "too-little-record" "The record is too short to speak";
    STILL_TIME_TO_ANSWER = CONFLICT "still-time-to-answer" "The customer still has time to answer";
    LINK_ENDED = CONFLICT "link-ended" "The customer's link has ended";
    ALREADY_ANSWERED = CONFLICT "answered-already" "This was answered already";
    NO_OPEN_QUESTION = CONFLICT "nothing-asked" "No question is with the customer";
    NO_APOLOGY = CONFLICT "no-apology" "The apology is missing";
    TOO_LARGE = PAYLOAD_TOO_LARGE "too-large" "This is too large";
    NOT_JSON = UNSUPPORTED_MEDIA_TYPE "not-json" "The document is not JSON";
    INVALID = UNPROCESSABLE_ENTITY "invalid" "A field is not as it must be";
    RATE_LIMITED = TOO_MANY_REQUESTS "too-many" "This was tried too often";
    INTERNAL = INTERNAL_SERVER_ERROR "internal" "The server made a mistake";
    UNAVAILABLE = SERVICE_UNAVAILABLE "unavailable" "The database is unavailable";
    TOO_SLOW = SERVICE_UNAVAILABLE "too-slow" "This took too long";
}

/// An error with its details.
#[derive(Debug)]
pub struct ApiError {
    problem_type: ProblemType,
    detail: String,
    errors: Vec<FieldError>,
    /// In how many seconds to try again.
    retry_after: Option<u64>,
    /// The current state, if the client changed an old one. Boxed to keep results small: few errors have it.
    current: Option<Box<Value>>,
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
    /// The type of the problem. It is stable.
    #[serde(rename = "type")]
    problem_type: String,
    title: &'static str,
    status: u16,
    detail: String,
    /// All invalid fields.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
    /// The current state, if it was changed after the client read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[serde(rename = "stands")]
    #[schema(value_type = Option<std::collections::BTreeMap<String, Value>>)]
    current: Option<Value>,
}

/// One thing wrong with one field.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldError {
    /// The field by its path in the document, or the name of the query parameter.
    field: String,
    /// What is wrong: `missing`, `too_long`, `unknown_choice`, `not_found` and others. It is stable.
    #[schema(example = "too_long")]
    code: String,
    detail: String,
    /// The smallest value or length that is allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    min: Option<i64>,
    /// The largest value or length that is allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    max: Option<i64>,
}

pub type ApiResult<T> = Result<T, ApiError>;

impl ProblemType {
    pub fn urn(self) -> String {
        format!("urn:trialmark:problem:{}", self.name)
    }
}

impl ApiError {
    fn new(problem_type: ProblemType, detail: impl Into<String>) -> Self {
        Self { problem_type, detail: detail.into(), errors: Vec::new(), retry_after: None, current: None }
    }

    pub fn no_token() -> Self {
        Self::new(ProblemType::UNAUTHENTICATED, "send the header \"Authorization: Bearer TOKEN\"")
    }

    pub fn unknown_token() -> Self {
        Self::new(ProblemType::UNAUTHENTICATED, "no program bears this token")
    }

    pub fn method_not_allowed() -> Self {
        Self::new(ProblemType::METHOD_NOT_ALLOWED, "the header Allow lists what can be done here")
    }

    pub fn not_json() -> Self {
        Self::new(ProblemType::NOT_JSON, "send JSON, and the header \"Content-Type: application/json\"")
    }

    pub fn too_large() -> Self {
        Self::new(ProblemType::TOO_LARGE, "a document has at most 1 MB")
    }

    /// A body that cannot be read. `detail` says why.
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::new(ProblemType::MALFORMED, detail)
    }

    /// A value of the wrong type, or an unknown field, at this path.
    pub fn wrong_type(path: String, detail: String) -> Self {
        let error = FieldError { detail: detail.clone(), ..FieldError::new(path, Fault::Malformed) };
        Self { errors: vec![error], ..Self::new(ProblemType::INVALID, detail) }
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
        let serialized = serde_json::to_value(fault).unwrap_or_default();
        let code = serialized["code"].as_str().unwrap_or_default().to_owned();
        Self { field, code, detail: fault.to_string(), min, max }
    }
}

impl From<Faults> for ApiError {
    fn from(faults: Faults) -> Self {
        let error = |fault: &FieldFault| FieldError::new(fault.field.to_owned(), fault.fault);
        Self { errors: faults.all().iter().map(error).collect(), ..Self::new(ProblemType::INVALID, faults.to_string()) }
    }
}

impl From<store::Error> for ApiError {
    fn from(error: store::Error) -> Self {
        app::Error::from(error).into()
    }
}

impl From<app::Error> for ApiError {
    fn from(error: app::Error) -> Self {
        let problem_type = match error {
            app::Error::Invalid(faults) => return faults.into(),
            app::Error::NotFound | app::Error::Gone => ProblemType::NOT_FOUND,
            app::Error::Forbidden => ProblemType::FORBIDDEN,
            app::Error::Unauthenticated => ProblemType::UNAUTHENTICATED,
            app::Error::Conflict(Conflict::Stale(Stale(current))) => {
                let detail = Stale(Value::Null).to_string();
                return Self { current: Some(Box::new(current)), ..Self::new(ProblemType::STALE, detail) };
            }
            app::Error::Conflict(ref conflict) => problem_type(conflict),
            app::Error::RateLimited { .. } => ProblemType::RATE_LIMITED,
            app::Error::Unavailable => ProblemType::UNAVAILABLE,
            app::Error::Internal => ProblemType::INTERNAL,
        };
        Self { retry_after: error.retry_after(), ..Self::new(problem_type, error.to_string()) }
    }
}

fn problem_type(conflict: &Conflict) -> ProblemType {
    match conflict {
        Conflict::Guarantee(conflict) => match conflict {
            guarantee::GuaranteeError::Move { .. } => ProblemType::ILLEGAL_MOVE,
            guarantee::GuaranteeError::Unchanged => ProblemType::UNCHANGED,
            guarantee::GuaranteeError::Retired => ProblemType::RETIRED,
            guarantee::GuaranteeError::NoPlace => ProblemType::NO_PLACE,
        },
        Conflict::Check(conflict) => match conflict {
            check::CheckError::NotChecked { .. } => ProblemType::NOT_CHECKED,
            check::CheckError::NotPromisedHere => ProblemType::NOT_PROMISED_HERE,
            check::CheckError::IdReused => ProblemType::ID_REUSED,
            check::CheckError::Unchanged => ProblemType::UNCHANGED,
            check::CheckError::Missed => ProblemType::MISSED,
            check::CheckError::Void => ProblemType::VOID,
            check::CheckError::TakenBack => ProblemType::TAKEN_BACK,
            check::CheckError::ReplacesAnother => ProblemType::REPLACES_ANOTHER,
            check::CheckError::CannotTakeBackBroken => ProblemType::CANNOT_TAKE_BACK_BROKEN,
            check::CheckError::OtherAuthor => ProblemType::OTHER_AUTHOR,
            check::CheckError::NoPhotos => ProblemType::NO_PHOTOS,
            check::CheckError::PhotoReused => ProblemType::PHOTO_REUSED,
        },
        Conflict::Stale(_) => ProblemType::STALE,
        Conflict::Obstacle(obstacle::ObstacleError::OffTheBoard) => ProblemType::OFF_THE_BOARD,
        Conflict::Member(_) | Conflict::SecondLook(second_look::SecondLookError::OwnCheck) => ProblemType::FORBIDDEN,
        Conflict::SecondLook(second_look::SecondLookError::Over) => ProblemType::ALREADY_ANSWERED,
        Conflict::Recovery(conflict) => match conflict {
            recovery::RecoveryError::Transition { .. } => ProblemType::ILLEGAL_STEP,
            recovery::RecoveryError::NotTheCustomer => ProblemType::NOT_THE_CUSTOMER,
            recovery::RecoveryError::NobodyToAsk => ProblemType::NOBODY_TO_ASK,
            recovery::RecoveryError::CustomerKnown => ProblemType::CUSTOMER_KNOWN,
            recovery::RecoveryError::CustomerErased => ProblemType::CUSTOMER_ERASED,
            recovery::RecoveryError::TooFewKeptChecks { .. } => ProblemType::TOO_FEW_KEPT_CHECKS,
            recovery::RecoveryError::StillTimeToAnswer { .. } => ProblemType::STILL_TIME_TO_ANSWER,
            recovery::RecoveryError::LinkEnded => ProblemType::LINK_ENDED,
            recovery::RecoveryError::AnsweredAlready => ProblemType::ALREADY_ANSWERED,
            recovery::RecoveryError::NoOpenQuestion => ProblemType::NO_OPEN_QUESTION,
            recovery::RecoveryError::NoApology => ProblemType::NO_APOLOGY,
        },
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let Self { problem_type, detail, errors, retry_after, current } = self;
        let status = problem_type.status;
        let document = ProblemDocument {
            problem_type: problem_type.urn(),
            title: problem_type.title,
            status: status.as_u16(),
            detail,
            errors,
            current: current.map(|current| *current),
        };
        let mut response = (status, Json(document)).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = retry_after {
            headers.insert(RETRY_AFTER, seconds.into());
        }
        response
    }
}
