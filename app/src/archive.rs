//! A whole business: taken along as a file, and deleted.

use std::fs::{File, OpenOptions, remove_file};
use std::io::{self, Read, Seek};
use std::os::unix::fs::OpenOptionsExt;

use axum::body::{Body, Bytes};
use axum::extract::State as Shared;
use axum::response::{IntoResponse, Response};
use domain::actor::Act;
use futures_util::{Stream, stream};
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE};
use leptos::prelude::*;
use serde::Deserialize;
use store::{Home, Source};
use tokio::task::spawn_blocking;

use crate::doors::Doors;
use crate::doors::Rule::Member;
use crate::error::Error;
use crate::form::Field;
use crate::page::Trouble;
use crate::sign_in;
use crate::state::State;
use crate::texts::Texts;
use crate::visit::{Asking, Form, Inside};

pub fn doors(doors: Doors) -> Doors {
    doors
        .get("/settings/export.zip", Member(Act::Govern), export)
        .get("/settings/delete", Member(Act::Govern), ask)
        .post("/settings/delete", Member(Act::Govern), delete)
}

/// The name of the business, typed to say that it is meant.
#[derive(Default, Deserialize)]
#[serde(default)]
struct DeleteDraft {
    name: String,
}

/// All of it as a file. It is written whole before it is sent: the database waits for nobody's connection.
async fn export(inside: Inside, Shared(state): Shared<State>) -> Result<Response, Error> {
    let turn = state.exporting.acquire().await.map_err(|_| Error::Unavailable)?;
    let file = nameless(state.store.source()).map_err(store::Error::from)?;
    let (file, _) = state.store.export(inside.actor(), file).await?;
    drop(turn);
    let length = file.metadata().map_err(store::Error::from)?.len();
    let says = [
        (CONTENT_TYPE, "application/zip".to_owned()),
        (CONTENT_LENGTH, length.to_string()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{}-trialmark.zip\"", inside.visitor.business_slug)),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((says, Body::from_stream(from_start(file))).into_response())
}

/// A file that nobody finds, and that is gone when it is no longer needed.
fn nameless(source: &dyn Source) -> io::Result<File> {
    let path = std::env::temp_dir().join(format!("trialmark-export-{}", source.id()));
    let file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&path)?;
    remove_file(&path)?;
    Ok(file)
}

/// A file, a piece at a time.
fn from_start(file: File) -> impl Stream<Item = io::Result<Bytes>> {
    const PIECE: usize = 256 * 1024;
    stream::try_unfold((file, true), |(mut file, first)| async move {
        let read = spawn_blocking(move || {
            if first {
                file.rewind()?;
            }
            let mut piece = vec![0; PIECE];
            let length = file.read(&mut piece)?;
            piece.truncate(length);
            Ok::<_, io::Error>((piece, file))
        });
        let (piece, file) = read.await.map_err(io::Error::other)??;
        Ok((!piece.is_empty()).then(|| (piece.into(), (file, false))))
    })
}

async fn ask(inside: Inside) -> Result<Response, Error> {
    let home = inside.visit.state.store.home(inside.actor()).await?;
    let title = inside.visit.texts.say("archive-delete");
    Ok(inside.page(&title, || confirm(inside.visit.texts, &home, "", &Trouble::default())))
}

/// Whoever has deleted it is signed out, or goes on in another business of theirs.
async fn delete(
    inside: Inside,
    Shared(state): Shared<State>,
    Asking(origin): Asking,
    Form(draft): Form<DeleteDraft>,
) -> Result<Response, Error> {
    let home = state.store.home(inside.actor()).await?;
    if let Err(error) = state.store.delete_business(inside.actor(), &draft.name).await {
        let (texts, title) = (inside.visit.texts, inside.visit.texts.say("archive-delete"));
        return inside.again(error, &title, |trouble| confirm(texts, &home, &draft.name, &trouble));
    }
    let session = state.store.begin_session(inside.visitor.person, &origin).await?;
    let (to, next) = if session.is_some() { ("/businesses", "nav-businesses") } else { ("/", "action-start") };
    let cookie = sign_in::cookie_of(&state, session.as_ref());
    let texts = inside.visit.texts;
    let title = texts.tell("archive-deleted", &[("name", home.business.name.to_string().into())]);
    let visit = inside.visit.outside();
    let page = visit.page(&title, || {
        view! {
            <main id="main" class="slim">
                <h1>{title.clone()}</h1>
                <p>{texts.say("archive-deleted-means")}</p>
                <p><a class="btn" href=to>{texts.say(next)}</a></p>
            </main>
        }
    });
    Ok((cookie, page).into_response())
}

/// What the settings say about the business as a whole.
pub(crate) fn section(texts: Texts) -> impl IntoView {
    view! {
        <section class="card grid">
            <h2>{texts.say("archive-whole")}</h2>
            <p>{texts.say("archive-export-lead")}</p>
            <p><a class="btn quiet" href="/settings/export.zip" download>{texts.say("archive-export")}</a></p>
            <details>
                <summary>{texts.say("archive-delete")}</summary>
                <p>{texts.say("archive-delete-lead")}</p>
                <p><a class="btn stop" href="/settings/delete">{texts.say("archive-delete-ask")}</a></p>
            </details>
        </section>
    }
}

fn confirm(texts: Texts, home: &Home, typed: &str, trouble: &Trouble) -> impl IntoView + use<> {
    let name = home.business.name.to_string();
    let named = [("name", name.clone().into())];
    let fault = trouble.at(texts, "name");
    view! {
        <main id="main" class="slim">
            <p><a class="link" href="/settings">{texts.say("archive-back")}</a></p>
            <h1>{texts.tell("archive-delete-headline", &named)}</h1>
            {trouble.summary(texts)}
            <div class="note bad">
                <h2>{texts.say("archive-goes")}</h2>
                <ul>
                    <li>{texts.say("archive-goes-work")}</li>
                    <li>{texts.say("archive-goes-public")}</li>
                    <li>{texts.say("archive-goes-people")}</li>
                </ul>
            </div>
            <p>{texts.say("archive-delete-first")}</p>
            <p><a class="btn quiet" href="/settings/export.zip" download>{texts.say("archive-export")}</a></p>
            <form method="post" action="/settings/delete">
                <Field name="name" label=texts.say("archive-delete-name") hint=texts.tell("archive-delete-name-hint", &named) value=typed.to_owned() fault required=true autocomplete="off" />
                <p><button class="btn stop tall">{texts.say("archive-delete-now")}</button></p>
            </form>
        </main>
    }
}
