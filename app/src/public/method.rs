//! How the numbers come about, who keeps the record, and who answers for the promises.

use leptos::prelude::*;
use store::{Charter, Detail, PublicGuarantee};

use super::reader::Reader;

/// The method in plain words, and each formula.
pub fn card(reader: &Reader, charter: &Charter, guarantee: &PublicGuarantee, detail: &Detail) -> impl IntoView + use<> {
    let texts = reader.texts;
    let zone = reader.home.business.zone.to_string();
    let formulas = [
        ("public-kept-rate", "public-kept-rate-is"),
        ("public-interval", "public-interval-is"),
        ("public-coverage", "public-coverage-is"),
        ("public-strict", "public-strict-is"),
        ("public-level", "public-level-is"),
        ("public-first", "public-first-is"),
        ("public-restored", "public-restored-is"),
    ];
    let formulas = formulas.map(|(name, is)| view! { <dt>{texts.say(name)}</dt><dd>{texts.say(is)}</dd> });
    let corrected = texts.tell("public-corrections", &[("count", detail.corrections.into())]);
    let kept =
        texts.tell("public-record-kept", &[("name", reader.business().into()), ("count", charter.entries.into())]);
    let record = format!("{}/record", reader.charter());
    let file = format!("{record}.jsonl");
    let proof = texts.tell("public-method-proof", &[("proof", guarantee.wording.terms.proof.into())]);
    view! {
        <section class="card grid" id="method">
            <h2>{texts.say("public-method")}</h2>
            <p>{texts.say("public-method-who")} " " {proof}</p>
            <p>{texts.say("public-method-unknown")}</p>
            <p>{texts.tell("public-method-days", &[("zone", zone.into())])}</p>
            <p>{texts.say("public-method-mended")} " " {corrected}</p>
            <h3>{texts.say("public-formulas")}</h3>
            <dl class="pairs">{formulas.into_view()}</dl>
            <h3>{texts.say("public-record")}</h3>
            <p>{kept}</p>
            <p class="row on-screen">
                <a href=record>{texts.say("public-to-record")}</a>
                <a href=file download>{texts.say("public-download")}</a>
            </p>
        </section>
    }
}

/// At the foot of each page: a person's name, and whose record it is.
pub fn foot(reader: &Reader, entries: i64) -> impl IntoView + use<> {
    let texts = reader.texts;
    let contact = &reader.home.business.contact;
    let phone = contact.phone.as_ref().map(|phone| {
        let digits: String = phone.as_str().chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
        view! { " " <a href=format!("tel:{digits}")>{phone.to_string()}</a> }
    });
    let email = contact.email.as_ref().map(|email| {
        let email = email.as_str().to_owned();
        view! { " " <a href=format!("mailto:{email}")>{email.clone()}</a> }
    });
    let kept = texts.tell("public-kept-by", &[("name", reader.business().into()), ("count", entries.into())]);
    let record = format!("{}/record", reader.charter());
    view! {
        <footer class="small soft">
            <p>{texts.tell("public-answers", &[("person", contact.name.to_string().into())])} {phone} {email}</p>
            <p>{kept} " " <a class="on-screen" href=record>{texts.say("public-see-record")}</a></p>
            <p class="on-screen">{texts.say("public-work-here")} " " <a href="/sign-in">{texts.say("sign-in-title")}</a></p>
        </footer>
    }
}
