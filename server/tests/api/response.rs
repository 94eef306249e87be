//! Responses, compared with the OpenAPI description.

use axum::http::{HeaderMap, StatusCode, header};
use serde_json::Value;

use crate::schema::{instants_are_utc_with_milliseconds, validate};
use crate::world::World;

#[derive(Debug)]
pub struct ApiResponse {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
}

impl ApiResponse {
    #[track_caller]
    pub fn assert_status(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        self
    }

    /// Whether the problem document has an error with this field and code.
    pub fn has_error(&self, field: &str, code: &str) -> bool {
        let errors = self.body["errors"].as_array();
        errors.is_some_and(|errors| errors.iter().any(|error| error["field"] == field && error["code"] == code))
    }

    #[track_caller]
    pub fn assert_problem_type(&self, name: &str) {
        assert_eq!(self.body["type"], format!("urn:trialmark:problem:{name}"), "{}", self.body);
    }

    #[track_caller]
    pub fn assert_problem_document(&self, request: &str) {
        assert_eq!(self.headers[header::CONTENT_TYPE], "application/problem+json", "{request}");
        assert_eq!(self.body["status"], self.status.as_u16(), "{request}");
        assert!(self.body["type"].as_str().unwrap().starts_with("urn:trialmark:problem:"), "{request}");
        for text in ["title", "detail"] {
            assert!(self.body[text].as_str().is_some_and(|text| !text.is_empty()), "{request}: {}", self.body);
        }
        assert_eq!(self.headers[header::CACHE_CONTROL], "no-store", "{request}");
    }
}

impl World {
    /// The description of an operation.
    pub fn operation(&self, method: &str, path: &str) -> Option<&Value> {
        let path = path.strip_prefix("/api/v1")?;
        let fits = |template: &str| {
            let (template, actual) = (template.split('/'), path.split('/'));
            template.clone().count() == actual.clone().count()
                && template.zip(actual).all(|(w, a)| w.starts_with('{') || w == a)
        };
        let paths = self.description["paths"].as_object()?;
        let (_, item) = paths.iter().find(|(template, _)| fits(template))?;
        item.get(method.to_lowercase())
    }

    /// Asserts that a response is as described.
    pub fn assert_described(&self, operation: &Value, response: &ApiResponse, request: &str) {
        let mut described = &operation["responses"][response.status.as_str()];
        assert!(described.is_object(), "{request} answers with {}, which is not described", response.status);
        if let Some(reference) = described["$ref"].as_str() {
            described = self.description.pointer(reference.trim_start_matches('#')).unwrap();
        }
        assert!(described["description"].is_string(), "{request} {}", response.status);
        for (kind, content) in described["content"].as_object().into_iter().flatten() {
            assert_eq!(response.headers[header::CONTENT_TYPE], kind.as_str(), "{request}");
            let schema = content.get("schema");
            assert_eq!(
                schema.map_or(Ok(()), |schema| validate(&self.description, schema, &response.body)),
                Ok(()),
                "{request}"
            );
        }
        for name in described["headers"].as_object().into_iter().flat_map(|headers| headers.keys()) {
            assert!(response.headers.contains_key(name), "{request} {name}");
        }
        assert!(
            instants_are_utc_with_milliseconds(&response.body) || request.ends_with("openapi.json"),
            "{request}: {}",
            response.body
        );
    }
}
