//! The fields that limit someone to some sites.

use domain::site_access::SiteAccess;
use domain::site_access::{CHOICE_ALL_SITES, CHOICE_SITES, SiteAccessDraft};
use domain::text::tidy;
use leptos::prelude::*;
use store::SiteRow;

use crate::icons::BrokenIcon;
use crate::page::FormErrors;
use crate::render::FieldLabels;
use crate::texts::Texts;

/// What the giver may choose from: the sites they have access to themselves.
pub struct SiteAccessFields<'o> {
    pub giver: &'o SiteAccess,
    pub sites: &'o [SiteRow],
    /// A suffix for the ids, if the page has several such forms.
    pub id_suffix: String,
}

impl SiteAccessFields<'_> {
    /// The fields with the current choice, or nothing if there is nothing to choose.
    pub fn fields(&self, texts: Texts, chosen: &SiteAccessDraft, errors: &FormErrors) -> Option<AnyView> {
        if self.giver.is_all_sites() && self.sites.len() < 2 {
            return None;
        }
        let scope = self.giver.is_all_sites().then(|| self.scope_field(texts, chosen, errors));
        // Someone who is limited to sites can only give access to sites.
        let limited =
            (!self.giver.is_all_sites()).then(|| view! { <input type="hidden" name="reach" value=CHOICE_SITES /> });
        Some(view! { {scope} {limited} {self.sites_field(texts, chosen, errors)} }.into_any())
    }

    fn scope_field(&self, texts: Texts, chosen: &SiteAccessDraft, errors: &FormErrors) -> impl IntoView + use<> {
        let (id, label) = (format!("reach{}", self.id_suffix), texts.text("site-access-where"));
        let fault = fault_view(texts, ("reach", &id, &label), errors);
        let is_limited = tidy(&chosen.reach) == CHOICE_SITES || (chosen.reach.is_empty() && !chosen.sites.is_empty());
        let other = format!("{id}-{CHOICE_SITES}");
        let wrong = fault.is_some().then_some("true");
        view! {
            <fieldset class="field" role="radiogroup" aria-invalid=wrong>
                <legend>{label}</legend>
                <div class="picks">
                    <label class="pick">
                        <input type="radio" id=id name="reach" value=CHOICE_ALL_SITES checked=!is_limited />
                        <span>{texts.text("site-access-everywhere")}</span>
                    </label>
                    <label class="pick">
                        <input type="radio" id=other name="reach" value=CHOICE_SITES checked=is_limited />
                        <span>{texts.text("site-access-sites")}</span>
                    </label>
                </div>
                {fault}
            </fieldset>
        }
    }

    fn sites_field(&self, texts: Texts, chosen: &SiteAccessDraft, errors: &FormErrors) -> impl IntoView + use<> {
        let (id, label) = (format!("sites{}", self.id_suffix), texts.text("site-access-which"));
        let fault = fault_view(texts, ("sites", &id, &label), errors);
        // If there is only one site to give, it is selected.
        let only = !self.giver.is_all_sites() && self.sites.len() == 1;
        let each = self.sites.iter().enumerate().map(|(number, site)| {
            // The first checkbox has the name as its id, so that links to the field lead to it.
            let id = if number == 0 { id.clone() } else { format!("{id}-{number}") };
            let value = site.id.to_string();
            let checked = only || chosen.sites.contains(&value);
            view! {
                <label class="pick">
                    <input type="checkbox" id=id name="sites" checked=checked value=value />
                    <span>{site.name.clone()}</span>
                </label>
            }
        });
        let wrong = fault.is_some().then_some("true");
        view! {
            <fieldset class="field" aria-invalid=wrong>
                <legend>{label}</legend>
                <div class="picks">{each.collect_view()}</div>
                {fault}
            </fieldset>
        }
    }
}

/// The fault of a field, which is also recorded for the summary.
fn fault_view(
    texts: Texts,
    (name, id, label): (&str, &str, &str),
    errors: &FormErrors,
) -> Option<impl IntoView + use<>> {
    let fault = errors.for_field(texts, name)?;
    FieldLabels::note(name, id, label);
    Some(view! { <p class="fault" id=format!("{id}-fault")><BrokenIcon />{fault}</p> })
}

/// The sites someone is limited to, as far as the reader may see them; `None` if they have access to all.
pub fn site_names(texts: Texts, reach: &SiteAccess, known: &[SiteRow]) -> Option<String> {
    let SiteAccess::Sites(sites) = reach else { return None };
    let mut names: Vec<_> =
        known.iter().filter(|site| sites.contains(&site.id)).map(|site| site.name.clone()).collect();
    if names.len() < sites.len() {
        names.push(texts.text("site-access-others"));
    }
    Some(names.join(", "))
}
