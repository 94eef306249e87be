//! The tokens of programs that use the REST API.

use axum::response::Response;
use domain::ids::TokenId;
use domain::role::{Permission, Role};
use domain::site_access::SiteAccessDraft;
use domain::text::tidy;
use domain::token::{TokenDraft, TokenState};
use leptos::prelude::*;
use store::{Page, SiteRow, TokenRow};

use crate::addresses;
use crate::cursor_pages::{CursorQuery, PAGE_SIZE, links};
use crate::doors::AccessRule::Member;
use crate::doors::Doors;
use crate::error::Error;
use crate::flash::Flash;
use crate::form::{ChoiceItem, Field, Select};
use crate::local_time::LocalTime;
use crate::names::role_key;
use crate::page::FormErrors;
use crate::request_context::{Form, Path, Query, SignedIn};
use crate::shown_once::{self, ShownSecret, redirect_to_shown_once};
use crate::site_access::{self, SiteAccessFields};
use crate::texts::Texts;

pub fn doors(doors: Doors) -> Doors {
    doors
        .get(addresses::TOKENS, Member(Permission::Administer), list)
        .post(addresses::TOKENS, Member(Permission::Administer), create)
        .get(addresses::TOKEN, Member(Permission::Administer), show)
        .form(addresses::REVOKE_TOKEN, addresses::TOKENS, Member(Permission::Administer), revoke)
}

async fn list(signed_in: SignedIn, Query(query): Query<CursorQuery>) -> Result<Response, Error> {
    let page = TokensPage::load(&signed_in, query.parse()?).await?;
    let title = signed_in.context.texts.text("tokens-title");
    let draft = TokenDraft { role: Role::Staff.name().to_owned(), lasts: "90".to_owned(), ..TokenDraft::default() };
    Ok(signed_in.page(&title, || page.view(&signed_in, &draft, &FormErrors::default())))
}

async fn create(signed_in: SignedIn, Form(draft): Form<TokenDraft>) -> Result<Response, Error> {
    let created = match draft.parse() {
        Ok(token) => signed_in.context.state.store.create_token(signed_in.actor(), &token).await.map_err(Error::from),
        Err(faults) => Err(faults.into()),
    };
    match created {
        Ok(created) => Ok(redirect_to_shown_once(&signed_in, &addresses::token(created.id), &created.token)),
        Err(error) => rerender(&signed_in, error, &draft).await,
    }
}

/// Shows the token while its maker's browser has it.
async fn show(
    signed_in: SignedIn,
    Path(id): Path<TokenId>,
    ShownSecret(token): ShownSecret,
) -> Result<Response, Error> {
    let row = signed_in.context.state.store.token_by_id(signed_in.actor(), id).await?.ok_or(Error::NotFound)?;
    let (texts, title) = (signed_in.context.texts, signed_in.context.texts.text("tokens-created"));
    if let Some(token) = token.filter(|_| row.state == TokenState::Active) {
        return Ok(signed_in.page(&title, || token_page(texts, &row.name, token)));
    }
    let headline = texts.text_with("tokens-of", &[("name", row.name.into())]);
    Ok(signed_in.page(&title, || {
        shown_once::expired_page(texts, headline, None, (addresses::TOKENS, texts.text("tokens-another")))
    }))
}

async fn revoke(signed_in: SignedIn, Path(id): Path<TokenId>) -> Result<Response, Error> {
    match signed_in.context.state.store.revoke_token(signed_in.actor(), id).await.map_err(Error::from) {
        Ok(Some(())) => Ok(signed_in.saved(addresses::TOKENS, Flash::TokenRevoked)),
        Ok(None) => Err(Error::NotFound),
        Err(error) => rerender(&signed_in, error, &TokenDraft::default()).await,
    }
}

async fn rerender(signed_in: &SignedIn, error: Error, draft: &TokenDraft) -> Result<Response, Error> {
    let page = TokensPage::load(signed_in, None).await?;
    let title = signed_in.context.texts.text("tokens-title");
    signed_in.rerender(error, &title, |errors| page.view(signed_in, draft, &errors))
}

struct TokensPage {
    tokens: Vec<TokenRow>,
    /// The cursor to older tokens, and whether this page starts with one.
    before: Option<TokenId>,
    is_later: bool,
    sites: Vec<SiteRow>,
    local_time: LocalTime,
}

impl TokensPage {
    async fn load(signed_in: &SignedIn, before: Option<TokenId>) -> Result<Self, Error> {
        let (store, actor, is_later) = (&signed_in.context.state.store, signed_in.actor(), before.is_some());
        let Page { rows: tokens, next_before: before } = store.tokens(actor, before, PAGE_SIZE).await?;
        let local_time = LocalTime::of(signed_in.context.texts, &store.business(actor).await?, store.now());
        Ok(Self { tokens, before, is_later, sites: store.sites(actor).await?, local_time })
    }

    fn view(&self, signed_in: &SignedIn, draft: &TokenDraft, errors: &FormErrors) -> impl IntoView + use<> {
        let texts = signed_in.context.texts;
        let active_count = self.tokens.iter().filter(|row| row.state == TokenState::Active).count();
        // One page cannot say how many there are in all.
        let headline = if self.before.is_some() || self.is_later {
            texts.text("tokens-title")
        } else {
            texts.text_with("tokens-headline", &[("count", active_count.into())])
        };
        let each = self.tokens.iter().map(|row| self.token(texts, row)).collect_view();
        let listed =
            (!self.tokens.is_empty()).then(|| view! { <section class="card"><ul class="list">{each}</ul></section> });
        view! {
            <main id="main">
                <div class="grid tight">
                    <h1>{headline}</h1>
                    <p>{texts.text("tokens-lead")}</p>
                </div>
                {errors.summary(texts)}
                <div class="two-columns">{listed} {self.new_token(signed_in, draft, errors)}</div>
                {links(texts, addresses::TOKENS, self.before.map(|id| id.to_string()), self.is_later)}
                <p><a class="link" href=addresses::SETTINGS>{texts.text("tokens-settings")}</a></p>
            </main>
        }
    }

    fn token(&self, texts: Texts, row: &TokenRow) -> impl IntoView + use<> {
        let until = [("until", self.local_time.date_time(row.expires_at).into())];
        let state = match row.state {
            TokenState::Active => texts.text_with("tokens-valid-until", &until),
            TokenState::RunOut => texts.text_with("tokens-expired", &until),
            TokenState::Revoked => texts.text("tokens-revoked"),
        };
        let used = match row.used_at {
            Some(used) => texts.text_with("tokens-used", &[("ago", self.local_time.ago(used).into())]),
            None => texts.text("tokens-unused"),
        };
        let revoke = (row.state == TokenState::Active).then(|| {
            let (to, label) = (addresses::revoke_token(row.id), texts.text("tokens-revoke"));
            let whose = format!("{label}: {}", row.name);
            view! { <form method="post" action=to><button class="link" aria-label=whose>{label}</button></form> }
        });
        let site_names =
            site_access::site_names(texts, &row.site_access, &self.sites).map(|names| format!(" · {names}"));
        let details =
            format!("{}{} · {state} · {used}", texts.text(role_key(row.role)), site_names.unwrap_or_default());
        view! { <li><span>{row.name.clone()}<small>{details}</small></span>{revoke}</li> }
    }

    fn new_token(&self, signed_in: &SignedIn, draft: &TokenDraft, errors: &FormErrors) -> impl IntoView + use<> {
        let texts = signed_in.context.texts;
        let roles = Role::ALL.into_iter().rev().map(|role| ChoiceItem::new(role.name(), texts.text(role_key(role))));
        let days = [30_i64, 90, 365, 730];
        let days = days
            .map(|days| ChoiceItem::new(days.to_string(), texts.text_with("tokens-days", &[("days", days.into())])));
        let TokenDraft { name, role, reach, sites, lasts } = draft.clone();
        let (roles, days) = (roles.collect::<Vec<_>>(), days.to_vec());
        let at = |field: &str| errors.for_field(texts, field);
        let site_access =
            SiteAccessFields { giver: &signed_in.actor().site_access, sites: &self.sites, id_suffix: String::new() };
        let site_fields = site_access.fields(texts, &SiteAccessDraft { reach, sites }, errors);
        view! {
            <section class="card grid">
                <h2>{texts.text("tokens-new")}</h2>
                <form method="post" action=addresses::TOKENS>
                    <Field name="name" label=texts.text("tokens-name") hint=texts.text("tokens-name-hint") value=name fault=at("name") required=true max=160 autocomplete="off" />
                    <Select name="role" label=texts.text("people-role") items=roles value=role fault=at("role") required=true />
                    {site_fields}
                    <Select name="lasts" label=texts.text("tokens-lifetime") items=days value=lasts fault=at("lasts") required=true />
                    <p><button class="btn">{texts.text("tokens-create")}</button></p>
                </form>
            </section>
        }
    }
}

fn token_page(texts: Texts, name: &str, token: String) -> impl IntoView + use<> {
    view! {
        <main id="main" class="slim">
            <h1>{texts.text_with("tokens-created-headline", &[("name", tidy(name).into())])}</h1>
            <p>{texts.text("tokens-created-lead")}</p>
            {shown_once::secret_card(texts, token, false)}
            <p><a class="btn" href=addresses::TOKENS>{texts.text("tokens-back")}</a></p>
        </main>
    }
}
