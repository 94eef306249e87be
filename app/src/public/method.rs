//! How the numbers are computed, and the footer of public pages.

use crate::addresses;
use leptos::prelude::*;
use store::{Charter, GuaranteeDetail, PublicGuarantee};

use super::context::PublicContext;

/// The method in plain words, and each formula.
pub fn card(
    context: &PublicContext,
    charter: &Charter,
    guarantee: &PublicGuarantee,
    detail: &GuaranteeDetail,
) -> impl IntoView + use<> {
    let texts = context.texts;
    let zone = context.info.business.zone.to_string();
    let formulas = [
        ("public-kept-rate", "public-kept-rate-is"),
        ("public-interval", "public-interval-is"),
        ("public-coverage", "public-coverage-is"),
        ("public-strict", "public-strict-is"),
        ("public-level", "public-level-is"),
        ("public-first", "public-first-is"),
        ("public-restored", "public-restored-is"),
    ];
    let formulas =
        formulas.map(|(name, definition)| view! { <dt>{texts.text(name)}</dt><dd>{texts.text(definition)}</dd> });
    let corrected = texts.text_with("public-corrections", &[("count", detail.corrections.into())]);
    let kept = texts.text_with(
        "public-record-kept",
        &[("name", context.business_name().into()), ("count", charter.entries.into())],
    );
    let record = addresses::record(&context.info.business.slug);
    let file = addresses::record_download(&context.info.business.slug);
    let proof =
        texts.text_with("public-method-proof", &[("proof", guarantee.wording.terms.kept_checks_for_trust.into())]);
    view! {
        <section class="card grid" id="method">
            <h2>{texts.text("public-method")}</h2>
            <p>{texts.text("public-method-who")} " " {proof}</p>
            <p>{texts.text("public-method-unknown")}</p>
            <p>{texts.text_with("public-method-days", &[("zone", zone.into())])}</p>
            <p>{texts.text("public-method-corrections")} " " {corrected}</p>
            <h3>{texts.text("public-formulas")}</h3>
            <dl class="pairs">{formulas.into_view()}</dl>
            <h3>{texts.text("public-record")}</h3>
            <p>{kept}</p>
            <p class="row screen-only">
                <a href=record>{texts.text("public-to-record")}</a>
                <a href=file download>{texts.text("public-download")}</a>
            </p>
        </section>
    }
}

/// The footer: who answers for the promises, and the link to the record.
pub fn footer(context: &PublicContext, entries: i64) -> impl IntoView + use<> {
    let texts = context.texts;
    let contact = &context.info.business.contact;
    let phone = contact.phone.as_ref().map(|phone| {
        let digits: String = phone.as_str().chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
        view! { " " <a href=format!("tel:{digits}")>{phone.to_string()}</a> }
    });
    let email = contact.email.as_ref().map(|email| {
        let email = email.as_str().to_owned();
        view! { " " <a href=format!("mailto:{email}")>{email.clone()}</a> }
    });
    let kept =
        texts.text_with("public-kept-by", &[("name", context.business_name().into()), ("count", entries.into())]);
    let record = addresses::record(&context.info.business.slug);
    view! {
        <footer class="small muted">
            <p>{texts.text_with("public-answers", &[("person", contact.name.to_string().into())])} {phone} {email}</p>
            <p>{kept} " " <a class="screen-only" href=record>{texts.text("public-see-record")}</a></p>
            <p class="screen-only">{texts.text("public-work-here")} " " <a href=addresses::SIGN_IN>{texts.text("sign-in-title")}</a></p>
        </footer>
    }
}
