//! What waits on the phone is drawn over pages that do not know of it yet.

use domain::check::Verdict;
use domain::ids::{GuaranteeId, PlaceId};
use leptos::prelude::*;

use crate::visit::Visit;

/// Marks what a page says of the last look at a promise at a place.
pub(crate) fn look(guarantee: GuaranteeId, place: PlaceId) -> String {
    format!("{guarantee} {place}")
}

/// What draws over a page, with the words for it.
pub(crate) fn script(visit: &Visit) -> impl IntoView + use<> {
    let (texts, nonce, source) = (visit.texts, visit.nonce.clone(), visit.state.assets.rounds);
    let said = |verdict: Verdict| {
        texts.tell("checks-waits", &[("verdict", texts.say(super::page::verdict_key(verdict)).into())])
    };
    let [kept, broken, aside] = [Verdict::Kept, Verdict::Broken, Verdict::NotApplicable].map(said);
    view! {
        <script type="module" nonce=nonce src=source data-kept=kept data-broken=broken data-not_applicable=aside></script>
    }
}
