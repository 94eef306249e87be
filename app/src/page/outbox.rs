//! The outbox on every page of a signed-in user.

use domain::verdict::Verdict;
use leptos::prelude::*;

use crate::addresses;
use crate::names::verdict_key;
use crate::outbox::{FAULTS, Outbox, OutboxTexts};
use crate::request_context::SignedIn;
use crate::texts::Texts;

/// The notice that appears when the session of the page is over: by time, or by signing out without a network.
pub(super) fn session_over_notice(signed_in: &SignedIn) -> impl IntoView + use<> {
    let texts = signed_in.context.texts;
    let to = if signed_in.actor().device.is_some() { addresses::DEVICE_START } else { addresses::SIGN_IN };
    view! {
        <div class="note warn session-over" role="alert">
            <p>{texts.text("signed-out-on-device")}</p>
            <p><a class="btn" href=to>{texts.text("sign-in-submit")}</a></p>
        </div>
    }
}

/// The outbox of one actor. `rejection_reason` is the key of the reason why their checks are no longer accepted.
pub(super) fn outbox(texts: Texts, actor_key: String, rejection_reason: Option<&str>) -> impl IntoView + use<> {
    let with_count = |key: &str| texts.text_with(key, &[("count", "{}".into())]);
    let outbox_texts = OutboxTexts {
        one_pending: texts.text("outbox-one"),
        several_pending: with_count("outbox-several"),
        oldest_age: with_count("outbox-age"),
        signed_out: texts.text("outbox-signed-out"),
        others_pending: with_count("outbox-of-others"),
        unowned: with_count("outbox-unclaimed"),
        take_ownership: texts.text("outbox-claim"),
        refused: with_count("outbox-refused"),
        verdicts: [Verdict::Kept, Verdict::Broken, Verdict::NotApplicable].map(|one| texts.text(verdict_key(one))),
        edit: texts.text("outbox-edit"),
        note: texts.text("outbox-note"),
        picture: texts.text("outbox-picture"),
        remove_picture: texts.text("outbox-without-picture"),
        send_again: texts.text("outbox-send-again"),
        delete: texts.text("outbox-delete"),
        unreadable: texts.text("photos-unreadable"),
        confirm_sign_out: with_count("outbox-leave"),
        storage_full: texts.text("outbox-full"),
        faults: FAULTS.map(|fault| texts.fault(fault)).to_vec(),
        rejection_reason: rejection_reason.map(|key| texts.text(key)),
    };
    view! { <Outbox actor_key texts=outbox_texts /> }
}
