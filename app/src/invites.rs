//! Invitations: made by a member, sent as a private link, opened by whoever receives it.

use axum::extract::State as Shared;
use axum::response::Response;
use domain::fault::Fault;
use domain::ids::{InviteId, PersonId};
use domain::invite::{InviteDraft, InviteState};
use domain::person::NewAccountDraft;
use domain::role::Permission;
use domain::text::tidy;
use leptos::prelude::*;
use store::{ClientInfo, InviteLink};

use crate::addresses;
use crate::doors::AccessRule::{Member, PrivateLinkOptionalSession};
use crate::doors::Doors;
use crate::error::Error;
use crate::flash::Flash;
use crate::form::{Field, InputKind};
use crate::names::{role_hint_key, role_key};
use crate::page::{FormErrors, redirect};
use crate::people::{SubmittedForm, rerender};
use crate::rate_limits::Limit;
use crate::request_context::{ClientOrigin, Form, Path, RequestContext, SignedIn};
use crate::return_to;
use crate::session;
use crate::shown_once::{self, ShownSecret, redirect_to_shown_once};
use crate::state::AppState;
use crate::texts::Texts;

pub fn doors(doors: Doors) -> Doors {
    doors
        .form(addresses::INVITES, addresses::PEOPLE, Member(Permission::Invite), create)
        .get(addresses::INVITE, Member(Permission::Invite), show)
        .form(addresses::RENEW_INVITE_LINK, addresses::INVITE, Member(Permission::Invite), renew_link)
        .form(addresses::REVOKE_INVITE, addresses::PEOPLE, Member(Permission::Invite), revoke)
        .get(addresses::JOIN, PrivateLinkOptionalSession, show_invitation)
        .post(addresses::JOIN, PrivateLinkOptionalSession, join)
}

async fn create(signed_in: SignedIn, Form(draft): Form<InviteDraft>) -> Result<Response, Error> {
    let created = match draft.parse() {
        Ok(invite) => {
            signed_in.context.state.store.create_invite(signed_in.actor(), &invite).await.map_err(Error::from)
        }
        Err(faults) => Err(faults.into()),
    };
    match created {
        Ok(created) => Ok(redirect_to_shown_once(&signed_in, &addresses::invite(created.id), &created.token)),
        Err(error) => rerender(&signed_in, error, SubmittedForm::Invite(&draft)).await,
    }
}

/// Shows the link while its maker's browser has it, and otherwise offers a new one.
async fn show(
    signed_in: SignedIn,
    Path(id): Path<InviteId>,
    ShownSecret(token): ShownSecret,
) -> Result<Response, Error> {
    let store = &signed_in.context.state.store;
    let row = store.invite_by_id(signed_in.actor(), id).await?.ok_or(Error::NotFound)?;
    let token = match token {
        Some(token) => {
            let invitation = store.invitation(&token).await?;
            invitation.filter(|invitation| invitation.id == id && invitation.state == InviteState::Open).map(|_| token)
        }
        None => None,
    };
    let (texts, title) = (signed_in.context.texts, signed_in.context.texts.text("invites-created"));
    Ok(if let Some(token) = token {
        let link = format!("{}{}", signed_in.context.state.base_url, addresses::join(token));
        signed_in.page(&title, || link_page(texts, &row.name, link))
    } else {
        let is_renewable = matches!(row.state, InviteState::Open | InviteState::RunOut);
        let renewal = is_renewable.then(|| addresses::renew_invite_link(id));
        let headline = texts.text_with("invites-of", &[("name", row.name.into())]);
        let back = (addresses::PEOPLE, texts.text("invites-back"));
        signed_in.page(&title, || shown_once::expired_page(texts, headline, renewal, back))
    })
}

async fn renew_link(signed_in: SignedIn, Path(id): Path<InviteId>) -> Result<Response, Error> {
    match signed_in.context.state.store.renew_invite(signed_in.actor(), id).await.map_err(Error::from) {
        Ok(Some(created)) => Ok(redirect_to_shown_once(&signed_in, &addresses::invite(id), &created.token)),
        Ok(None) => Err(Error::NotFound),
        Err(error) => rerender(&signed_in, error, SubmittedForm::Other).await,
    }
}

async fn revoke(signed_in: SignedIn, Path(id): Path<InviteId>) -> Result<Response, Error> {
    match signed_in.context.state.store.revoke_invite(signed_in.actor(), id).await.map_err(Error::from) {
        Ok(Some(())) => Ok(signed_in.saved(addresses::PEOPLE, Flash::InviteWithdrawn)),
        Ok(None) => Err(Error::NotFound),
        Err(error) => rerender(&signed_in, error, SubmittedForm::Other).await,
    }
}

/// The note on the sign-in page for people who sign in to accept an invitation.
pub(crate) async fn invitation_note(context: &RequestContext, to: &str) -> Result<Option<String>, Error> {
    let Some(link) = addresses::invitation_link(to) else { return Ok(None) };
    context.state.allow_from_client(Limit::PrivateLinksByAddress, context.client)?;
    let invitation = context.state.store.invitation(link).await?;
    let open = invitation.filter(|invitation| invitation.state == InviteState::Open);
    Ok(open.map(|invitation| context.texts.text_with("join-by-signing-in", &business_arg(&invitation))))
}

async fn show_invitation(context: RequestContext, Path(link): Path<String>) -> Result<Response, Error> {
    context.state.allow_from_client(Limit::PrivateLinksByAddress, context.client)?;
    let invitation = context.state.store.invitation(&link).await?.ok_or(Error::NotFound)?;
    let is_theirs = |user: &store::SessionUser| user.actor.business == invitation.business;
    if invitation.state == InviteState::Used && context.user.as_ref().is_some_and(is_theirs) {
        return Ok(redirect(addresses::TODAY));
    }
    let title = context.texts.text_with("join-title", &business_arg(&invitation));
    Ok(context.page(&title, || {
        invitation_page(&context, &link, &invitation, &NewAccountDraft::default(), &FormErrors::default())
    }))
}

/// Signed-in people join with their account. Others create one, or sign in to the one they have.
async fn join(
    context: RequestContext,
    Shared(state): Shared<AppState>,
    Path(link): Path<String>,
    ClientOrigin(origin): ClientOrigin,
    Form(draft): Form<NewAccountDraft>,
) -> Result<Response, Error> {
    state.allow_from_client(Limit::PrivateLinksByAddress, context.client)?;
    let invitation = state.store.invitation(&link).await?.ok_or(Error::NotFound)?;
    let joined = match &context.user {
        Some(user) => join_as_signed_in(&state, user.person, &link, &invitation, &origin).await,
        None => join_with_password(&context, &link, &invitation, &draft, &origin).await,
    };
    joined.or_else(|error| {
        let title = context.texts.text_with("join-title", &business_arg(&invitation));
        context.rerender(error, &title, |errors| invitation_page(&context, &link, &invitation, &draft, &errors))
    })
}

async fn join_as_signed_in(
    state: &AppState,
    person: PersonId,
    link: &str,
    invitation: &InviteLink,
    origin: &ClientInfo,
) -> Result<Response, Error> {
    state.store.join_as_known_person(link, person).await?.ok_or(Error::NotFound)?;
    session::start_session_in(state, person, invitation.business, origin, addresses::TODAY).await
}

/// A new person is signed in at once. An existing account requires its own password and second step.
async fn join_with_password(
    context: &RequestContext,
    link: &str,
    invitation: &InviteLink,
    draft: &NewAccountDraft,
    origin: &ClientInfo,
) -> Result<Response, Error> {
    let state = &context.state;
    let account = draft.parse()?;
    state.check_limit(Limit::PasswordResetLink, link)?;
    // Before the account lookup, so that every fault of a new account is reported whether or not the address is
    // taken.
    let user_inputs = [account.name.as_str(), account.email.as_str(), &invitation.business_name];
    let hash = state.hash_password(account.password.clone(), &user_inputs).await?;
    state.check_sign_in_limit(context.client, &draft.email)?;
    let accounts = state.store.credentials(&account.email).await?;
    if let Some((first, _)) = accounts.first() {
        let first = *first;
        let Some(person) = session::matching_account(state, &draft.password, accounts).await? else {
            state.store.audit_wrong_password(first, origin).await?;
            return Err(wrong_password());
        };
        state.note_sign_in(context.client, &draft.email);
        return session::continue_sign_in(state, person, origin, &addresses::join(link)).await;
    }
    let joined = state.store.join_as_new_person(link, &account, &hash).await.map_err(|error| match error {
        // Another request has taken the address in the meantime.
        store::Error::Invalid(faults) if faults.of_field("email").is_some() => wrong_password(),
        error => error.into(),
    });
    let person = joined?.ok_or(Error::NotFound)?;
    session::start_session_in(state, person, invitation.business, origin, addresses::TODAY).await
}

/// One answer for both cases: the password is wrong, or the address is taken.
fn wrong_password() -> Error {
    Error::invalid("password", Fault::Wrong)
}

fn business_arg(invitation: &InviteLink) -> [(&'static str, crate::texts::Value<'static>); 1] {
    [("business", invitation.business_name.clone().into())]
}

fn link_page(texts: Texts, name: &str, link: String) -> impl IntoView + use<> {
    view! {
        <main id="main" class="slim">
            <h1>{texts.text_with("invites-created-headline", &[("name", tidy(name).into())])}</h1>
            <p>{texts.text("invites-created-lead")}</p>
            {shown_once::secret_card(texts, link, true)}
            <p><a class="btn" href=addresses::PEOPLE>{texts.text("invites-back")}</a></p>
        </main>
    }
}

fn invitation_page(
    context: &RequestContext,
    link: &str,
    invitation: &InviteLink,
    draft: &NewAccountDraft,
    errors: &FormErrors,
) -> impl IntoView + use<> {
    let texts = context.texts;
    let lead = match invitation.state {
        InviteState::Open => texts.text(role_hint_key(invitation.role)),
        InviteState::Used => texts.text("join-used"),
        InviteState::Revoked | InviteState::RunOut => texts.text("join-invalid"),
    };
    let role = [("role", texts.text(role_key(invitation.role)).into())];
    let form = (invitation.state == InviteState::Open).then(|| match &context.user {
        Some(user) => join_form(texts, link, &user.name).into_any(),
        None => new_account_form(texts, link, invitation, draft, errors).into_any(),
    });
    view! {
        <main id="main" class="slim">
            <h1>{texts.text_with("join-headline", &business_arg(invitation))}</h1>
            <p>{texts.text_with("join-role", &role)}" "{lead}</p>
            {errors.summary(texts)}
            {form}
        </main>
    }
}

fn join_form(texts: Texts, link: &str, name: &str) -> impl IntoView + use<> {
    let label = texts.text_with("join-as", &[("name", name.to_owned().into())]);
    view! { <form method="post" action=addresses::join(link)><p><button class="btn tall">{label}</button></p></form> }
}

fn new_account_form(
    texts: Texts,
    link: &str,
    invitation: &InviteLink,
    draft: &NewAccountDraft,
    errors: &FormErrors,
) -> impl IntoView + use<> {
    let NewAccountDraft { name, email, .. } = draft.clone();
    let name = if name.is_empty() { invitation.name.clone() } else { name };
    let at = |field: &str| errors.for_field(texts, field);
    let password = if errors.has("password", Fault::Wrong) { Some(texts.text("join-wrong")) } else { at("password") };
    view! {
        <form method="post" action=addresses::join(link)>
            <Field name="name" label=texts.text("join-name") hint=texts.text("join-name-hint") value=name fault=at("name") required=true max=160 autocomplete="name" />
            <Field name="email" label=texts.text("sign-in-email") hint=texts.text("join-email-hint") kind=InputKind::Email value=email fault=at("email") required=true autocomplete="username" />
            <Field name="password" label=texts.text("sign-in-password") hint=texts.text("begin-password-hint") kind=InputKind::Password fault=password required=true autocomplete="new-password" />
            <p><button class="btn tall">{texts.text("join-submit")}</button></p>
        </form>
        <p><a href=return_to::sign_in(&addresses::join(link))>{texts.text("join-existing-account")}</a></p>
    }
}
