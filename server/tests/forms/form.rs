//! One form: sent with every bad value in every field, then filled in right.

use crate::bad::Field;
use crate::browser::Browser;

pub const LINE: crate::bad::Kind = crate::bad::Kind::Text(160);
pub const PROSE: crate::bad::Kind = crate::bad::Kind::Text(2000);

pub type Filled = Vec<(&'static str, String)>;

pub fn filled(fields: &[(&'static str, &str)]) -> Filled {
    fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
}

/// One form, and how it went.
pub struct Form<'b> {
    browser: &'b Browser,
    path: String,
    pub good: Filled,
    tried: usize,
}

impl<'b> Form<'b> {
    pub fn new(browser: &'b Browser, path: impl Into<String>, good: Filled) -> Self {
        Self { browser, path: path.into(), good, tried: 0 }
    }

    pub fn with(&self, name: &'static str, value: &str) -> Filled {
        let others = self.good.iter().filter(|(field, _)| *field != name).cloned();
        others.chain([(name, value.to_owned())]).collect()
    }

    /// Sends this in place of what is right, and sees to it that it is refused well.
    pub async fn refuses(&mut self, field: Field, id: &str, what: &str, value: &str) {
        let Field(name, ..) = field;
        let before = self.browser.counted().await;
        let page = self.browser.post(&self.path, &self.with(name, value)).await;
        let shown = format!("{} {name} {what}", self.path);
        assert_eq!(page.status, 422, "{shown}: {}", page.html);
        let said = page.html.matches(&format!("id=\"{id}-fault\"")).count();
        assert_eq!(said, 1, "said once beside the field: {shown}: {}", page.html);
        assert!(page.html.contains(&format!("href=\"#{id}\"")), "the summary leads to it: {shown}: {}", page.html);
        assert_eq!(page.doubled_ids(), Vec::<&str>::new(), "{shown}");
        let kept = !field.is_kept() || page.html.contains(value.trim_end());
        assert!(kept, "what was typed is still there: {shown}: {}", page.html);
        assert_eq!(self.browser.counted().await, before, "nothing is stored: {shown}");
        self.tried += 1;
    }

    /// Every bad value of these fields; what was right in the other fields stays.
    pub async fn refuses_all(mut self, fields: &[Field]) -> Self {
        for field in fields {
            for (what, value) in field.bad() {
                self.refuses(*field, field.0, what, &value).await;
            }
        }
        let missing = self.browser.post(&self.path, &[]).await;
        let needed = fields.iter().any(|field| field.2);
        assert!(!needed || missing.status == 422, "{} with nothing: {}", self.path, missing.status);
        self
    }

    /// A value that only the store can find wrong.
    pub async fn refuses_this(mut self, field: Field, id: &str, what: &str, value: &str) -> Self {
        self.refuses(field, id, what, value).await;
        self
    }

    /// The same form filled in right is taken. Where it leads, and how many bad ones were tried.
    pub async fn takes(self) -> (String, usize) {
        let page = self.browser.post(&self.path, &self.good).await;
        assert_eq!(page.status, 303, "{}: {}", self.path, page.html);
        (page.location().to_owned(), self.tried)
    }
}
