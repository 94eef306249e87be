//! Several promises of a place that are kept, in one tap: each is a check of its own, and on the phone first like any other.

use domain::check::{CheckDraft, FindingDraft, Verdict};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::web_sys::SubmitEvent;

use super::sending::keep_all;
use super::{Entry, flush, phone};

/// Takes such a form from the browser, which could send it with a network only.
pub(super) fn submit(event: &SubmitEvent, me: String) {
    let Some(sent) = phone::kept_together(event) else { return };
    let by = if phone::is_over() { String::new() } else { me.clone() };
    spawn_local(async move {
        let now = phone::now();
        let [heard, heard_at] = phone::heard();
        let finding = FindingDraft { verdict: Verdict::Kept.name().to_owned(), ..FindingDraft::default() };
        let base = CheckDraft {
            place: sent.place.clone(),
            at: phone::instant(now),
            heard,
            heard_at,
            by,
            finding,
            ..CheckDraft::default()
        };
        let entry = |[guarantee, version, title]: &[String; 3]| {
            let (guarantee, version) = (guarantee.clone(), version.clone());
            let draft = CheckDraft { id: phone::new_id(), guarantee, version, ..base.clone() };
            let about = [title.trim(), &sent.about].join(" · ");
            Entry { draft, about, added: now, ..Entry::default() }
        };
        let entries: Vec<_> = sent.kept.iter().map(entry).collect();
        // Where there is no room for all of them, they go together as a form, which needs a network.
        let Ok(keys) = keep_all(&entries).await else { return sent.send() };
        sent.say_saved();
        let _ = flush(&me).await;
        let left = phone::all().await.unwrap_or_default();
        let left: Vec<_> = left.into_iter().filter(|(key, _)| keys.contains(key)).collect();
        if left.is_empty() {
            let _ = location().assign(&format!("/check/{}?together={}", sent.place, keys.len()));
        }
    });
}
