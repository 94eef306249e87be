//! What was refused: all of it is shown, and can be mended and sent again.

use domain::check::{CheckDraft, FindingDraft, Verdict};
use leptos::form::form_data_from_event;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::web_sys::{FormData, SubmitEvent};

use super::{Entry, OutboxWords, flush, forget, in_words, phone, show};

/// One check that was not taken.
#[component]
pub fn Refused(key: u32, entry: Entry, me: StoredValue<String>, words: StoredValue<OutboxWords>) -> impl IntoView {
    let said = RwSignal::new(entry.refused.clone().unwrap_or_default());
    let picture = RwSignal::new(None);
    if entry.pictured {
        spawn_local(async move { picture.set(phone::picture(key).await.map(|bytes| phone::shown(&bytes))) });
    }
    let verdict = Verdict::parse(&entry.draft.finding.verdict).ok();
    let at = [Verdict::Kept, Verdict::Broken, Verdict::NotApplicable].iter().position(|one| Some(*one) == verdict);
    let OutboxWords { refused, verdicts, edit, note: label, picture: another, without, again, delete, .. } =
        words.get_value();
    let is_check = entry.takes_back.is_none();
    let verdict = at.filter(|_| is_check).map(|at| verdicts[at].clone());
    let typed = entry.takes_back.clone().unwrap_or_else(|| entry.draft.finding.note.clone());
    let (title, pictured) = (refused.replace("{}", &entry.about), entry.pictured);
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        let Ok(data) = form_data_from_event(&event) else { return };
        let entry = entry.clone();
        spawn_local(async move {
            match mended(key, entry, &data, words).await {
                Ok(()) => drop(flush(&me.get_value()).await),
                Err(wrong) => said.set(wrong),
            }
        });
    };
    view! {
        <li class="card grid tight">
            <b>{title}</b>
            <span role="alert">{move || said.get()}</span>
            <span>{verdict}</span>
            <span class="soft">{typed.clone()}</span>
            {move || picture.get().map(|src| view! { <img src=src alt="" /> })}
            <details>
                <summary class="link">{edit}</summary>
                <form class="grid tight" on:submit=send>
                    {is_check.then(|| view! {
                        <label class="field">{label}<textarea name="note" rows="3" prop:value=typed></textarea></label>
                        <label class="field">{another}<input type="file" name="photo" accept="image/jpeg,image/png" /></label>
                    })}
                    {pictured.then(|| view! {
                        <label class="pick"><input type="checkbox" name="without" /><span>{without}</span></label>
                    })}
                    <button class="btn">{again}</button>
                </form>
            </details>
            <button class="btn quiet forget" on:click=move |_| forget(key)>{delete}</button>
        </li>
    }
}

/// Puts what was mended in place of what was refused, under the same id: if that was stored after all, it is not stored twice.
/// In words why it is not, where it still cannot be taken.
async fn mended(key: u32, entry: Entry, data: &FormData, words: StoredValue<OutboxWords>) -> Result<(), String> {
    if entry.takes_back.is_some() {
        return replace(key, Entry { refused: None, ..entry }, None, words).await;
    }
    let unreadable = |_| words.with_value(|words| words.unreadable.clone());
    let picture = phone::picture_in(data).await.map_err(unreadable)?;
    let pictured = picture.is_some() || (entry.pictured && !data.has("without"));
    let note = data.get("note").as_string().unwrap_or_default();
    let finding = FindingDraft { note, ..entry.draft.finding };
    if let Err(faults) = finding.parse(usize::MAX) {
        return Err(words.with_value(|words| in_words(&faults, &words.faults)));
    }
    let draft = CheckDraft { photo: String::new(), finding, ..entry.draft };
    replace(key, Entry { draft, pictured, refused: None, ..entry }, picture, words).await
}

async fn replace(
    key: u32,
    entry: Entry,
    picture: Option<Vec<u8>>,
    words: StoredValue<OutboxWords>,
) -> Result<(), String> {
    let replaced = phone::replace(key, &entry, picture.as_deref()).await;
    replaced.map_err(|_| words.with_value(|words| words.full.clone()))?;
    show().await;
    Ok(())
}
