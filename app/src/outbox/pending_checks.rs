//! Shows pending checks on pages that were rendered without them.

use domain::ids::{GuaranteeId, PlaceId};
use domain::verdict::Verdict;
use leptos::prelude::*;

use crate::request_context::RequestContext;

/// Marks the part of a page that shows the last check of a promise at a place.
pub(crate) fn check_reference(guarantee: GuaranteeId, place: PlaceId) -> String {
    format!("{guarantee} {place}")
}

/// The script that shows pending checks, with its texts.
pub(crate) fn pending_checks_script(context: &RequestContext) -> impl IntoView + use<> {
    let (texts, nonce, source) = (context.texts, context.nonce.clone(), context.state.assets.pending_checks);
    let label = |verdict: Verdict| {
        texts.text_with("checks-waits", &[("verdict", texts.text(crate::names::verdict_key(verdict)).into())])
    };
    let [kept, broken, not_applicable] = [Verdict::Kept, Verdict::Broken, Verdict::NotApplicable].map(label);
    view! {
        <script type="module" nonce=nonce src=source data-kept=kept data-broken=broken data-not_applicable=not_applicable></script>
    }
}
