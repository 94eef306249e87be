//! Checks that the server refused: shown in full, to be edited and sent again.

use domain::check::CheckDraft;
use domain::finding::FindingDraft;
use domain::verdict::Verdict;
use leptos::form::form_data_from_event;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::web_sys::{FormData, SubmitEvent};

use super::{OutboxEntry, OutboxTexts, dismiss, fault_texts, flush, phone, refresh_and_notify};

#[component]
pub fn RefusedCheck(
    key: u32,
    entry: OutboxEntry,
    actor_key: StoredValue<String>,
    texts: StoredValue<OutboxTexts>,
) -> impl IntoView {
    let message = RwSignal::new(entry.refused.clone().unwrap_or_default());
    let picture = RwSignal::new(None);
    if entry.has_picture {
        spawn_local(async move { picture.set(phone::picture(key).await.map(|bytes| phone::object_url(&bytes))) });
    }
    let verdict = Verdict::parse(&entry.draft.finding.verdict).ok();
    let at = [Verdict::Kept, Verdict::Broken, Verdict::NotApplicable].iter().position(|one| Some(*one) == verdict);
    let OutboxTexts {
        refused,
        verdicts,
        edit,
        note: note_label,
        picture: picture_label,
        remove_picture,
        send_again,
        delete,
        ..
    } = texts.get_value();
    let is_check = entry.retracts.is_none();
    let verdict = at.filter(|_| is_check).map(|at| verdicts[at].clone());
    let typed = entry.retracts.clone().unwrap_or_else(|| entry.draft.finding.note.clone());
    let (title, has_picture) = (refused.replace("{}", &entry.label), entry.has_picture);
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        let Ok(data) = form_data_from_event(&event) else { return };
        let entry = entry.clone();
        spawn_local(async move {
            match resubmit(key, entry, &data, texts).await {
                Ok(()) => drop(flush(&actor_key.get_value()).await),
                Err(reason) => message.set(reason),
            }
        });
    };
    view! {
        <li class="card grid tight">
            <b>{title}</b>
            <span role="alert">{move || message.get()}</span>
            <span>{verdict}</span>
            <span class="muted">{typed.clone()}</span>
            {move || picture.get().map(|src| view! { <img src=src alt="" /> })}
            <details>
                <summary class="link">{edit}</summary>
                <form class="grid tight" on:submit=send>
                    {is_check.then(|| view! {
                        <label class="field">{note_label}<textarea name="note" rows="3" prop:value=typed></textarea></label>
                        <label class="field">{picture_label}<input type="file" name="photo" accept="image/jpeg,image/png" /></label>
                    })}
                    {has_picture.then(|| view! {
                        <label class="pick"><input type="checkbox" name="without" /><span>{remove_picture}</span></label>
                    })}
                    <button class="btn">{send_again}</button>
                </form>
            </details>
            <button class="btn quiet forget" on:click=move |_| dismiss(key)>{delete}</button>
        </li>
    }
}

/// Replaces a refused check with its edited form under the same id. If it had been stored after all, it is not stored
/// twice. Returns why it is still not valid.
async fn resubmit(
    key: u32,
    entry: OutboxEntry,
    data: &FormData,
    texts: StoredValue<OutboxTexts>,
) -> Result<(), String> {
    if entry.retracts.is_some() {
        return replace(key, OutboxEntry { refused: None, ..entry }, None, texts).await;
    }
    let unreadable = |_| texts.with_value(|texts| texts.unreadable.clone());
    let picture = phone::picture_in(data).await.map_err(unreadable)?;
    let has_picture = picture.is_some() || (entry.has_picture && !data.has("without"));
    let note = data.get("note").as_string().unwrap_or_default();
    let finding = FindingDraft { note, ..entry.draft.finding };
    if let Err(faults) = finding.parse(usize::MAX) {
        return Err(texts.with_value(|texts| fault_texts(&faults, &texts.faults)));
    }
    let draft = CheckDraft { photo: String::new(), finding, ..entry.draft };
    replace(key, OutboxEntry { draft, has_picture, refused: None, ..entry }, picture, texts).await
}

async fn replace(
    key: u32,
    entry: OutboxEntry,
    picture: Option<Vec<u8>>,
    texts: StoredValue<OutboxTexts>,
) -> Result<(), String> {
    let replaced = phone::replace(key, &entry, picture.as_deref()).await;
    replaced.map_err(|_| texts.with_value(|texts| texts.storage_full.clone()))?;
    refresh_and_notify().await;
    Ok(())
}
