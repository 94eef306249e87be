//! What comes back, and whether it is as it is described.

use axum::http::{HeaderMap, StatusCode, header};
use serde_json::Value;

use crate::schema::{fits, instants_are_plain};
use crate::world::World;

#[derive(Debug)]
pub struct Answered {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Answered {
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        self
    }

    /// Whether this field is said to be wrong in this way.
    pub fn says(&self, field: &str, code: &str) -> bool {
        let errors = self.body["errors"].as_array();
        errors.is_some_and(|errors| errors.iter().any(|error| error["field"] == field && error["code"] == code))
    }

    #[track_caller]
    pub fn is_of_type(&self, name: &str) {
        assert_eq!(self.body["type"], format!("urn:trialmark:problem:{name}"), "{}", self.body);
    }

    #[track_caller]
    pub fn is_problem_document(&self, asked: &str) {
        assert_eq!(self.headers[header::CONTENT_TYPE], "application/problem+json", "{asked}");
        assert_eq!(self.body["status"], self.status.as_u16(), "{asked}");
        assert!(self.body["type"].as_str().unwrap().starts_with("urn:trialmark:problem:"), "{asked}");
        for text in ["title", "detail"] {
            assert!(self.body[text].as_str().is_some_and(|text| !text.is_empty()), "{asked}: {}", self.body);
        }
        assert_eq!(self.headers[header::CACHE_CONTROL], "no-store", "{asked}");
    }
}

impl World {
    /// What the description says about this.
    pub fn operation(&self, method: &str, path: &str) -> Option<&Value> {
        let path = path.strip_prefix("/api/v1")?;
        let fits = |template: &str| {
            let (wanted, asked) = (template.split('/'), path.split('/'));
            wanted.clone().count() == asked.clone().count()
                && wanted.zip(asked).all(|(w, a)| w.starts_with('{') || w == a)
        };
        let paths = self.description["paths"].as_object()?;
        let (_, item) = paths.iter().find(|(template, _)| fits(template))?;
        item.get(method.to_lowercase())
    }

    /// Holds an answer against what the description says about it.
    pub fn is_described(&self, operation: &Value, answered: &Answered, asked: &str) {
        let mut described = &operation["responses"][answered.status.as_str()];
        assert!(described.is_object(), "{asked} answers {} and does not say so", answered.status);
        if let Some(reference) = described["$ref"].as_str() {
            described = self.description.pointer(reference.trim_start_matches('#')).unwrap();
        }
        assert!(described["description"].is_string(), "{asked} {}", answered.status);
        for (kind, content) in described["content"].as_object().into_iter().flatten() {
            assert_eq!(answered.headers[header::CONTENT_TYPE], kind.as_str(), "{asked}");
            let schema = content.get("schema");
            assert_eq!(
                schema.map_or(Ok(()), |schema| fits(&self.description, schema, &answered.body)),
                Ok(()),
                "{asked}"
            );
        }
        for name in described["headers"].as_object().into_iter().flat_map(|headers| headers.keys()) {
            assert!(answered.headers.contains_key(name), "{asked} {name}");
        }
        assert!(instants_are_plain(&answered.body) || asked.ends_with("openapi.json"), "{asked}: {}", answered.body);
    }
}
