//! The people let in: who they are, what each may do, and who is invited.

mod made;

use std::collections::HashMap;

use axum::extract::State as Shared;
use axum::response::Response;
use domain::actor::{Act, Role};
use domain::ids::{InviteId, PersonId};
use domain::invite::{InviteDraft, State as Course};
use domain::member::Rights;
use domain::reach::{EVERYWHERE, ReachDraft};
use domain::revision::Revision;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use store::{InviteRow, Listed, Member, SiteRow, stands};

use crate::alike::Alike;
use crate::checks::when::When;
use crate::doors::Doors;
use crate::doors::Rule;
use crate::error::Error;
use crate::form::{Field, Item, Select};
use crate::listed::{MOST, Wanted, links};
use crate::page::{Sent, Trouble, go};
use crate::reach::{self, Offer};
use crate::state::State;
use crate::texts::Texts;
use crate::visit::{Inside, Path, Query, Replacing};

pub fn doors(doors: Doors) -> Doors {
    let (read, invite) = (Rule::Member(Act::Read), Rule::Member(Act::Invite));
    doors
        .get("/people", read, list)
        .form("/people/leave", "/people", read, leave)
        .form("/people/{person}/role", "/people", invite, appoint)
        .form("/people/{person}/reach", "/people", invite, bind)
        .form("/people/{person}/remove", "/people", invite, dismiss)
        .of(made::doors)
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Appointed {
    role: String,
}

/// What was tried on the page and came back, with what was chosen.
pub(crate) enum Tried<'t> {
    Invite(&'t InviteDraft),
    Appoint(&'t Appointed, &'t Revision),
    Bind(PersonId, &'t ReachDraft, &'t Revision),
    /// What has no field.
    Other,
}

async fn list(inside: Inside, Query(wanted): Query<Wanted>) -> Result<Response, Error> {
    let people = People::load(&inside, wanted.parse()?).await?;
    let title = inside.visit.texts.say("people-title");
    Ok(inside.page(&title, || people.view(&inside, &Tried::Other, &Trouble::default())))
}

/// The page again, after something was not accepted.
pub(crate) async fn again(inside: &Inside, error: Error, tried: Tried<'_>) -> Result<Response, Error> {
    let people = People::load(inside, None).await?;
    let title = inside.visit.texts.say("people-title");
    let sent = match tried {
        Tried::Appoint(chosen, seen) => Sent::new(seen.clone(), chosen),
        Tried::Bind(_, chosen, seen) => Sent::new(seen.clone(), chosen),
        Tried::Invite(_) | Tried::Other => {
            return inside.again(error, &title, |trouble| people.view(inside, &tried, &trouble));
        }
    };
    let word = |field: &str, value: &str| people.word(inside.visit.texts, field, value);
    inside.again_beside(error, &title, sent, word, |trouble| people.view(inside, &tried, &trouble))
}

async fn appoint(
    inside: Inside,
    Path(person): Path<PersonId>,
    Replacing { form: appointed, seen }: Replacing<Appointed>,
) -> Result<Response, Error> {
    let done = match Role::parse(&appointed.role) {
        Ok(role) => inside.since(&seen).appoint(inside.actor(), person, role).await.map_err(Error::from),
        Err(fault) => Err(Error::invalid("appointed", fault)),
    };
    settled(&inside, done, Tried::Appoint(&appointed, &seen)).await
}

async fn bind(
    inside: Inside,
    Path(person): Path<PersonId>,
    Replacing { form: chosen, seen }: Replacing<ReachDraft>,
) -> Result<Response, Error> {
    let done = match chosen.parse() {
        Ok(reach) => inside.since(&seen).bind(inside.actor(), person, &reach).await.map_err(Error::from),
        Err(faults) => Err(faults.into()),
    };
    settled(&inside, done, Tried::Bind(person, &chosen, &seen)).await
}

async fn dismiss(inside: Inside, Path(person): Path<PersonId>) -> Result<Response, Error> {
    let done = inside.visit.state.store.dismiss(inside.actor(), person).await.map_err(Error::from);
    settled(&inside, done, Tried::Other).await
}

async fn settled(inside: &Inside, done: Result<Option<()>, Error>, tried: Tried<'_>) -> Result<Response, Error> {
    match done {
        Ok(Some(())) => Ok(go("/people")),
        Ok(None) => Err(Error::NotFound),
        Err(error) => again(inside, error, tried).await,
    }
}

async fn leave(inside: Inside, Shared(state): Shared<State>) -> Result<Response, Error> {
    match state.store.leave(inside.actor()).await.map_err(Error::from) {
        Ok(()) => Ok(go("/")),
        Err(error) => again(&inside, error, Tried::Other).await,
    }
}

/// Who is in, who is asked in, and the sites they may be bound to.
struct People {
    members: Vec<Member>,
    invites: Vec<InviteRow>,
    /// Where older invitations begin, and whether these are not the newest.
    before: Option<InviteId>,
    is_later: bool,
    sites: Vec<SiteRow>,
    /// How much of what each made still gives access.
    made: HashMap<PersonId, usize>,
    alike: Alike,
    when: When,
}

impl People {
    async fn load(inside: &Inside, before: Option<InviteId>) -> Result<Self, Error> {
        let (store, actor, is_later) = (&inside.visit.state.store, inside.actor(), before.is_some());
        let (Listed { rows: invites, before }, made) = if inside.may(Act::Invite) {
            (store.invites(actor, before, MOST).await?, store.made_counts(actor).await?)
        } else {
            (Listed { rows: Vec::new(), before: None }, HashMap::new())
        };
        let when = When::of(inside.visit.texts, &store.home(actor).await?, store.now());
        let members = store.members(actor).await?;
        let people = members.iter().map(|one| (one.person.0, one.name.as_str()));
        let asked = invites.iter().filter(|invite| invite.state == Course::Open);
        let alike = Alike::among(people.chain(asked.map(|invite| (invite.id.0, invite.name.as_str()))));
        Ok(Self { members, invites, before, is_later, sites: store.sites(actor).await?, made, alike, when })
    }

    /// How a role, a reach or a site is shown.
    fn word(&self, texts: Texts, field: &str, value: &str) -> Option<String> {
        match (field, value) {
            ("role", name) => Role::parse(name).ok().map(|role| texts.say(role_key(role))),
            ("reach", EVERYWHERE) => Some(texts.say("reach-everywhere")),
            ("reach", _) => Some(texts.say("reach-sites")),
            (_, id) => self.sites.iter().find(|site| site.id.to_string() == id).map(|site| site.name.clone()),
        }
    }

    /// The trouble is with what was tried, and with nothing else on the page.
    fn view(&self, inside: &Inside, tried: &Tried<'_>, trouble: &Trouble) -> impl IntoView + use<> {
        let (texts, none) = (inside.visit.texts, Trouble::default());
        let each = self.members.iter().map(|one| match tried {
            Tried::Bind(person, chosen, _) if *person == one.person => {
                self.member(inside, one, Some(chosen), trouble).into_any()
            }
            _ => self.member(inside, one, None, &none).into_any(),
        });
        let each = each.collect_view();
        let new = InviteDraft { role: Role::Staff.name().to_owned(), ..InviteDraft::default() };
        let (draft, in_draft) = match tried {
            Tried::Invite(draft) => (*draft, trouble),
            _ => (&new, &none),
        };
        let asked = inside.may(Act::Invite).then(|| {
            view! {
                <div class="grid">
                    {self.invitation(inside, draft, in_draft)}
                    {self.invites(inside)}
                </div>
            }
        });
        let devices = inside.may(Act::Invite).then(|| {
            view! { <p><a class="btn quiet" href="/devices">{texts.say("devices-title")}</a></p> }
        });
        view! {
            <main id="main">
                <h1>{texts.tell("people-headline", &[("count", self.members.len().into())])}</h1>
                {trouble.summary(texts)}
                <div class="two">
                    <section class="card"><ul class="list folded">{each}</ul></section>
                    {asked}
                </div>
                {devices}
            </main>
        }
    }

    fn invites(&self, inside: &Inside) -> Option<impl IntoView + use<>> {
        let texts = inside.visit.texts;
        let each = self.invites.iter().map(|invite| {
            let until = [("until", self.when.at(invite.expires_at).into())];
            let state = match invite.state {
                Course::Open => texts.tell("invites-open", &until),
                Course::Used => texts.say("invites-used"),
                Course::Revoked => texts.say("invites-revoked"),
                Course::RunOut => texts.say("invites-run-out"),
            };
            let rights = Rights { role: invite.role, reach: invite.reach.clone() };
            let open = invite.state == Course::Open && inside.actor().rights().may_give(&rights);
            let revoke = open.then(|| {
                let (to, label) = (format!("/invites/{}/revoke", invite.id), texts.say("invites-revoke"));
                let whose = format!("{label}: {}", invite.name);
                view! { <form method="post" action=to><button class="link" aria-label=whose>{label}</button></form> }
            });
            view! {
                <li>
                    <span>
                        {invite.name.clone()}{self.alike.note(texts, invite.id.0)}
                        <small>{texts.say(role_key(invite.role))}" · "{self.at_sites(texts, &rights, &state)}</small>
                    </span>
                    {revoke}
                </li>
            }
        });
        let each = each.collect_view();
        (!self.invites.is_empty()).then(|| {
            view! {
                <section class="card grid">
                    <h2>{texts.say("invites-title")}</h2>
                    <ul class="list">{each}</ul>
                    {links(texts, "/people", self.before.map(|id| id.to_string()), self.is_later)}
                </section>
            }
        })
    }

    /// What is said of someone, after the sites they are bound to.
    fn at_sites(&self, texts: Texts, rights: &Rights, says: &str) -> String {
        let names = reach::named(texts, &rights.reach, &self.sites);
        names.map_or_else(|| says.to_owned(), |names| format!("{names} · {says}"))
    }

    fn member(
        &self,
        inside: &Inside,
        member: &Member,
        chosen: Option<&ReachDraft>,
        trouble: &Trouble,
    ) -> impl IntoView + use<> {
        let (texts, me) = (inside.visit.texts, inside.visitor.person == member.person);
        let rights = Rights { role: member.role, reach: member.reach.clone() };
        let yours = inside.may(Act::Invite) && inside.actor().rights().may_give(&rights);
        let doing = if me {
            Some(leaving(texts, self.made(texts, member.person)).into_any())
        } else {
            yours.then(|| self.changing(inside, member, chosen, trouble).into_any())
        };
        let you = me.then(|| view! { " " <small>{texts.say("people-you")}</small> });
        view! {
            <li>
                <span>
                    {member.name.clone()}{you}{self.alike.note(texts, member.person.0)}<small>{self.at_sites(texts, &rights, &member.email)}</small>
                </span>
                <span class="pill">{texts.say(role_key(member.role))}</span>
                {doing}
            </li>
        }
    }

    /// What can be changed about someone, out of the way until it is wanted.
    fn changing(
        &self,
        inside: &Inside,
        member: &Member,
        chosen: Option<&ReachDraft>,
        trouble: &Trouble,
    ) -> impl IntoView + use<> {
        let (texts, by) = (inside.visit.texts, inside.actor().role);
        let (id, role) = (member.person, member.role);
        let name = [("name", member.name.clone().into())];
        let others = Role::ALL.into_iter().filter(|other| *other != role && by.may_give(*other));
        let each = others.map(|other| {
            let says = [("role", texts.say(role_key(other)).into())];
            view! { <button class="btn quiet" name="role" value=other.name()>{texts.tell("people-make", &says)}</button> }
        });
        let offer = Offer { by: &inside.actor().reach, sites: &self.sites, whose: format!("-{id}") };
        let as_it_is = ReachDraft::from(&member.reach);
        let reaches = Revision::of(&stands::reach(&member.reach));
        let reaches = if chosen.is_some() { trouble.revision(&reaches) } else { Trouble::default().revision(&reaches) };
        let holds = Trouble::default().revision(&Revision::of(&stands::role(role)));
        let fields = offer.fields(texts, chosen.unwrap_or(&as_it_is), trouble).filter(|_| role.may_be_bound());
        let bind = fields.map(|fields| {
            view! {
                <form class="grid" method="post" action=format!("/people/{id}/reach")>
                    {reaches}
                    {fields}
                    <p><button class="btn quiet">{texts.say("reach-change")}</button></p>
                </form>
            }
        });
        view! {
            <details open=chosen.is_some()>
                <summary>{texts.tell("people-change", &name)}</summary>
                {self.made(texts, id)}
                <form class="row" method="post" action=format!("/people/{id}/role")>{holds}{each.collect_view()}</form>
                {bind}
                <form method="post" action=format!("/people/{id}/remove")>
                    <p class="hint">{texts.say("people-remove-means")}</p>
                    <button class="btn stop">{texts.tell("people-remove", &name)}</button>
                </form>
            </details>
        }
    }

    /// What ends with them, and the way to keep it.
    fn made(&self, texts: Texts, person: PersonId) -> Option<impl IntoView + use<>> {
        let count = self.made.get(&person).copied().filter(|count| *count > 0)?;
        let says = texts.tell("made-count", &[("count", count.into())]);
        Some(view! {
            <p class="note warn">{says}" "<a href=made::address(person)>{texts.say("made-look")}</a></p>
        })
    }

    fn invitation(&self, inside: &Inside, draft: &InviteDraft, trouble: &Trouble) -> impl IntoView + use<> {
        let (texts, by) = (inside.visit.texts, inside.actor().role);
        let roles = Role::ALL.into_iter().filter(|role| by.may_give(*role));
        let roles =
            roles.map(|role| Item::new(role.name(), texts.say(role_key(role))).hint(texts.say(role_hint(role))));
        let (InviteDraft { name, role, reach, sites }, roles) = (draft.clone(), roles.collect::<Vec<_>>());
        let at = |field: &str| trouble.at(texts, field);
        let offer = Offer { by: &inside.actor().reach, sites: &self.sites, whose: String::new() };
        let within = offer.fields(texts, &ReachDraft { reach, sites }, trouble);
        view! {
            <section class="card grid">
                <h2>{texts.say("invites-new")}</h2>
                <p class="soft">{texts.say("invites-lead")}</p>
                <form method="post" action="/invites">
                    <Field name="name" label=texts.say("invites-name") hint=texts.say("invites-name-hint") value=name fault=at("name") required=true max=160 autocomplete="off" />
                    <Select name="role" label=texts.say("people-role") items=roles value=role fault=at("role") required=true />
                    {within}
                    <p><button class="btn">{texts.say("invites-make")}</button></p>
                </form>
            </section>
        }
    }
}

fn leaving(texts: Texts, made: Option<impl IntoView>) -> impl IntoView {
    view! {
        <details>
            <summary>{texts.say("people-leave-ask")}</summary>
            {made}
            <form method="post" action="/people/leave">
                <p class="hint">{texts.say("people-leave-means")}</p>
                <button class="btn stop">{texts.say("people-leave")}</button>
            </form>
        </details>
    }
}

pub(crate) fn role_key(role: Role) -> &'static str {
    match role {
        Role::Owner => "role-owner",
        Role::Manager => "role-manager",
        Role::Staff => "role-staff",
        Role::Auditor => "role-auditor",
    }
}

pub(crate) fn role_hint(role: Role) -> &'static str {
    match role {
        Role::Owner => "people-owner-may",
        Role::Manager => "people-manager-may",
        Role::Staff => "people-staff-may",
        Role::Auditor => "people-auditor-may",
    }
}
