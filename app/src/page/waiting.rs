//! What waits on this phone, on every page from which it may be sent.

use domain::check::Verdict;
use leptos::prelude::*;

use crate::checks::outbox::{FAULTS, Outbox, OutboxWords};
use crate::checks::page::verdict_key;
use crate::devices;
use crate::texts::Texts;
use crate::visit::Inside;

/// What is said once whoever the page was made for is gone: their turn is over, or they have signed out without a network.
pub(super) fn over(inside: &Inside) -> impl IntoView + use<> {
    let texts = inside.visit.texts;
    let to = if inside.actor().device.is_some() { devices::HERE } else { "/sign-in" };
    view! {
        <div class="note warn over" role="alert">
            <p>{texts.say("over-happened")}</p>
            <p><a class="btn" href=to>{texts.say("sign-in-submit")}</a></p>
        </div>
    }
}

/// What waits on this phone by this hand, on every page from which it may be sent; and why it is not taken, where it is not.
pub(super) fn outbox(texts: Texts, me: String, given_up: Option<&str>) -> impl IntoView + use<> {
    let number = |key: &str| texts.tell(key, &[("count", "{}".into())]);
    let words = OutboxWords {
        one: texts.say("outbox-one"),
        several: number("outbox-several"),
        age: number("outbox-age"),
        signed_out: texts.say("outbox-signed-out"),
        others: number("outbox-others"),
        nobodys: number("outbox-nobodys"),
        claim: texts.say("outbox-claim"),
        refused: number("outbox-refused"),
        verdicts: [Verdict::Kept, Verdict::Broken, Verdict::NotApplicable].map(|one| texts.say(verdict_key(one))),
        edit: texts.say("outbox-edit"),
        note: texts.say("outbox-note"),
        picture: texts.say("outbox-picture"),
        without: texts.say("outbox-without"),
        again: texts.say("outbox-again"),
        delete: texts.say("outbox-delete"),
        unreadable: texts.say("photos-unreadable"),
        leave: number("outbox-leave"),
        full: texts.say("outbox-full"),
        faults: FAULTS.map(|fault| texts.fault(fault)).to_vec(),
        given_up: given_up.map(|key| texts.say(key)),
    };
    view! { <Outbox me words /> }
}
