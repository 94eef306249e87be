//! Tests one form: with every bad value in every field, then with valid values.

use crate::bad_values::Field;
use crate::browser::Browser;

pub const LINE: crate::bad_values::FieldType = crate::bad_values::FieldType::Text(160);
pub const PROSE: crate::bad_values::FieldType = crate::bad_values::FieldType::Text(2000);

pub type FieldValues = Vec<(&'static str, String)>;

pub fn field_values(fields: &[(&'static str, &str)]) -> FieldValues {
    fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
}

/// A form, its valid values, and the number of bad values that were tried.
pub struct Form<'b> {
    browser: &'b Browser,
    path: String,
    pub good: FieldValues,
    tried: usize,
}

impl<'b> Form<'b> {
    pub fn new(browser: &'b Browser, path: impl Into<String>, good: FieldValues) -> Self {
        Self { browser, path: path.into(), good, tried: 0 }
    }

    pub fn with(&self, name: &'static str, value: &str) -> FieldValues {
        let others = self.good.iter().filter(|(field, _)| *field != name).cloned();
        others.chain([(name, value.to_owned())]).collect()
    }

    /// Sends this value instead of the valid one. Asserts that it is refused with a message beside its field.
    pub async fn assert_refuses(&mut self, field: Field, id: &str, what: &str, value: &str) {
        let Field(name, ..) = field;
        let before = self.browser.row_counts().await;
        let page = self.browser.post(&self.path, &self.with(name, value)).await;
        let shown = format!("{} {name} {what}", self.path);
        assert_eq!(page.status, 422, "{shown}: {}", page.html);
        let messages = page.html.matches(&format!("id=\"{id}-fault\"")).count();
        assert_eq!(messages, 1, "one message beside the field: {shown}: {}", page.html);
        assert!(page.html.contains(&format!("href=\"#{id}\"")), "the summary links to it: {shown}: {}", page.html);
        assert_eq!(page.duplicate_ids(), Vec::<&str>::new(), "{shown}");
        let is_shown_again = !field.is_shown_again() || page.html.contains(value.trim_end());
        assert!(is_shown_again, "what was typed is still there: {shown}: {}", page.html);
        assert_eq!(self.browser.row_counts().await, before, "nothing is stored: {shown}");
        self.tried += 1;
    }

    /// The same with every bad value of these fields.
    pub async fn assert_refuses_all(mut self, fields: &[Field]) -> Self {
        for field in fields {
            for (what, value) in field.bad_values() {
                self.assert_refuses(*field, field.0, what, &value).await;
            }
        }
        let missing = self.browser.post(&self.path, &[]).await;
        let needed = fields.iter().any(|field| field.2);
        assert!(!needed || missing.status == 422, "{} with nothing: {}", self.path, missing.status);
        self
    }

    /// The same with a value that only the store can refuse.
    pub async fn assert_refuses_value(mut self, field: Field, id: &str, what: &str, value: &str) -> Self {
        self.assert_refuses(field, id, what, value).await;
        self
    }

    /// Asserts that the valid values are accepted. Returns the redirect, and the number of bad values that were tried.
    pub async fn assert_accepted(self) -> (String, usize) {
        let page = self.browser.post(&self.path, &self.good).await;
        assert_eq!(page.status, 303, "{}: {}", self.path, page.html);
        (page.location().to_owned(), self.tried)
    }
}
