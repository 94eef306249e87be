//! Reading costs what is shown, not what is stored: no statement of the store goes through a table that grows.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{LazyLock, Mutex};

use chrono::TimeDelta;
use domain::actor::Role;
use domain::invite::Invite;
use domain::place::Code;
use domain::recovery::{AcknowledgementDraft, StepDraft};
use sqlx::{AssertSqlSafe, Row};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

use crate::history::live;
use crate::raw::{MARK, Raw};
use crate::shop::{SLUG, Shop};
use crate::world::{World, on_sqlite};

/// Every statement that ran since somebody listened.
static HEARD: LazyLock<Mutex<BTreeSet<String>>> = LazyLock::new(Mutex::default);

struct Listening;

impl<S: Subscriber> Layer<S> for Listening {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        event.record(&mut Statement);
    }
}

struct Statement;

impl Visit for Statement {
    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}

    fn record_str(&mut self, field: &Field, value: &str) {
        if matches!(field.name(), "db.statement" | "summary") {
            HEARD.lock().unwrap().insert(value.trim().to_owned());
        }
    }
}

/// What a business has few of, or what an index holds no more of than is looked for.
const FEW: [&str; 11] = [
    "INDEX sqlite_autoindex_guarantees_2",
    "INDEX sqlite_autoindex_members_1",
    "INDEX sqlite_autoindex_record_heads_1",
    "INDEX sqlite_autoindex_sites_2",
    "INDEX places_by_business",
    "INDEX problems_by_business",
    "INDEX recoveries_open",
    "INDEX recoveries_watched",
    // In the order that is asked for, with a limit.
    "INDEX invites_by_business",
    "INDEX recoveries_closed",
    // For its greatest number.
    "COVERING INDEX sqlite_autoindex_recoveries_2",
];

/// Whether a step of a plan goes through all there is, or all that a business has.
fn goes_through(step: &str) -> bool {
    let all_of_a_business = step.ends_with("(business_id=?)") && !FEW.iter().any(|few| step.contains(few));
    let of_a_table = step.starts_with("SCAN ") && !step.ends_with(" VALUES CLAUSE");
    of_a_table || all_of_a_business
}

/// Everything that can be read.
async fn read(world: &World, shop: &Shop) {
    let (store, actor) = (&world.store, &shop.auditor);
    let home = store.business_by_slug(SLUG).await.unwrap().unwrap();
    for slug in [None, Some("clean-restrooms")] {
        store.charter(home.clone(), slug).await.unwrap();
    }
    store.detail(&home, shop.guarantee).await.unwrap();
    let open = store.open_recoveries(actor).await.unwrap();
    let closed = store.closed_recoveries(actor).await.unwrap();
    for row in open.iter().chain(&closed) {
        store.recovery(actor, row.id).await.unwrap().unwrap();
    }
    let first = store.checks(actor, None, 5).await.unwrap();
    store.checks(actor, first.before, 5).await.unwrap();
    store.check(actor, first.rows[0].id).await.unwrap().unwrap();
    let breaks = store.breaks(actor, None, 5).await.unwrap();
    store.breaks(actor, breaks.before, 5).await.unwrap();
    store.standings(actor).await.unwrap();
    let code = store.places(actor).await.unwrap().remove(0).code;
    store.place(actor, shop.place).await.unwrap().unwrap();
    store.place_by_code(actor, &Code::parse(&code).unwrap()).await.unwrap().unwrap();
    store.sites(actor).await.unwrap();
    store.members(actor).await.unwrap();
    store.problem(actor, shop.problem).await.unwrap().unwrap();
    store.guarantees(actor).await.unwrap();
    store.versions(actor, shop.guarantee).await.unwrap();
    store.record_after(shop.business(), 7).await.unwrap();
    store.verify(shop.business()).await.unwrap().unwrap();
    store.follow_up("nobody's").await.unwrap();
    store.visitor("nobody's").await.unwrap();
    store.bearer("nobody's").await.unwrap();
    know_and_forget(world, shop).await;
    come_and_go(world, shop).await;
}

/// Everything about one customer.
async fn know_and_forget(world: &World, shop: &Shop) {
    let (store, owner) = (&world.store, &shop.owner);
    let recovery = shop.breaks(world, crate::shop::told_by_a_customer()).await;
    let StepDraft::Acknowledge(draft) = crate::shop::acknowledge() else { unreachable!() };
    let next_update_by = (store.now() + TimeDelta::days(1)).to_rfc3339();
    let named = AcknowledgementDraft { customer_name: "Jo".into(), next_update_by, ..draft };
    shop.step(world, recovery, StepDraft::Acknowledge(named)).await;
    store.customer_file(owner, recovery).await.unwrap().unwrap();
    store.erase_customer(owner, recovery).await.unwrap().unwrap();
    store.forget_customers(owner).await.unwrap();
}

/// Everything about people, their sessions and their passwords.
async fn come_and_go(world: &World, shop: &Shop) {
    let (store, owner) = (&world.store, &shop.owner);
    let sam = &crate::shop::newcomer("Sam", "staff").email;
    let (person, _) = store.credentials(sam).await.unwrap().unwrap();
    let invite = Invite { name: crate::shop::line("Kim"), role: Role::Manager };
    let invited = store.invite(owner, &invite).await.unwrap();
    store.invitation(&invited.token).await.unwrap().unwrap();
    store.invites(owner).await.unwrap();
    store.revoke_invite(owner, invited.id).await.unwrap().unwrap();
    let session = store.begin_session(person, "").await.unwrap().unwrap();
    let session = store.switch_business(&session.token, person, shop.business(), "").await.unwrap().unwrap();
    let listed = store.sessions(person).await.unwrap().remove(0);
    store.memberships(person).await.unwrap();
    store.password_of(person).await.unwrap().unwrap();
    store.change_password(&session.token, "hash", "").await.unwrap().unwrap();
    store.revoke_session(person, listed.id).await.unwrap();
    let reset = store.reset_link(sam).await.unwrap().unwrap();
    store.reset(&reset.token).await.unwrap().unwrap();
    store.reset_password(&reset.token, "hash").await.unwrap().unwrap();
    store.appoint(owner, person, Role::Manager).await.unwrap().unwrap();
    store.dismiss(owner, person).await.unwrap().unwrap();
}

#[test]
fn no_statement_goes_through_a_table_that_grows() {
    let listening = Listening.with_filter(Targets::new().with_target("sqlx::query", tracing::Level::DEBUG));
    tracing_subscriber::registry().with(listening).init();
    on_sqlite(async |world: &World| {
        let shop = world.shop().await;
        live(world, &shop, 300).await;
        read(world, &shop).await;
        let Raw::Sqlite(pool) = &world.raw else { unreachable!() };
        let heard: Vec<_> = HEARD.lock().unwrap().iter().cloned().collect();
        let told =
            |sql: &&String| ["SELECT ", "UPDATE ", "DELETE ", "INSERT "].iter().any(|verb| sql.starts_with(verb));
        let mut plans = BTreeMap::new();
        for sql in heard
            .iter()
            .filter(told)
            .filter(|sql| !sql.contains(MARK) && !sql.contains("_sqlx_") && !sql.ends_with('…'))
        {
            // Of a statement for the other database there is no plan here.
            let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
            let Ok(rows) = sqlx::query(explain).fetch_all(pool).await else { continue };
            plans.insert(sql, rows.iter().map(|row| row.get::<String, _>("detail")).collect::<Vec<_>>());
        }
        if std::env::var("SHOW_PLANS").is_ok() {
            println!("{plans:#?}");
        }
        assert!(plans.len() > 40, "{} statements", plans.len());
        for (sql, plan) in &plans {
            assert!(!plan.iter().any(|step| goes_through(step)), "{sql}: {plan:#?}");
        }
    });
}
