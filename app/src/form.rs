//! Form components: the label above a field, the hint below it, the fault beside it.

use leptos::prelude::*;

use crate::icons::BrokenIcon;
use crate::render::FieldLabels;

/// The kind of a one-line input. Numbers are text inputs: a number input would discard what it cannot parse, and what
/// was typed must come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputKind {
    Text,
    Email,
    Phone,
    Password,
    Number,
    /// Digits that are not shown.
    Pin,
    Date,
    DateTime,
}

impl InputKind {
    fn name(self) -> &'static str {
        match self {
            Self::Text | Self::Number => "text",
            Self::Email => "email",
            Self::Phone => "tel",
            Self::Password | Self::Pin => "password",
            Self::Date => "date",
            Self::DateTime => "datetime-local",
        }
    }

    /// Which keyboard a phone shows.
    fn input_mode(self) -> Option<&'static str> {
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

/// One choice among several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChoiceItem {
    pub value: String,
    pub label: String,
    pub hint: String,
}

impl ChoiceItem {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), hint: String::new() }
    }

    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: hint.into(), ..self }
    }
}

/// A one-line input.
#[component]
pub fn Field(
    #[prop(into)] name: String,
    /// A separate id, if the page has another field of this name.
    #[prop(optional, into)]
    id: Option<String>,
    #[prop(into)] label: String,
    #[prop(default = InputKind::Text)] kind: InputKind,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: String,
    #[prop(default = None)] fault: Option<String>,
    #[prop(optional)] required: bool,
    #[prop(optional)] max: Option<usize>,
    #[prop(optional)] autocomplete: Option<&'static str>,
    /// The id of a `datalist` with suggestions.
    #[prop(optional)]
    list: Option<&'static str>,
    /// The page has no summary of faults: a field with a fault then gets the focus.
    #[prop(optional)]
    focus_on_fault: bool,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| name.clone());
    let description = FieldDescription::of((&name, &id), &label, &hint, fault.as_ref());
    let value = (!kind.is_secret() && !value.is_empty()).then_some(value);
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <Hint id=id.clone() hint />
            <input
                id=id.clone()
                name=name
                type=kind.name()
                inputmode=kind.input_mode()
                value=value
                required=required
                maxlength=max.map(|max| max.to_string())
                autocomplete=autocomplete
                list=list
                autofocus=focus_on_fault && fault.is_some()
                aria-describedby=description.described_by
                aria-invalid=description.invalid
            />
            <FaultMessage id fault />
        </div>
    }
}

/// A text area.
#[component]
pub fn Area(
    #[prop(into)] name: String,
    /// A separate id, if the page has another field of this name.
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
    let description = FieldDescription::of((&name, &id), &label, &hint, fault.as_ref());
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
                aria-describedby=description.described_by
                aria-invalid=description.invalid
            >
                {escaped(&value)}
            </textarea>
            <FaultMessage id fault />
        </div>
    }
}

/// Leptos does not escape the content of a text area.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// A group of radio buttons.
#[component]
pub fn Choice(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    items: Vec<ChoiceItem>,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: String,
    #[prop(default = None)] fault: Option<String>,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    let description = FieldDescription::of((&name, &name), &label, &hint, fault.as_ref());
    let each = items.into_iter().enumerate().map(|(i, item)| {
        // The first input has the name as its id, so that links to the field lead to it.
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
                <span>{item.label}<ChoiceHint hint=item.hint /></span>
            </label>
        }
    });
    view! {
        <fieldset class="field" role="radiogroup" aria-describedby=description.described_by aria-invalid=description.invalid>
            <legend>{label}</legend>
            <Hint id=name.clone() hint />
            <div class="picks">{each.collect_view()}</div>
            <FaultMessage id=name.clone() fault />
        </fieldset>
    }
}

/// A drop-down list.
#[component]
pub fn Select(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    items: Vec<ChoiceItem>,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: String,
    #[prop(default = None)] fault: Option<String>,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    let description = FieldDescription::of((&name, &name), &label, &hint, fault.as_ref());
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
                aria-describedby=description.described_by
                aria-invalid=description.invalid
            >
                {each.collect_view()}
            </select>
            <FaultMessage id=name fault />
        </div>
    }
}

/// A picture. On a phone this opens the camera.
#[component]
pub fn PictureField(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] hint: String,
    #[prop(default = None)] fault: Option<String>,
    #[prop(optional)] required: bool,
    /// The id of its form, if the field is not inside it.
    #[prop(optional_no_strip)]
    form: Option<&'static str>,
) -> impl IntoView {
    let description = FieldDescription::of(("photo", &id), &label, &hint, fault.as_ref());
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
                aria-describedby=description.described_by
                aria-invalid=description.invalid
            />
            <FaultMessage id fault />
        </div>
    }
}

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
    let description = FieldDescription::of((&name, &name), &label, "", fault.as_ref());
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
                    aria-describedby=description.described_by
                    aria-invalid=description.invalid
                />
                <span>{label}<ChoiceHint hint /></span>
            </label>
            <FaultMessage id=name fault />
        </div>
    }
}

/// The faults of a rejected form, shown above it. Each one links to its field. A fault that belongs to no field has
/// an empty name.
#[component]
pub fn ErrorSummary(#[prop(into)] title: String, faults: Vec<(String, String)>) -> impl IntoView {
    let labels = use_context::<FieldLabels>().unwrap_or_default();
    // Rendered after the page below it, when the fields have recorded their labels.
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

/// The ARIA attributes of a field.
struct FieldDescription {
    described_by: Option<String>,
    invalid: Option<&'static str>,
}

impl FieldDescription {
    fn of((name, id): (&str, &str), label: &str, hint: &str, fault: Option<&String>) -> Self {
        if fault.is_some() {
            FieldLabels::note(name, id, label);
        }
        let hint = (!hint.is_empty()).then(|| format!("{id}-hint"));
        let fault_id = fault.map(|_| format!("{id}-fault"));
        let ids: Vec<String> = hint.into_iter().chain(fault_id).collect();
        Self { described_by: (!ids.is_empty()).then(|| ids.join(" ")), invalid: fault.map(|_| "true") }
    }
}

#[component]
fn Hint(id: String, hint: String) -> impl IntoView {
    (!hint.is_empty()).then(|| view! { <p class="hint" id=format!("{id}-hint")>{hint}</p> })
}

#[component]
fn ChoiceHint(hint: String) -> impl IntoView {
    (!hint.is_empty()).then(|| view! { <small class="hint">{hint}</small> })
}

#[component]
fn FaultMessage(id: String, fault: Option<String>) -> impl IntoView {
    fault.map(|fault| view! { <p class="fault" id=format!("{id}-fault")><BrokenIcon />{fault}</p> })
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn a_rejected_field_keeps_its_input_and_shows_its_error() {
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
        let html =
            view! { <Field name="password" label="Password" kind=InputKind::Password value="secret" /> }.to_html();
        assert!(!html.contains("secret") && !html.contains("aria-invalid"), "{html}");
    }

    #[test]
    fn a_text_area_escapes_its_text() {
        let html = view! { <Area name="note" label="Note" value="a\nb </textarea><script>&lt;" /> }.to_html();
        assert!(html.contains(">a\nb &lt;/textarea>&lt;script>&amp;lt;</textarea>"), "{html}");
    }

    #[test]
    fn the_first_input_of_a_choice_has_the_field_name_as_id() {
        let items = vec![ChoiceItem::new("a", "A"), ChoiceItem::new("b", "B").hint("Second")];
        let html = view! { <Choice name="pick" label="Pick" items value="b" /> }.to_html();
        assert!(html.contains(r#"id="pick""#) && html.contains(r#"id="pick-1""#), "{html}");
        assert_eq!(html.matches("checked").count(), 1, "{html}");
    }

    #[test]
    fn an_error_summary_names_and_links_the_invalid_fields() {
        let faults = [("title", "Too long."), ("", "Try again."), ("elsewhere", "Missing.")];
        let faults = faults.map(|(name, fault)| (name.to_owned(), fault.to_owned())).to_vec();
        let html = crate::render::render(|| {
            view! {
                <ErrorSummary title="Not saved" faults />
                <Field name="title" id="headline" label="Headline" fault=Some("Too long.".to_owned()) />
            }
        });
        let html = html.replace("<!>", "");
        assert!(html.contains(r##"<a href="#headline"><b>Headline</b> Too long.</a>"##), "{html}");
        assert!(html.contains("<li>Try again.") && html.contains("<li>Missing."), "{html}");
    }
}
