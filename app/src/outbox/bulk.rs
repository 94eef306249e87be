//! Several promises of a place logged as kept with one tap. Each becomes a check of its own in the outbox.

use crate::addresses;
use crate::timer::server_time_reading;
use domain::check::CheckDraft;
use domain::finding::FindingDraft;
use domain::verdict::Verdict;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::web_sys::SubmitEvent;

use super::sending::enqueue_all;
use super::{OutboxEntry, flush, phone};

/// Handles such a form in place of the browser, which would need a network.
pub(super) fn handle_submit(event: &SubmitEvent, actor_key: String) {
    let Some(form) = phone::bulk_kept(event) else { return };
    let by = if phone::is_session_over() { String::new() } else { actor_key.clone() };
    spawn_local(async move {
        let now = phone::now();
        let [server_time, device_time] = server_time_reading();
        let finding = FindingDraft { verdict: Verdict::Kept.name().to_owned(), ..FindingDraft::default() };
        let base = CheckDraft {
            place: form.place.clone(),
            at: phone::instant(now),
            heard: server_time,
            heard_at: device_time,
            by,
            finding,
            ..CheckDraft::default()
        };
        let entry = |[guarantee, version, title]: &[String; 3]| {
            let (guarantee, version) = (guarantee.clone(), version.clone());
            let draft = CheckDraft { id: phone::new_id(), guarantee, version, ..base.clone() };
            let about = [title.trim(), &form.about].join(" · ");
            OutboxEntry { draft, label: about, added: now, ..OutboxEntry::default() }
        };
        let entries: Vec<_> = form.kept.iter().map(entry).collect();
        // Without room for all of them, the form is sent as usual, which needs a network.
        let Ok(keys) = enqueue_all(&entries).await else { return form.send() };
        form.show_saved();
        let _ = flush(&actor_key).await;
        let pending = phone::all().await.unwrap_or_default();
        let pending: Vec<_> = pending.into_iter().filter(|(key, _)| keys.contains(key)).collect();
        if pending.is_empty() {
            let _ = location().assign(&addresses::logged_together(form.place, keys.len()));
        }
    });
}
