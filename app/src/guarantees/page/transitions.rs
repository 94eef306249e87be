//! The transitions of a guarantee: try, publish, suspend, resume and retire.

use axum::response::Response;
use domain::guarantee::Transition;
use leptos::prelude::*;
use store::GuaranteeRow;

use super::transition_list::stage_revision;
use super::{BackLink, parse_id, show};
use crate::addresses;
use crate::error::Error;
use crate::flash::Flash;
use crate::page::redirect;
use crate::request_context::{EmptyForm, Path, SignedIn, VersionedForm};
use crate::texts::Texts;

pub async fn apply(
    signed_in: SignedIn,
    Path((id, verb)): Path<(String, String)>,
    VersionedForm { form: EmptyForm {}, revision }: VersionedForm<EmptyForm>,
) -> Result<Response, Error> {
    let id = parse_id(&id)?;
    let verb = Transition::parse(&verb).map_err(|_| Error::NotFound)?;
    match signed_in.store_at(&revision).transition_guarantee(signed_in.actor(), id, verb).await {
        Ok(Some(_)) => Ok(signed_in.saved(&addresses::guarantee(id), flash(verb))),
        Ok(None) => Err(Error::NotFound),
        Err(error) => show::rerender(&signed_in, id, error.into(), None).await,
    }
}

fn flash(verb: Transition) -> Flash {
    match verb {
        Transition::Try => Flash::TrialStarted,
        Transition::Publish => Flash::GuaranteePublished,
        Transition::Suspend => Flash::GuaranteeSuspended,
        Transition::Resume => Flash::GuaranteeResumed,
        Transition::Retire => Flash::GuaranteeRetired,
    }
}

/// Retiring cannot be undone, so it has a confirmation page. The other transitions are buttons on the guarantee's
/// page.
pub async fn confirm_retirement(
    signed_in: SignedIn,
    Path((id, verb)): Path<(String, String)>,
) -> Result<Response, Error> {
    let verb = Transition::parse(&verb).map_err(|_| Error::NotFound)?;
    let store = &signed_in.context.state.store;
    let row = store.guarantee(signed_in.actor(), parse_id(&id)?).await?.ok_or(Error::NotFound)?;
    if verb != Transition::Retire || row.stage.after(verb).is_err() {
        return Ok(redirect(&addresses::guarantee(row.id)));
    }
    let texts = signed_in.context.texts;
    Ok(signed_in.page(&texts.text("guarantees-retire"), || retirement_page(texts, &row)))
}

fn retirement_page(texts: Texts, row: &GuaranteeRow) -> impl IntoView + use<> {
    let title = row.wording.title.to_string();
    let back = addresses::guarantee(row.id);
    let to = addresses::guarantee_transition(row.id, Transition::Retire.name());
    view! {
        <main id="main" class="slim">
            <div class="grid tight">
                <BackLink to=back.clone() label=title.clone() />
                <h1>{texts.text_with("guarantees-retire-headline", &[("title", title.into())])}</h1>
            </div>
            <p>{texts.text("guarantees-retire-means")}</p>
            <p>{texts.text("guarantees-retire-keeps")}</p>
            <form class="row" method="post" action=to>
                {stage_revision(row)}
                <button class="btn stop">{texts.text("guarantees-retire-yes")}</button>
                <a class="btn quiet" href=back>{texts.text("guarantees-retire-no")}</a>
            </form>
        </main>
    }
}
