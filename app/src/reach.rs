//! Everywhere, or at some sites: the part of a form that says how far someone reaches.

use domain::actor::Reach;
use domain::reach::{EVERYWHERE, ReachDraft, SITES};
use domain::text::tidy;
use leptos::prelude::*;
use store::SiteRow;

use crate::form::Labels;
use crate::icons::BrokenIcon;
use crate::page::Trouble;
use crate::texts::Texts;

/// What somebody may choose from: the sites within their own reach.
pub struct Offer<'o> {
    pub by: &'o Reach,
    pub sites: &'o [SiteRow],
    /// What tells the fields of several such forms on a page apart.
    pub whose: String,
}

impl Offer<'_> {
    /// The fields, with what was chosen; nothing where there is nothing to choose.
    pub fn fields(&self, texts: Texts, chosen: &ReachDraft, trouble: &Trouble) -> Option<AnyView> {
        if self.by.is_everywhere() && self.sites.len() < 2 {
            return None;
        }
        let everywhere = self.by.is_everywhere().then(|| self.everywhere(texts, chosen, trouble));
        // Who is bound binds.
        let bound = (!self.by.is_everywhere()).then(|| view! { <input type="hidden" name="reach" value=SITES /> });
        Some(view! { {everywhere} {bound} {self.which(texts, chosen, trouble)} }.into_any())
    }

    fn everywhere(&self, texts: Texts, chosen: &ReachDraft, trouble: &Trouble) -> impl IntoView + use<> {
        let (id, label) = (format!("reach{}", self.whose), texts.say("reach-where"));
        let fault = said(texts, ("reach", &id, &label), trouble);
        let some = tidy(&chosen.reach) == SITES || (chosen.reach.is_empty() && !chosen.sites.is_empty());
        let other = format!("{id}-{SITES}");
        let wrong = fault.is_some().then_some("true");
        view! {
            <fieldset class="field" role="radiogroup" aria-invalid=wrong>
                <legend>{label}</legend>
                <div class="picks">
                    <label class="pick">
                        <input type="radio" id=id name="reach" value=EVERYWHERE checked=!some />
                        <span>{texts.say("reach-everywhere")}</span>
                    </label>
                    <label class="pick">
                        <input type="radio" id=other name="reach" value=SITES checked=some />
                        <span>{texts.say("reach-sites")}</span>
                    </label>
                </div>
                {fault}
            </fieldset>
        }
    }

    fn which(&self, texts: Texts, chosen: &ReachDraft, trouble: &Trouble) -> impl IntoView + use<> {
        let (id, label) = (format!("sites{}", self.whose), texts.say("reach-which"));
        let fault = said(texts, ("sites", &id, &label), trouble);
        // Who has one site to give gives it.
        let only = !self.by.is_everywhere() && self.sites.len() == 1;
        let each = self.sites.iter().enumerate().map(|(number, site)| {
            // The first bears the name itself, so that a link to the field lands on it.
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

/// What is wrong with a field, beside it and in the summary above.
fn said(texts: Texts, (name, id, label): (&str, &str, &str), trouble: &Trouble) -> Option<impl IntoView + use<>> {
    let fault = trouble.at(texts, name)?;
    Labels::note(name, id, label);
    Some(view! { <p class="fault" id=format!("{id}-fault")><BrokenIcon />{fault}</p> })
}

/// The sites someone is bound to, by those that the reader knows; None if it is everywhere.
pub fn named(texts: Texts, reach: &Reach, known: &[SiteRow]) -> Option<String> {
    let Reach::Sites(sites) = reach else { return None };
    let mut names: Vec<_> =
        known.iter().filter(|site| sites.contains(&site.id)).map(|site| site.name.clone()).collect();
    if names.len() < sites.len() {
        names.push(texts.say("reach-others"));
    }
    Some(names.join(", "))
}
