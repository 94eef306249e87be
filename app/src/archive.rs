//! Exporting a whole business as a file, and deleting it.

use std::fs::{File, OpenOptions, remove_file};
use std::io::{self, Read, Seek};
use std::os::unix::fs::OpenOptionsExt;

use axum::body::{Body, Bytes};
use axum::extract::State as Shared;
use axum::response::{IntoResponse, Response};
use domain::role::Permission;
use futures_util::{Stream, stream};
use http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE};
use leptos::prelude::*;
use serde::Deserialize;
use store::{BusinessInfo, ClockAndRandom};
use tokio::task::spawn_blocking;

use crate::addresses;
use crate::doors::AccessRule::Member;
use crate::doors::Doors;
use crate::error::Error;
use crate::form::Field;
use crate::page::FormErrors;
use crate::request_context::{ClientOrigin, Form, SignedIn};
use crate::session;
use crate::state::AppState;
use crate::texts::Texts;

pub fn doors(doors: Doors) -> Doors {
    doors
        .get(addresses::BUSINESS_EXPORT, Member(Permission::Administer), export)
        .get(addresses::DELETE_BUSINESS, Member(Permission::Administer), show_delete)
        .post(addresses::DELETE_BUSINESS, Member(Permission::Administer), delete)
}

/// The name of the business, typed as a confirmation.
#[derive(Default, Deserialize)]
#[serde(default)]
struct DeleteDraft {
    name: String,
}

/// The export file is written completely before it is sent, so that a slow connection does not hold up the database.
async fn export(signed_in: SignedIn, Shared(state): Shared<AppState>) -> Result<Response, Error> {
    let permit = state.export_permit.acquire().await.map_err(|_| Error::Unavailable)?;
    let file = unnamed_temp_file(state.store.source()).map_err(store::Error::from)?;
    let (file, _) = state.store.export(signed_in.actor(), file).await?;
    drop(permit);
    let length = file.metadata().map_err(store::Error::from)?.len();
    let headers = [
        (CONTENT_TYPE, "application/zip".to_owned()),
        (CONTENT_LENGTH, length.to_string()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{}-trialmark.zip\"", signed_in.user.business_slug)),
    ];
    Ok((headers, Body::from_stream(stream_from_start(file))).into_response())
}

/// A temporary file without a name: no other program can open it, and it disappears when it is closed.
fn unnamed_temp_file(source: &dyn ClockAndRandom) -> io::Result<File> {
    let path = std::env::temp_dir().join(format!("trialmark-export-{}", source.id()));
    let file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&path)?;
    remove_file(&path)?;
    Ok(file)
}

/// The content of a file in chunks.
fn stream_from_start(file: File) -> impl Stream<Item = io::Result<Bytes>> {
    const CHUNK_SIZE: usize = 256 * 1024;
    stream::try_unfold((file, true), |(mut file, first)| async move {
        let read = spawn_blocking(move || {
            if first {
                file.rewind()?;
            }
            let mut chunk = vec![0; CHUNK_SIZE];
            let length = file.read(&mut chunk)?;
            chunk.truncate(length);
            Ok::<_, io::Error>((chunk, file))
        });
        let (chunk, file) = read.await.map_err(io::Error::other)??;
        Ok((!chunk.is_empty()).then(|| (chunk.into(), (file, false))))
    })
}

async fn show_delete(signed_in: SignedIn) -> Result<Response, Error> {
    let info = signed_in.context.state.store.business(signed_in.actor()).await?;
    let title = signed_in.context.texts.text("archive-delete");
    Ok(signed_in.page(&title, || delete_form(signed_in.context.texts, &info, "", &FormErrors::default())))
}

/// Signs the person out, or continues in another business of theirs.
async fn delete(
    signed_in: SignedIn,
    Shared(state): Shared<AppState>,
    ClientOrigin(origin): ClientOrigin,
    Form(draft): Form<DeleteDraft>,
) -> Result<Response, Error> {
    let info = state.store.business(signed_in.actor()).await?;
    if let Err(error) = state.store.delete_business(signed_in.actor(), &draft.name).await {
        let (texts, title) = (signed_in.context.texts, signed_in.context.texts.text("archive-delete"));
        return signed_in.rerender(error, &title, |errors| delete_form(texts, &info, &draft.name, &errors));
    }
    let session = state.store.begin_session(signed_in.user.person, &origin).await?;
    let (to, next_label) =
        if session.is_some() { (addresses::BUSINESSES, "nav-businesses") } else { (addresses::START, "action-start") };
    let cookie = session::session_cookie(&state, session.as_ref());
    let texts = signed_in.context.texts;
    let title = texts.text_with("archive-deleted", &[("name", info.business.name.to_string().into())]);
    let context = signed_in.context.without_user();
    let page = context.page(&title, || {
        view! {
            <main id="main" class="slim">
                <h1>{title.clone()}</h1>
                <p>{texts.text("archive-deleted-means")}</p>
                <p><a class="btn" href=to>{texts.text(next_label)}</a></p>
            </main>
        }
    });
    Ok((cookie, page).into_response())
}

/// The section of the settings page about exporting and deleting the business.
pub(crate) fn settings_section(texts: Texts) -> impl IntoView {
    view! {
        <section class="card grid">
            <h2>{texts.text("archive-whole")}</h2>
            <p>{texts.text("archive-export-lead")}</p>
            <p><a class="btn quiet" href=addresses::BUSINESS_EXPORT download>{texts.text("archive-export")}</a></p>
            <details>
                <summary>{texts.text("archive-delete")}</summary>
                <p>{texts.text("archive-delete-lead")}</p>
                <p><a class="btn stop" href=addresses::DELETE_BUSINESS>{texts.text("archive-delete-ask")}</a></p>
            </details>
        </section>
    }
}

fn delete_form(texts: Texts, info: &BusinessInfo, typed: &str, errors: &FormErrors) -> impl IntoView + use<> {
    let name = info.business.name.to_string();
    let name_arg = [("name", name.clone().into())];
    let fault = errors.for_field(texts, "name");
    view! {
        <main id="main" class="slim">
            <p><a class="link" href=addresses::SETTINGS>{texts.text("archive-back")}</a></p>
            <h1>{texts.text_with("archive-delete-headline", &name_arg)}</h1>
            {errors.summary(texts)}
            <div class="note bad">
                <h2>{texts.text("archive-deletes")}</h2>
                <ul>
                    <li>{texts.text("archive-deletes-work")}</li>
                    <li>{texts.text("archive-deletes-public")}</li>
                    <li>{texts.text("archive-deletes-people")}</li>
                </ul>
            </div>
            <p>{texts.text("archive-delete-first")}</p>
            <p><a class="btn quiet" href=addresses::BUSINESS_EXPORT download>{texts.text("archive-export")}</a></p>
            <form method="post" action=addresses::DELETE_BUSINESS>
                <Field name="name" label=texts.text("archive-delete-name") hint=texts.text_with("archive-delete-name-hint", &name_arg) value=typed.to_owned() fault required=true autocomplete="off" />
                <p><button class="btn stop tall">{texts.text("archive-delete-now")}</button></p>
            </form>
        </main>
    }
}
