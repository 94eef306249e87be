//! The tokens with which programs use the REST interface.

use axum::response::Response;
use domain::actor::{Act, Role};
use domain::ids::TokenId;
use domain::reach::ReachDraft;
use domain::text::tidy;
use domain::token::{State as Course, TokenDraft};
use leptos::prelude::*;
use store::{Listed, SiteRow, TokenRow};

use crate::checks::when::When;
use crate::doors::Doors;
use crate::doors::Rule::Member;
use crate::error::Error;
use crate::form::{Field, Item, Select};
use crate::listed::{MOST, Wanted, links};
use crate::page::{Trouble, go};
use crate::people::role_key;
use crate::reach::{self, Offer};
use crate::shown_once::{self, Shown, go_and_show};
use crate::texts::Texts;
use crate::visit::{Form, Inside, Path, Query};

pub fn doors(doors: Doors) -> Doors {
    doors
        .get("/tokens", Member(Act::Govern), list)
        .post("/tokens", Member(Act::Govern), make)
        .get("/tokens/{token}", Member(Act::Govern), show)
        .form("/tokens/{token}/revoke", "/tokens", Member(Act::Govern), revoke)
}

async fn list(inside: Inside, Query(wanted): Query<Wanted>) -> Result<Response, Error> {
    let page = Page::load(&inside, wanted.parse()?).await?;
    let title = inside.visit.texts.say("tokens-title");
    let draft = TokenDraft { role: Role::Staff.name().to_owned(), lasts: "90".to_owned(), ..TokenDraft::default() };
    Ok(inside.page(&title, || page.view(&inside, &draft, &Trouble::default())))
}

async fn make(inside: Inside, Form(draft): Form<TokenDraft>) -> Result<Response, Error> {
    let made = match draft.parse() {
        Ok(token) => inside.visit.state.store.create_token(inside.actor(), &token).await.map_err(Error::from),
        Err(faults) => Err(faults.into()),
    };
    match made {
        Ok(made) => Ok(go_and_show(&inside, &format!("/tokens/{}", made.id), &made.token)),
        Err(error) => again(&inside, error, &draft).await,
    }
}

/// The token, while the browser of its maker keeps it.
async fn show(inside: Inside, Path(id): Path<TokenId>, Shown(token): Shown) -> Result<Response, Error> {
    let row = inside.visit.state.store.token_of(inside.actor(), id).await?.ok_or(Error::NotFound)?;
    let (texts, title) = (inside.visit.texts, inside.visit.texts.say("tokens-made"));
    if let Some(token) = token.filter(|_| row.state == Course::Good) {
        return Ok(inside.page(&title, || made_page(texts, &row.name, token)));
    }
    let headline = texts.tell("tokens-of", &[("name", row.name.into())]);
    Ok(inside.page(&title, || shown_once::over(texts, headline, None, ("/tokens", texts.say("tokens-another")))))
}

async fn revoke(inside: Inside, Path(id): Path<TokenId>) -> Result<Response, Error> {
    match inside.visit.state.store.revoke_token(inside.actor(), id).await.map_err(Error::from) {
        Ok(Some(())) => Ok(go("/tokens")),
        Ok(None) => Err(Error::NotFound),
        Err(error) => again(&inside, error, &TokenDraft::default()).await,
    }
}

async fn again(inside: &Inside, error: Error, draft: &TokenDraft) -> Result<Response, Error> {
    let page = Page::load(inside, None).await?;
    let title = inside.visit.texts.say("tokens-title");
    inside.again(error, &title, |trouble| page.view(inside, draft, &trouble))
}

struct Page {
    tokens: Vec<TokenRow>,
    /// Where older ones begin, and whether these are not the newest.
    before: Option<TokenId>,
    is_later: bool,
    sites: Vec<SiteRow>,
    when: When,
}

impl Page {
    async fn load(inside: &Inside, before: Option<TokenId>) -> Result<Self, Error> {
        let (store, actor, is_later) = (&inside.visit.state.store, inside.actor(), before.is_some());
        let Listed { rows: tokens, before } = store.tokens(actor, before, MOST).await?;
        let when = When::of(inside.visit.texts, &store.home(actor).await?, store.now());
        Ok(Self { tokens, before, is_later, sites: store.sites(actor).await?, when })
    }

    fn view(&self, inside: &Inside, draft: &TokenDraft, trouble: &Trouble) -> impl IntoView + use<> {
        let texts = inside.visit.texts;
        let good = self.tokens.iter().filter(|row| row.state == Course::Good).count();
        // Of a part of them nothing is said about all.
        let headline = if self.before.is_some() || self.is_later {
            texts.say("tokens-title")
        } else {
            texts.tell("tokens-headline", &[("count", good.into())])
        };
        let each = self.tokens.iter().map(|row| self.token(texts, row)).collect_view();
        let listed =
            (!self.tokens.is_empty()).then(|| view! { <section class="card"><ul class="list">{each}</ul></section> });
        view! {
            <main id="main">
                <div class="grid tight">
                    <h1>{headline}</h1>
                    <p>{texts.say("tokens-lead")}</p>
                </div>
                {trouble.summary(texts)}
                <div class="two">{listed} {self.new_token(inside, draft, trouble)}</div>
                {links(texts, "/tokens", self.before.map(|id| id.to_string()), self.is_later)}
                <p><a class="link" href="/settings">{texts.say("tokens-settings")}</a></p>
            </main>
        }
    }

    fn token(&self, texts: Texts, row: &TokenRow) -> impl IntoView + use<> {
        let until = [("until", self.when.at(row.expires_at).into())];
        let state = match row.state {
            Course::Good => texts.tell("tokens-good", &until),
            Course::RunOut => texts.tell("tokens-run-out", &until),
            Course::Revoked => texts.say("tokens-revoked"),
        };
        let used = match row.used_at {
            Some(used) => texts.tell("tokens-used", &[("ago", self.when.ago(used).into())]),
            None => texts.say("tokens-unused"),
        };
        let revoke = (row.state == Course::Good).then(|| {
            let (to, label) = (format!("/tokens/{}/revoke", row.id), texts.say("tokens-revoke"));
            let whose = format!("{label}: {}", row.name);
            view! { <form method="post" action=to><button class="link" aria-label=whose>{label}</button></form> }
        });
        let named = reach::named(texts, &row.reach, &self.sites).map(|names| format!(" · {names}"));
        let says = format!("{}{} · {state} · {used}", texts.say(role_key(row.role)), named.unwrap_or_default());
        view! { <li><span>{row.name.clone()}<small>{says}</small></span>{revoke}</li> }
    }

    fn new_token(&self, inside: &Inside, draft: &TokenDraft, trouble: &Trouble) -> impl IntoView + use<> {
        let texts = inside.visit.texts;
        let roles = Role::ALL.into_iter().rev().map(|role| Item::new(role.name(), texts.say(role_key(role))));
        let days = [30_i64, 90, 365, 730];
        let days = days.map(|days| Item::new(days.to_string(), texts.tell("tokens-days", &[("days", days.into())])));
        let TokenDraft { name, role, reach, sites, lasts } = draft.clone();
        let (roles, days) = (roles.collect::<Vec<_>>(), days.to_vec());
        let at = |field: &str| trouble.at(texts, field);
        let offer = Offer { by: &inside.actor().reach, sites: &self.sites, whose: String::new() };
        let within = offer.fields(texts, &ReachDraft { reach, sites }, trouble);
        view! {
            <section class="card grid">
                <h2>{texts.say("tokens-new")}</h2>
                <form method="post" action="/tokens">
                    <Field name="name" label=texts.say("tokens-name") hint=texts.say("tokens-name-hint") value=name fault=at("name") required=true max=160 autocomplete="off" />
                    <Select name="role" label=texts.say("people-role") items=roles value=role fault=at("role") required=true />
                    {within}
                    <Select name="lasts" label=texts.say("tokens-lasts") items=days value=lasts fault=at("lasts") required=true />
                    <p><button class="btn">{texts.say("tokens-make")}</button></p>
                </form>
            </section>
        }
    }
}

fn made_page(texts: Texts, name: &str, token: String) -> impl IntoView + use<> {
    view! {
        <main id="main" class="slim">
            <h1>{texts.tell("tokens-made-headline", &[("name", tidy(name).into())])}</h1>
            <p>{texts.say("tokens-made-lead")}</p>
            {shown_once::card(texts, token, false)}
            <p><a class="btn" href="/tokens">{texts.say("tokens-back")}</a></p>
        </main>
    }
}
