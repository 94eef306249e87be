//! Reading costs what is shown, not what is stored: no statement of the store goes through a table that grows.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use std::sync::{LazyLock, Mutex, Once};

use chrono::TimeDelta;
use domain::actor::{Actor, Reach, Role};
use domain::device::Device;
use domain::grant::Made;
use domain::ids::PersonId;
use domain::invite::Invite;
use domain::place::Code;
use domain::recovery::{AcknowledgementDraft, StepDraft};
use sqlx::{AssertSqlSafe, PgPool, Row};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

use store::{AuditFilter, Origin, Proof};

use crate::history::live;
use crate::raw::{MARK, Raw};
use crate::shop::{SLUG, Shop};
use crate::world::{World, on_postgres, on_sqlite};

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
const FEW: &[&str] = &[
    "INDEX sqlite_autoindex_guarantees_2",
    "INDEX sqlite_autoindex_members_1",
    "INDEX sqlite_autoindex_reaches_1",
    "INDEX sqlite_autoindex_record_heads_1",
    "INDEX sqlite_autoindex_sites_2",
    "INDEX places_by_business",
    "INDEX problems_by_business",
    "INDEX recoveries_open",
    "INDEX recoveries_watched",
    "INDEX obstacles_waiting",
    "INDEX second_looks_open",
    // With so few rows PostgreSQL takes this one for as cheap as the one before.
    "INDEX second_looks_pkey",
    // In the order that is asked for, with a limit.
    "INDEX devices_by_business",
    "INDEX tokens_by_business",
    "INDEX invites_by_business",
    "INDEX recoveries_closed",
    // What is open of what people made.
    "INDEX invites_by_maker",
    "INDEX tokens_by_maker",
    "INDEX devices_by_maker",
    "INDEX follow_ups_by_maker",
    "INDEX follow_ups_open",
    // For its greatest number.
    "COVERING INDEX sqlite_autoindex_recoveries_2",
    "required_factors",
];

/// Whether a step of a plan goes through all there is, or all that a business has.
fn goes_through(step: &str) -> bool {
    let all_of_a_business = step.ends_with("(business_id=?)") && !FEW.iter().any(|few| step.contains(few));
    let of_none = step.ends_with(" VALUES CLAUSE") || step == "SCAN CONSTANT ROW";
    let of_a_table = step.starts_with("SCAN ") && !of_none;
    of_a_table || all_of_a_business
}

/// Everything that can be read. To verify a business is to go through all it has, so that is left out.
async fn read(world: &World, shop: &Shop) {
    let (store, actor) = (&world.store, &shop.auditor);
    let home = store.business_by_slug(SLUG).await.unwrap().unwrap();
    for slug in [None, Some("clean-restrooms")] {
        store.charter(home.clone(), slug).await.unwrap();
    }
    store.detail(&home, shop.guarantee).await.unwrap();
    let open = store.open_recoveries(actor).await.unwrap();
    let closed = store.closed_recoveries(actor, None, 1).await.unwrap();
    store.closed_recoveries(actor, closed.before, 1).await.unwrap();
    for row in open.iter().chain(&closed.rows) {
        store.recovery(actor, row.id).await.unwrap().unwrap();
    }
    let first = store.checks(actor, None, 5).await.unwrap();
    store.checks(actor, first.before, 5).await.unwrap();
    store.check(actor, first.rows[0].id).await.unwrap().unwrap();
    let breaks = store.breaks(actor, None, 5).await.unwrap();
    store.breaks(actor, breaks.before, 5).await.unwrap();
    look_twice(world, shop).await;
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
    store.follow_up("nobody's").await.unwrap();
    store.visitor("nobody's").await.unwrap();
    store.bearer("nobody's").await.unwrap();
    know_and_forget(world, shop).await;
    come_and_go(world, shop).await;
}

/// Everything about what stood in the way, and about second looks.
async fn look_twice(world: &World, shop: &Shop) {
    let (store, owner) = (&world.store, &shop.owner);
    for _ in 0..2 {
        shop.log(world, crate::obstacles::hindered("tools")).await;
    }
    let first = store.obstacles(owner, None, 1).await.unwrap();
    store.obstacles(owner, first.before, 1).await.unwrap();
    let answer = crate::obstacles::answer("planned", "Soon.");
    store.answer_obstacle(owner, first.rows[0].id, &answer).await.unwrap().unwrap();
    store.obstacle(owner, first.rows[0].id).await.unwrap().unwrap();
    store.obstacles_waiting(owner).await.unwrap();
    let asked = crate::second_looks::asked(world, shop).await;
    store.second_looks(owner).await.unwrap();
    store.second_look(owner, asked).await.unwrap().unwrap();
    store.give_second_look(owner, asked, &crate::second_looks::said("agreed")).await.unwrap().unwrap();
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
    let (person, _) = store.credentials(sam).await.unwrap().remove(0);
    let invite = Invite { name: crate::shop::line("Kim"), role: Role::Manager, reach: Reach::Everywhere };
    let invited = store.invite(owner, &invite).await.unwrap();
    store.invitation(&invited.token).await.unwrap().unwrap();
    let first = store.invites(owner, None, 1).await.unwrap();
    store.invites(owner, first.before, 1).await.unwrap();
    store.revoke_invite(owner, invited.id).await.unwrap().unwrap();
    second_steps(world, shop, person).await;
    let session = store.begin_session(person, &Origin::default()).await.unwrap().unwrap();
    let session =
        store.switch_business(&session.token, person, shop.business(), &Origin::default()).await.unwrap().unwrap();
    let listed = store.sessions(person).await.unwrap().remove(0);
    store.memberships(person).await.unwrap();
    store.password_of(person).await.unwrap().unwrap();
    store.change_password(&session.token, "hash", &Origin::default()).await.unwrap().unwrap();
    store.revoke_session(&shop.owner, person, listed.id).await.unwrap();
    let reset = store.reset_link(sam).await.unwrap().unwrap();
    store.reset(&reset.token).await.unwrap().unwrap();
    store.reset_password(&reset.token, "hash", &Origin::default()).await.unwrap().unwrap();
    store.appoint(owner, person, Role::Manager).await.unwrap().unwrap();
    give_access(world, shop, person).await;
    store.dismiss(owner, person).await.unwrap().unwrap();
}

/// Everything about what somebody made that gives access.
async fn give_access(world: &World, shop: &Shop, person: PersonId) {
    let (store, owner) = (&world.store, &shop.owner);
    let manager = Actor { role: Role::Manager, ..shop.staff.clone() };
    let invite = Invite { name: crate::shop::line("Lee"), role: Role::Staff, reach: Reach::Everywhere };
    store.invite(&manager, &invite).await.unwrap();
    for name in ["One", "Two", "Three"] {
        let device = Device { name: crate::shop::line(name), site: shop.site };
        store.add_device(&manager, &device).await.unwrap();
    }
    store.made_counts(owner).await.unwrap();
    let made = store.made(owner, person).await.unwrap().unwrap().rows;
    let of = |kind: fn(&Made) -> bool| made.iter().map(|row| row.made).find(kind);
    store.take_over(owner, person, of(|made| matches!(made, Made::Device(_)))).await.unwrap().unwrap();
    store.take_over(owner, person, of(|made| matches!(made, Made::Invitation(_)))).await.unwrap().unwrap();
    store.end_made(owner, person, made.last().map(|row| row.made)).await.unwrap().unwrap();
    store.bind(owner, person, &Reach::of([shop.site])).await.unwrap().unwrap();
}

/// Everything about second steps, devices, tokens and the deeds behind them.
async fn second_steps(world: &World, shop: &Shop, person: PersonId) {
    let (store, owner, origin) = (&world.store, &shop.owner, Origin::default());
    store.offer_authenticator(person).await.unwrap();
    store.pending_authenticator(person).await.unwrap().unwrap();
    store.confirm_authenticator(&shop.staff, person, 1).await.unwrap().unwrap();
    store.authenticator(person).await.unwrap().unwrap();
    store.add_passkey(&shop.staff, person, &crate::shop::line("Phone"), b"key", "{}").await.unwrap();
    let codes = store.renew_recovery_codes(&shop.staff, person).await.unwrap();
    for proof in [Proof::Code(Some(2)), Proof::Recovery(codes[0].clone()), Proof::Code(None)] {
        let begun = store.begin_sign_in(person).await.unwrap();
        store.sign_in_of(&begun.token).await.unwrap().unwrap();
        let _ = store.finish_sign_in(&begun.token, &proof, None, &origin).await;
    }
    let key = store.passkeys(person).await.unwrap().remove(0);
    store.enter_by_passkey(person, key.id, "{}", None, &origin).await.unwrap().unwrap();
    let asked = store.challenge(Some(person), "{}").await.unwrap();
    store.take_challenge(&asked).await.unwrap().unwrap();
    store.remove_passkey(&shop.staff, person, key.id).await.unwrap().unwrap();
    store.remove_authenticator(&shop.staff, person).await.unwrap().unwrap();
    store.require_factors(owner, &[Role::Auditor]).await.unwrap();
    store.required_factors(owner).await.unwrap();
    store.set_pin(&shop.staff, person, "hash").await.unwrap();
    let device = Device { name: crate::shop::line("Tablet"), site: shop.site };
    let made = store.add_device(owner, &device).await.unwrap();
    store.device_invitation(&made.token).await.unwrap().unwrap();
    let token = store.register_device(&made.token, &origin).await.unwrap().unwrap();
    let at = store.at_device(&token).await.unwrap().unwrap();
    store.colleagues(&at).await.unwrap();
    store.try_pin(&at, person).await.unwrap().unwrap().unwrap();
    store.begin_turn(&at, person, &origin).await.unwrap();
    let first = store.devices(owner, None, 1).await.unwrap();
    store.devices(owner, first.before, 1).await.unwrap();
    store.revoke_device(owner, made.id).await.unwrap().unwrap();
    let made = store.create_token(owner, &crate::shop::token(Role::Staff)).await.unwrap();
    let first = store.tokens(owner, None, 1).await.unwrap();
    store.tokens(owner, first.before, 1).await.unwrap();
    store.revoke_token(owner, made.id).await.unwrap().unwrap();
    let first = store.audit(owner, &AuditFilter::default(), None, 5).await.unwrap();
    store.audit(owner, &AuditFilter::default(), first.before, 5).await.unwrap();
}

/// Every statement of the store that runs while a business lives for a while and everything is read.
async fn heard(world: &World) -> Vec<String> {
    static LISTENING: Once = Once::new();
    LISTENING.call_once(|| {
        let listening = Listening.with_filter(Targets::new().with_target("sqlx::query", tracing::Level::DEBUG));
        tracing_subscriber::registry().with(listening).init();
    });
    let shop = world.shop().await;
    live(world, &shop, 300).await;
    read(world, &shop).await;
    let told = |sql: &&String| ["SELECT ", "UPDATE ", "DELETE ", "INSERT "].iter().any(|verb| sql.starts_with(verb));
    let ours = |sql: &&String| !sql.contains(MARK) && !sql.contains("_sqlx_") && !sql.ends_with('…');
    HEARD.lock().unwrap().iter().filter(told).filter(ours).cloned().collect()
}

/// Tells a fact in a process of its own. Beside others their statements would be heard, too, and some of them go through
/// everything, as a business does that leaves.
fn alone(fact: &str, told: impl FnOnce()) {
    if std::env::var_os("TOLD_ALONE").is_some() {
        return told();
    }
    let mut process = Command::new(std::env::current_exe().unwrap());
    let told = process.args(["--exact", fact, "--nocapture"]).env("TOLD_ALONE", "yes").output().unwrap();
    assert!(
        told.status.success(),
        "{}{}",
        String::from_utf8_lossy(&told.stdout),
        String::from_utf8_lossy(&told.stderr)
    );
}

#[test]
fn no_statement_goes_through_a_table_that_grows() {
    alone("plans::no_statement_goes_through_a_table_that_grows", || on_sqlite(sqlite_goes_through_no_table));
}

async fn sqlite_goes_through_no_table(world: &World) {
    let heard = heard(world).await;
    let Raw::Sqlite(pool) = &world.raw else { unreachable!() };
    let mut plans = BTreeMap::new();
    for sql in &heard {
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
}

/// The tables that hold more the longer a business lives.
const GROWING: [&str; 11] = [
    "breaks",
    "checks",
    "corrections",
    "follow_ups",
    "obstacle_answers",
    "obstacles",
    "record",
    "recoveries",
    "recovery_steps",
    "second_looks",
    "texts",
];

/// Whether a step of PostgreSQL's reads all that such a table has, or all that it has of a business: it goes through the
/// table, or through an index on no other condition.
fn goes_through_on_postgres(step: &str, next: &str) -> bool {
    let grows = |name: &str| GROWING.iter().any(|table| name.split('_').next() == table.split('_').next());
    let Some((how, of)) = step.split_once(" on ") else { return false };
    let on = of.split(' ').next().unwrap_or_default();
    if how.ends_with("Seq Scan") {
        return grows(on);
    }
    let index = how.split_once(" using ").map_or(on, |(_, index)| index);
    let few = FEW.iter().any(|few| few.ends_with(&format!(" {index}"))) || index == "record_heads_pkey";
    let all_of_a_business = next.trim().starts_with("Index Cond: (business_id = ") && !next.contains(" AND ");
    how.contains("Index") && grows(index) && all_of_a_business && !few
}

/// PostgreSQL looks no row up by a condition that it must not try on rows behind the wall. Whether there is a way to the
/// rows but through all of them is seen where that way is made dear.
#[test]
fn the_wall_makes_no_statement_go_through_a_table_that_grows() {
    alone("plans::the_wall_makes_no_statement_go_through_a_table_that_grows", || {
        on_postgres(postgres_goes_through_no_table);
    });
}

async fn postgres_goes_through_no_table(world: &World) {
    let heard = heard(world).await;
    world.raw.run_alone("ANALYZE").await;
    let business = world.raw.texts("SELECT id::text FROM businesses").await.remove(0);
    let pool = PgPool::connect(&world.url).await.unwrap();
    let mut plans = BTreeMap::new();
    for sql in &heard {
        let mut tx = pool.begin().await.unwrap();
        let bound = (1..=2000).rev().find(|number| sql.contains(&format!("${number}"))).unwrap_or(0);
        let nothing = if bound == 0 { String::new() } else { format!("({})", vec!["NULL"; bound].join(", ")) };
        let prepare = format!(
            "SET LOCAL trialmark.business = '{business}'; SET LOCAL plan_cache_mode = force_generic_plan; \
             SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; \
             SET LOCAL cpu_index_tuple_cost = 1; \
             DEALLOCATE ALL; PREPARE asked AS {sql}"
        );
        // Of a statement for the other database there is no plan here.
        let Ok(_) = sqlx::raw_sql(AssertSqlSafe(prepare)).execute(&mut *tx).await else { continue };
        let explain = AssertSqlSafe(format!("EXPLAIN EXECUTE asked{nothing}"));
        let rows = sqlx::raw_sql(explain).fetch_all(&mut *tx).await.unwrap();
        plans.insert(sql, rows.iter().map(|row| row.get::<String, _>(0)).collect::<Vec<_>>());
    }
    assert!(plans.len() > 100, "{} statements", plans.len());
    for (sql, plan) in &plans {
        let through = plan.windows(2).any(|steps| goes_through_on_postgres(&steps[0], &steps[1]));
        assert!(!through, "{sql}: {plan:#?}");
    }
}
