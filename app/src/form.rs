//! The parts of a plain form: a label above, a hint below it, the fault beside the field.

use std::sync::{Arc, Mutex, PoisonError};

use leptos::prelude::*;

use crate::icons::BrokenIcon;

/// What kind of line is asked for. Numbers are text to the browser: a number box would throw away what it cannot read, and
/// what was typed must come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Email,
    Phone,
    Password,
    Number,
    /// Digits that nobody looks at over a shoulder.
    Pin,
    Day,
    Moment,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Text | Self::Number => "text",
            Self::Email => "email",
            Self::Phone => "tel",
            Self::Password | Self::Pin => "password",
            Self::Day => "date",
            Self::Moment => "datetime-local",
        }
    }

    /// Which keys a phone shows.
    fn keys(self) -> Option<&'static str> {
        match self {
            Self::Number => Some("decimal"),
            Self::Pin => Some("numeric"),
            _ => None,
        }
    }

    fn is_secret(self) -> bool {
        matches!(self, Self::Password | Self::Pin)
    }
}

/// One of several things to choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub value: String,
    pub label: String,
    pub hint: String,
}

impl Item {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), hint: String::new() }
    }

    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: hint.into(), ..self }
    }
}

/// One line to fill in.
#[component]
pub fn Field(
    #[prop(into)] name: String,
    /// Where the page has another field of this name, an id of its own.
    #[prop(optional, into)]
    id: Option<String>,
    #[prop(into)] label: String,
    #[prop(default = Kind::Text)] kind: Kind,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: String,
    #[prop(default = None)] fault: Option<String>,
    #[prop(optional)] required: bool,
    #[prop(optional)] max: Option<usize>,
    #[prop(optional)] autocomplete: Option<&'static str>,
    /// The id of a `datalist` with suggestions.
    #[prop(optional)]
    list: Option<&'static str>,
    /// The page says nowhere else what is wrong with it: then this is where to go on.
    #[prop(optional)]
    alone: bool,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| name.clone());
    let says = Says::of((&name, &id), &label, &hint, fault.as_ref());
    let value = (!kind.is_secret() && !value.is_empty()).then_some(value);
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <Hint id=id.clone() hint />
            <input
                id=id.clone()
                name=name
                type=kind.name()
                inputmode=kind.keys()
                value=value
                required=required
                maxlength=max.map(|max| max.to_string())
                autocomplete=autocomplete
                list=list
                autofocus=alone && fault.is_some()
                aria-describedby=says.by
                aria-invalid=says.invalid
            />
            <Beside id fault />
        </div>
    }
}

/// Some lines to fill in.
#[component]
pub fn Area(
    #[prop(into)] name: String,
    /// Where the page has another field of this name, an id of its own.
    #[prop(optional, into)]
    id: Option<String>,
    #[prop(into)] label: String,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: String,
    #[prop(default = None)] fault: Option<String>,
    #[prop(optional)] required: bool,
    #[prop(optional)] max: Option<usize>,
    #[prop(default = 3)] rows: u8,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| name.clone());
    let says = Says::of((&name, &id), &label, &hint, fault.as_ref());
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <Hint id=id.clone() hint />
            <textarea
                id=id.clone()
                name=name
                rows=rows.to_string()
                required=required
                maxlength=max.map(|max| max.to_string())
                aria-describedby=says.by
                aria-invalid=says.invalid
            >
                {escaped(&value)}
            </textarea>
            <Beside id fault />
        </div>
    }
}

/// Leptos writes what stands in a text area as it is, as if it were a script.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// One of a few, all in sight.
#[component]
pub fn Choice(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    items: Vec<Item>,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: String,
    #[prop(default = None)] fault: Option<String>,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    let says = Says::of((&name, &name), &label, &hint, fault.as_ref());
    let each = items.into_iter().enumerate().map(|(i, item)| {
        // The first bears the name itself, so that a link to the field lands on it.
        let id = if i == 0 { name.clone() } else { format!("{name}-{i}") };
        view! {
            <label class="pick">
                <input
                    type="radio"
                    id=id
                    name=name.clone()
                    checked=item.value == value
                    value=item.value
                    required=required
                />
                <span>{item.label}<Aside hint=item.hint /></span>
            </label>
        }
    });
    view! {
        <fieldset class="field" role="radiogroup" aria-describedby=says.by aria-invalid=says.invalid>
            <legend>{label}</legend>
            <Hint id=name.clone() hint />
            <div class="picks">{each.collect_view()}</div>
            <Beside id=name.clone() fault />
        </fieldset>
    }
}

/// One of many.
#[component]
pub fn Select(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    items: Vec<Item>,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: String,
    #[prop(default = None)] fault: Option<String>,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    let says = Says::of((&name, &name), &label, &hint, fault.as_ref());
    let each = items.into_iter().map(|item| {
        view! { <option selected=item.value == value value=item.value>{item.label}</option> }
    });
    view! {
        <div class="field">
            <label for=name.clone()>{label}</label>
            <Hint id=name.clone() hint />
            <select
                id=name.clone()
                name=name.clone()
                required=required
                aria-describedby=says.by
                aria-invalid=says.invalid
            >
                {each.collect_view()}
            </select>
            <Beside id=name fault />
        </div>
    }
}

/// A picture: on a telephone its camera opens.
#[component]
pub fn PictureField(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] hint: String,
    #[prop(default = None)] fault: Option<String>,
    #[prop(optional)] required: bool,
    /// The id of the form it belongs to, where it does not stand in it.
    #[prop(optional_no_strip)]
    form: Option<&'static str>,
) -> impl IntoView {
    let says = Says::of(("photo", &id), &label, &hint, fault.as_ref());
    view! {
        <div class="field picture">
            <label for=id.clone()>{label}</label>
            <Hint id=id.clone() hint />
            <input
                id=id.clone()
                name="photo"
                type="file"
                accept="image/jpeg,image/png"
                capture="environment"
                form=form
                required=required
                aria-describedby=says.by
                aria-invalid=says.invalid
            />
            <Beside id fault />
        </div>
    }
}

/// Yes, or nothing said.
#[component]
pub fn Checkbox(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(default = "yes")] value: &'static str,
    checked: bool,
    #[prop(optional, into)] hint: String,
    #[prop(default = None)] fault: Option<String>,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    let says = Says::of((&name, &name), &label, "", fault.as_ref());
    view! {
        <div class="field">
            <label class="pick">
                <input
                    type="checkbox"
                    id=name.clone()
                    name=name.clone()
                    value=value
                    checked=checked
                    required=required
                    aria-describedby=says.by
                    aria-invalid=says.invalid
                />
                <span>{label}<Aside hint /></span>
            </label>
            <Beside id=name fault />
        </div>
    }
}

/// What is wrong with a rejected form, at its top: one line a fault, each leading to its field. A fault that belongs to no
/// field of the page has no name.
#[component]
pub fn Summary(#[prop(into)] title: String, faults: Vec<(String, String)>) -> impl IntoView {
    let labels = use_context::<Labels>().unwrap_or_default();
    // Drawn when the page below is already made: by then its fields have said what they are called.
    let each = move || {
        let lines = faults.iter().map(|(name, fault)| match labels.of(name) {
            Some((id, label)) => {
                view! { <li><a href=format!("#{id}")><b>{label}</b>" "{fault.clone()}</a></li> }.into_any()
            }
            None => view! { <li>{fault.clone()}</li> }.into_any(),
        });
        lines.collect_view()
    };
    view! {
        <div class="note bad" role="alert" tabindex="-1" autofocus>
            <h2>{title}</h2>
            <ul>{each}</ul>
        </div>
    }
}

/// The rejected fields of a page, noted by each as it is made: name, id, label.
#[derive(Clone, Default)]
pub struct Labels(Arc<Mutex<Vec<[String; 3]>>>);

impl Labels {
    /// Notes a field that has a fault, for the summary above it.
    pub fn note(name: &str, id: &str, label: &str) {
        if let Some(Self(noted)) = use_context::<Self>() {
            let mut noted = noted.lock().unwrap_or_else(PoisonError::into_inner);
            noted.push([name, id, label].map(ToOwned::to_owned));
        }
    }

    /// The id and the label of a field.
    fn of(&self, name: &str) -> Option<(String, String)> {
        let noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = noted.iter().find(|[field, ..]| field == name).cloned();
        found.map(|[_, id, label]| (id, label))
    }
}

/// What describes a field to those who do not see it.
struct Says {
    by: Option<String>,
    invalid: Option<&'static str>,
}

impl Says {
    fn of((name, id): (&str, &str), label: &str, hint: &str, fault: Option<&String>) -> Self {
        if fault.is_some() {
            Labels::note(name, id, label);
        }
        let hint = (!hint.is_empty()).then(|| format!("{id}-hint"));
        let beside = fault.map(|_| format!("{id}-fault"));
        let by: Vec<String> = hint.into_iter().chain(beside).collect();
        Self { by: (!by.is_empty()).then(|| by.join(" ")), invalid: fault.map(|_| "true") }
    }
}

#[component]
fn Hint(id: String, hint: String) -> impl IntoView {
    (!hint.is_empty()).then(|| view! { <p class="hint" id=format!("{id}-hint")>{hint}</p> })
}

#[component]
fn Aside(hint: String) -> impl IntoView {
    (!hint.is_empty()).then(|| view! { <small class="hint">{hint}</small> })
}

#[component]
fn Beside(id: String, fault: Option<String>) -> impl IntoView {
    fault.map(|fault| view! { <p class="fault" id=format!("{id}-fault")><BrokenIcon />{fault}</p> })
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn a_rejected_field_keeps_what_was_typed_and_says_what_is_wrong() {
        let fault = Some("Too long.".to_owned());
        let html = view! { <Field name="title" label="Title" value="<b>" hint="Short." fault max=160 required=true /> }
            .to_html();
        for part in [
            r#"<label for="title">Title"#,
            r#"value="&lt;b&gt;""#,
            r#"aria-describedby="title-hint title-fault""#,
            r#"aria-invalid="true""#,
            r#"maxlength="160""#,
            " required",
            r#"id="title-fault""#,
            "Too long.",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }

    #[test]
    fn a_password_is_never_sent_back() {
        let html = view! { <Field name="password" label="Password" kind=Kind::Password value="secret" /> }.to_html();
        assert!(!html.contains("secret") && !html.contains("aria-invalid"), "{html}");
    }

    #[test]
    fn an_area_keeps_its_text_and_lets_no_markup_out() {
        let html = view! { <Area name="note" label="Note" value="a\nb </textarea><script>&lt;" /> }.to_html();
        assert!(html.contains(">a\nb &lt;/textarea>&lt;script>&amp;lt;</textarea>"), "{html}");
    }

    #[test]
    fn a_choice_is_one_group_and_its_first_bears_its_name() {
        let items = vec![Item::new("a", "A"), Item::new("b", "B").hint("Second")];
        let html = view! { <Choice name="pick" label="Pick" items value="b" /> }.to_html();
        assert!(html.contains(r#"id="pick""#) && html.contains(r#"id="pick-1""#), "{html}");
        assert_eq!(html.matches("checked").count(), 1, "{html}");
    }

    #[test]
    fn a_summary_names_the_fields_and_leads_to_them() {
        let faults = [("title", "Too long."), ("", "Try again."), ("elsewhere", "Missing.")];
        let faults = faults.map(|(name, fault)| (name.to_owned(), fault.to_owned())).to_vec();
        let html = crate::page::render(|| {
            view! {
                <Summary title="Not saved" faults />
                <Field name="title" id="headline" label="Headline" fault=Some("Too long.".to_owned()) />
            }
        });
        let html = html.replace("<!>", "");
        assert!(html.contains(r##"<a href="#headline"><b>Headline</b> Too long.</a>"##), "{html}");
        assert!(html.contains("<li>Try again.") && html.contains("<li>Missing."), "{html}");
    }
}
