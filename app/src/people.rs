//! The members of a business, their roles and site access, and the open invitations.

mod grants;

use std::collections::HashMap;

use axum::extract::State as Shared;
use axum::response::Response;
use domain::edit_tag::EditTag;
use domain::ids::{InviteId, PersonId};
use domain::invite::{InviteDraft, InviteState};
use domain::rights::Rights;
use domain::role::{Permission, Role};
use domain::site_access::{CHOICE_ALL_SITES, SiteAccessDraft};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use store::{InviteRow, Member, Page, SiteRow, edit_state};

use crate::addresses;
use crate::cursor_pages::{CursorQuery, PAGE_SIZE, links};
use crate::doors::AccessRule;
use crate::doors::Doors;
use crate::error::Error;
use crate::flash::Flash;
use crate::form::{ChoiceItem, Field, Select};
use crate::local_time::LocalTime;
use crate::lookalikes::LookalikeNames;
use crate::names::{role_hint_key, role_key};
use crate::page::{FormErrors, Submission, redirect};
use crate::request_context::{Path, Query, SignedIn, VersionedForm};
use crate::site_access::{self, SiteAccessFields};
use crate::state::AppState;
use crate::texts::Texts;

pub fn doors(doors: Doors) -> Doors {
    let (read, invite) = (AccessRule::Member(Permission::ViewInternal), AccessRule::Member(Permission::Invite));
    doors
        .get(addresses::PEOPLE, read, list)
        .form(addresses::LEAVE_BUSINESS, addresses::PEOPLE, read, leave)
        .form(addresses::CHANGE_ROLE, addresses::PEOPLE, invite, change_role)
        .form(addresses::CHANGE_SITE_ACCESS, addresses::PEOPLE, invite, change_site_access)
        .form(addresses::REMOVE_PERSON, addresses::PEOPLE, invite, remove)
        .merge(grants::doors)
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct RoleDraft {
    role: String,
}

/// Which form of the page was sent, with its values.
pub(crate) enum SubmittedForm<'t> {
    Invite(&'t InviteDraft),
    Role(&'t RoleDraft, &'t EditTag),
    SiteAccess(PersonId, &'t SiteAccessDraft, &'t EditTag),
    /// A form without fields.
    Other,
}

async fn list(signed_in: SignedIn, Query(query): Query<CursorQuery>) -> Result<Response, Error> {
    let page = PeoplePage::load(&signed_in, query.parse()?).await?;
    let title = signed_in.context.texts.text("people-title");
    Ok(signed_in.page(&title, || page.view(&signed_in, &SubmittedForm::Other, &FormErrors::default())))
}

/// The page again, with the error.
pub(crate) async fn rerender(
    signed_in: &SignedIn,
    error: Error,
    submitted: SubmittedForm<'_>,
) -> Result<Response, Error> {
    let page = PeoplePage::load(signed_in, None).await?;
    let title = signed_in.context.texts.text("people-title");
    let sent = match submitted {
        SubmittedForm::Role(chosen, revision) => Submission::new(revision.clone(), chosen),
        SubmittedForm::SiteAccess(_, chosen, revision) => Submission::new(revision.clone(), chosen),
        SubmittedForm::Invite(_) | SubmittedForm::Other => {
            return signed_in.rerender(error, &title, |errors| page.view(signed_in, &submitted, &errors));
        }
    };
    let display_value = |field: &str, value: &str| page.display_value(signed_in.context.texts, field, value);
    signed_in
        .rerender_with_current(error, &title, sent, display_value, |errors| page.view(signed_in, &submitted, &errors))
}

async fn change_role(
    signed_in: SignedIn,
    Path(person): Path<PersonId>,
    VersionedForm { form: draft, revision }: VersionedForm<RoleDraft>,
) -> Result<Response, Error> {
    let result = match Role::parse(&draft.role) {
        Ok(role) => signed_in.store_at(&revision).set_role(signed_in.actor(), person, role).await.map_err(Error::from),
        Err(fault) => Err(Error::invalid("appointed", fault)),
    };
    respond(&signed_in, result, Flash::RoleChanged, SubmittedForm::Role(&draft, &revision)).await
}

async fn change_site_access(
    signed_in: SignedIn,
    Path(person): Path<PersonId>,
    VersionedForm { form: chosen, revision }: VersionedForm<SiteAccessDraft>,
) -> Result<Response, Error> {
    let result = match chosen.parse() {
        Ok(reach) => {
            signed_in.store_at(&revision).set_site_access(signed_in.actor(), person, &reach).await.map_err(Error::from)
        }
        Err(faults) => Err(faults.into()),
    };
    respond(&signed_in, result, Flash::SiteAccessSaved, SubmittedForm::SiteAccess(person, &chosen, &revision)).await
}

async fn remove(signed_in: SignedIn, Path(person): Path<PersonId>) -> Result<Response, Error> {
    let result = signed_in.context.state.store.remove_member(signed_in.actor(), person).await.map_err(Error::from);
    respond(&signed_in, result, Flash::MemberRemoved, SubmittedForm::Other).await
}

async fn respond(
    signed_in: &SignedIn,
    result: Result<Option<()>, Error>,
    flash: Flash,
    submitted: SubmittedForm<'_>,
) -> Result<Response, Error> {
    match result {
        Ok(Some(())) => Ok(signed_in.saved(addresses::PEOPLE, flash)),
        Ok(None) => Err(Error::NotFound),
        Err(error) => rerender(signed_in, error, submitted).await,
    }
}

async fn leave(signed_in: SignedIn, Shared(state): Shared<AppState>) -> Result<Response, Error> {
    match state.store.leave(signed_in.actor()).await.map_err(Error::from) {
        Ok(()) => Ok(redirect(addresses::START)),
        Err(error) => rerender(&signed_in, error, SubmittedForm::Other).await,
    }
}

/// What the page of people shows.
struct PeoplePage {
    members: Vec<Member>,
    invites: Vec<InviteRow>,
    /// The cursor to older invitations, and whether this page starts with one.
    before: Option<InviteId>,
    is_later: bool,
    sites: Vec<SiteRow>,
    /// How many grants each member has made that still give access.
    grant_counts: HashMap<PersonId, usize>,
    lookalikes: LookalikeNames,
    local_time: LocalTime,
}

impl PeoplePage {
    async fn load(signed_in: &SignedIn, before: Option<InviteId>) -> Result<Self, Error> {
        let (store, actor, is_later) = (&signed_in.context.state.store, signed_in.actor(), before.is_some());
        let (Page { rows: invites, next_before: before }, grant_counts) = if signed_in.may(Permission::Invite) {
            (store.invites(actor, before, PAGE_SIZE).await?, store.grant_counts(actor).await?)
        } else {
            (Page { rows: Vec::new(), next_before: None }, HashMap::new())
        };
        let local_time = LocalTime::of(signed_in.context.texts, &store.business(actor).await?, store.now());
        let members = store.members(actor).await?;
        let people = members.iter().map(|one| (one.person.0, one.name.as_str()));
        let invitations = invites.iter().filter(|invite| invite.state == InviteState::Open);
        let lookalikes =
            LookalikeNames::among(people.chain(invitations.map(|invite| (invite.id.0, invite.name.as_str()))));
        Ok(Self {
            members,
            invites,
            before,
            is_later,
            sites: store.sites(actor).await?,
            grant_counts,
            lookalikes,
            local_time,
        })
    }

    /// How a value of a form is displayed.
    fn display_value(&self, texts: Texts, field: &str, value: &str) -> Option<String> {
        match (field, value) {
            ("role", name) => Role::parse(name).ok().map(|role| texts.text(role_key(role))),
            ("reach", CHOICE_ALL_SITES) => Some(texts.text("site-access-everywhere")),
            ("reach", _) => Some(texts.text("site-access-sites")),
            (_, id) => self.sites.iter().find(|site| site.id.to_string() == id).map(|site| site.name.clone()),
        }
    }

    /// The errors belong to the form that was sent, and to no other form of the page.
    fn view(&self, signed_in: &SignedIn, submitted: &SubmittedForm<'_>, errors: &FormErrors) -> impl IntoView + use<> {
        let (texts, none) = (signed_in.context.texts, FormErrors::default());
        let members = self.members.iter().map(|one| match submitted {
            SubmittedForm::SiteAccess(person, chosen, _) if *person == one.person => {
                self.member_row(signed_in, one, Some(chosen), errors).into_any()
            }
            _ => self.member_row(signed_in, one, None, &none).into_any(),
        });
        let members = members.collect_view();
        let new = InviteDraft { role: Role::Staff.name().to_owned(), ..InviteDraft::default() };
        let (draft, in_draft) = match submitted {
            SubmittedForm::Invite(draft) => (*draft, errors),
            _ => (&new, &none),
        };
        let invitations = signed_in.may(Permission::Invite).then(|| {
            view! {
                <div class="grid">
                    {self.invite_form(signed_in, draft, in_draft)}
                    {self.invites_section(signed_in)}
                </div>
            }
        });
        let devices = signed_in.may(Permission::Invite).then(|| {
            view! { <p><a class="btn quiet" href=addresses::DEVICES>{texts.text("devices-title")}</a></p> }
        });
        view! {
            <main id="main">
                <h1>{texts.text_with("people-headline", &[("count", self.members.len().into())])}</h1>
                {errors.summary(texts)}
                <div class="two-columns">
                    <section class="card"><ul class="list expandable">{members}</ul></section>
                    {invitations}
                </div>
                {devices}
            </main>
        }
    }

    fn invites_section(&self, signed_in: &SignedIn) -> Option<impl IntoView + use<>> {
        let texts = signed_in.context.texts;
        let rows = self.invites.iter().map(|invite| {
            let until = [("until", self.local_time.date_time(invite.expires_at).into())];
            let state = match invite.state {
                InviteState::Open => texts.text_with("invites-open", &until),
                InviteState::Used => texts.text("invites-used"),
                InviteState::Revoked => texts.text("invites-revoked"),
                InviteState::RunOut => texts.text("invites-expired"),
            };
            let rights = Rights { role: invite.role, site_access: invite.site_access.clone() };
            let open = invite.state == InviteState::Open && signed_in.actor().rights().may_give(&rights);
            let revoke = open.then(|| {
                let (to, label) = (addresses::revoke_invite(invite.id), texts.text("invites-revoke"));
                let whose = format!("{label}: {}", invite.name);
                view! { <form method="post" action=to><button class="link" aria-label=whose>{label}</button></form> }
            });
            view! {
                <li>
                    <span>
                        {invite.name.clone()}{self.lookalikes.note(texts, invite.id.0)}
                        <small>{texts.text(role_key(invite.role))}" · "{self.with_sites(texts, &rights, &state)}</small>
                    </span>
                    {revoke}
                </li>
            }
        });
        let rows = rows.collect_view();
        (!self.invites.is_empty()).then(|| {
            view! {
                <section class="card grid">
                    <h2>{texts.text("invites-title")}</h2>
                    <ul class="list">{rows}</ul>
                    {links(texts, addresses::PEOPLE, self.before.map(|id| id.to_string()), self.is_later)}
                </section>
            }
        })
    }

    /// The sites someone is limited to, followed by `text`.
    fn with_sites(&self, texts: Texts, rights: &Rights, text: &str) -> String {
        let names = site_access::site_names(texts, &rights.site_access, &self.sites);
        names.map_or_else(|| text.to_owned(), |names| format!("{names} · {text}"))
    }

    fn member_row(
        &self,
        signed_in: &SignedIn,
        member: &Member,
        chosen: Option<&SiteAccessDraft>,
        errors: &FormErrors,
    ) -> impl IntoView + use<> {
        let (texts, is_self) = (signed_in.context.texts, signed_in.user.person == member.person);
        let rights = Rights { role: member.role, site_access: member.site_access.clone() };
        let may_change = signed_in.may(Permission::Invite) && signed_in.actor().rights().may_give(&rights);
        let action = if is_self {
            Some(leave_form(texts, self.grants_note(texts, member.person)).into_any())
        } else {
            may_change.then(|| self.member_forms(signed_in, member, chosen, errors).into_any())
        };
        let you = is_self.then(|| view! { " " <small>{texts.text("people-you")}</small> });
        view! {
            <li>
                <span>
                    {member.name.clone()}{you}{self.lookalikes.note(texts, member.person.0)}<small>{self.with_sites(texts, &rights, &member.email)}</small>
                </span>
                <span class="pill">{texts.text(role_key(member.role))}</span>
                {action}
            </li>
        }
    }

    /// The forms that change a member, folded away.
    fn member_forms(
        &self,
        signed_in: &SignedIn,
        member: &Member,
        chosen: Option<&SiteAccessDraft>,
        errors: &FormErrors,
    ) -> impl IntoView + use<> {
        let (texts, by) = (signed_in.context.texts, signed_in.actor().role);
        let (id, role) = (member.person, member.role);
        let name = [("name", member.name.clone().into())];
        let others = Role::ALL.into_iter().filter(|other| *other != role && by.may_give(*other));
        let buttons = others.map(|other| {
            let role_arg = [("role", texts.text(role_key(other)).into())];
            view! { <button class="btn quiet" name="role" value=other.name()>{texts.text_with("people-make", &role_arg)}</button> }
        });
        let site_access =
            SiteAccessFields { giver: &signed_in.actor().site_access, sites: &self.sites, id_suffix: format!("-{id}") };
        let as_it_is = SiteAccessDraft::from(&member.site_access);
        let site_access_revision = EditTag::of(&edit_state::site_access(&member.site_access));
        let site_access_revision = if chosen.is_some() {
            errors.revision_field(&site_access_revision)
        } else {
            FormErrors::default().revision_field(&site_access_revision)
        };
        let role_revision = FormErrors::default().revision_field(&EditTag::of(&edit_state::role(role)));
        let fields = site_access.fields(texts, chosen.unwrap_or(&as_it_is), errors).filter(|_| role.may_have_sites());
        let bind = fields.map(|fields| {
            view! {
                <form class="grid" method="post" action=addresses::change_site_access(id)>
                    {site_access_revision}
                    {fields}
                    <p><button class="btn quiet">{texts.text("site-access-change")}</button></p>
                </form>
            }
        });
        view! {
            <details open=chosen.is_some()>
                <summary>{texts.text_with("people-change", &name)}</summary>
                {self.grants_note(texts, id)}
                <form class="row" method="post" action=addresses::change_role(id)>{role_revision}{buttons.collect_view()}</form>
                {bind}
                <form method="post" action=addresses::remove_person(id)>
                    <p class="hint">{texts.text("people-remove-means")}</p>
                    <button class="btn stop">{texts.text_with("people-remove", &name)}</button>
                </form>
            </details>
        }
    }

    /// A warning that the member's grants end with them, with a link to take them over.
    fn grants_note(&self, texts: Texts, person: PersonId) -> Option<impl IntoView + use<>> {
        let count = self.grant_counts.get(&person).copied().filter(|count| *count > 0)?;
        let text = texts.text_with("grants-count", &[("count", count.into())]);
        Some(view! {
            <p class="note warn">{text}" "<a href=addresses::grants(person)>{texts.text("grants-look")}</a></p>
        })
    }

    fn invite_form(&self, signed_in: &SignedIn, draft: &InviteDraft, errors: &FormErrors) -> impl IntoView + use<> {
        let (texts, by) = (signed_in.context.texts, signed_in.actor().role);
        let roles = Role::ALL.into_iter().filter(|role| by.may_give(*role));
        let roles = roles
            .map(|role| ChoiceItem::new(role.name(), texts.text(role_key(role))).hint(texts.text(role_hint_key(role))));
        let (InviteDraft { name, role, reach, sites }, roles) = (draft.clone(), roles.collect::<Vec<_>>());
        let at = |field: &str| errors.for_field(texts, field);
        let site_access =
            SiteAccessFields { giver: &signed_in.actor().site_access, sites: &self.sites, id_suffix: String::new() };
        let site_fields = site_access.fields(texts, &SiteAccessDraft { reach, sites }, errors);
        view! {
            <section class="card grid">
                <h2>{texts.text("invites-new")}</h2>
                <p class="muted">{texts.text("invites-lead")}</p>
                <form method="post" action=addresses::INVITES>
                    <Field name="name" label=texts.text("invites-name") hint=texts.text("invites-name-hint") value=name fault=at("name") required=true max=160 autocomplete="off" />
                    <Select name="role" label=texts.text("people-role") items=roles value=role fault=at("role") required=true />
                    {site_fields}
                    <p><button class="btn">{texts.text("invites-create")}</button></p>
                </form>
            </section>
        }
    }
}

fn leave_form(texts: Texts, grants: Option<impl IntoView>) -> impl IntoView {
    view! {
        <details>
            <summary>{texts.text("people-leave-ask")}</summary>
            {grants}
            <form method="post" action=addresses::LEAVE_BUSINESS>
                <p class="hint">{texts.text("people-leave-means")}</p>
                <button class="btn stop">{texts.text("people-leave")}</button>
            </form>
        </details>
    }
}
