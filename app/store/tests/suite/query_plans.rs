//! No statement of the store scans a table that grows.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;
use std::sync::{LazyLock, Mutex, Once};

use chrono::TimeDelta;
use domain::actor::Actor;
use domain::correction::CorrectionDraft;
use domain::device::Device;
use domain::grant::GrantId;
use domain::ids::PersonId;
use domain::invite::Invite;
use domain::place::TagCode;
use domain::record::Hash;
use domain::recovery::{AcknowledgementDraft, StepDraft};
use domain::role::Role;
use domain::site_access::SiteAccess;
use sqlx::{AssertSqlSafe, PgPool, Row};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

use store::{AuditFilter, ClientInfo, FactorProof, RecoveryFilter};

#[path = "../sql/source.rs"]
mod source;

use crate::direct_db::{DirectDb, STATEMENT_MARKER};
use crate::fixture::{Fixture, SLUG};
use crate::harness::{TestContext, on_postgres, on_sqlite};
use crate::random_history::run_history;

/// Collects the statements that run.
static STATEMENTS: LazyLock<Mutex<BTreeSet<String>>> = LazyLock::new(Mutex::default);

struct StatementCollector;

impl<S: Subscriber> Layer<S> for StatementCollector {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        event.record(&mut Statement);
    }
}

struct Statement;

impl Visit for Statement {
    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}

    fn record_str(&mut self, field: &Field, value: &str) {
        if matches!(field.name(), "db.statement" | "summary") {
            STATEMENTS.lock().unwrap().insert(value.trim().to_owned());
        }
    }
}

/// Scans that are allowed: of small tables, or of an index that only has the wanted rows.
const ALLOWED_SCANS: &[&str] = &[
    "INDEX sqlite_autoindex_guarantees_2",
    "INDEX sqlite_autoindex_members_1",
    "INDEX sqlite_autoindex_reaches_1",
    "INDEX sqlite_autoindex_record_heads_1",
    "INDEX sqlite_autoindex_sites_2",
    "INDEX places_by_business",
    "INDEX problems_by_business",
    "INDEX recoveries_queue",
    "INDEX recoveries_incomplete",
    "INDEX recoveries_watched",
    "INDEX obstacles_waiting",
    "INDEX second_looks_open",
    // With few rows PostgreSQL considers this index as cheap as the one before.
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
    // One row for each business.
    "INDEX sqlite_autoindex_watches_1",
    // One row for each promise at each place with a schedule.
    "INDEX sqlite_autoindex_rounds_1",
    "INDEX rounds_next",
    // One row for each example photo.
    "INDEX examples_photo",
    // Once an hour, to delete those that belong to nothing.
    "INDEX sqlite_autoindex_photos_1",
];

/// Whether a step of a plan scans a whole table, or all rows of a business.
fn is_full_scan(step: &str) -> bool {
    let all_of_a_business = step.ends_with("(business_id=?)") && !ALLOWED_SCANS.iter().any(|few| step.contains(few));
    let of_none = step.ends_with(" VALUES CLAUSE") || step == "SCAN CONSTANT ROW";
    let of_a_table = step.starts_with("SCAN ")
        && !of_none
        && !["SCAN businesses", "SCAN installation"].iter().any(|few| step.starts_with(few));
    of_a_table || all_of_a_business
}

/// Reads everything. Verification is left out, because it scans all rows of a business by design.
async fn read(ctx: &TestContext, fixture: &Fixture) {
    let (store, actor) = (&ctx.store, &fixture.auditor);
    let home = store.business_by_slug(SLUG).await.unwrap().unwrap();
    for slug in [None, Some("clean-restrooms")] {
        store.charter(home.clone(), slug).await.unwrap();
    }
    store.detail(&home, fixture.guarantee).await.unwrap();
    store.count_open_recoveries(actor).await.unwrap();
    let late = store.open_recoveries(actor, RecoveryFilter::Late, None, 1).await.unwrap();
    store.open_recoveries(actor, RecoveryFilter::All, late.next, 1).await.unwrap();
    store.closed_recoveries(actor, RecoveryFilter::Late, None, 1).await.unwrap();
    let open = store.open_recoveries(actor, RecoveryFilter::All, None, 200).await.unwrap().rows;
    let closed = store.closed_recoveries(actor, RecoveryFilter::All, None, 1).await.unwrap();
    store.closed_recoveries(actor, RecoveryFilter::All, closed.before, 1).await.unwrap();
    for row in open.iter().chain(&closed.rows) {
        store.recovery(actor, row.id).await.unwrap().unwrap();
    }
    let first = store.checks(actor, None, 5).await.unwrap();
    store.checks(actor, first.before, 5).await.unwrap();
    store.check(actor, first.rows[0].id).await.unwrap().unwrap();
    let breaks = store.breaks(actor, None, 5).await.unwrap();
    store.breaks(actor, breaks.before, 5).await.unwrap();
    use_obstacles_and_second_looks(ctx, fixture).await;
    store.last_checks(actor).await.unwrap();
    store.scheduled_promises(actor).await.unwrap();
    let code = store.places(actor).await.unwrap().remove(0).code;
    store.place(actor, fixture.place).await.unwrap().unwrap();
    store.place_by_code(actor, &TagCode::parse(&code).unwrap()).await.unwrap().unwrap();
    store.sites(actor).await.unwrap();
    store.members(actor).await.unwrap();
    store.problem(actor, fixture.problem).await.unwrap().unwrap();
    store.guarantees(actor).await.unwrap();
    store.versions(actor, fixture.guarantee).await.unwrap();
    store.record_after(fixture.business(), 7).await.unwrap();
    store.follow_up("nobody's").await.unwrap();
    store.session_user("nobody's").await.unwrap();
    store.actor_by_token("nobody's").await.unwrap();
    use_customers(ctx, fixture).await;
    use_schedules_closures_and_photos(ctx, fixture).await;
    use_people_and_sessions(ctx, fixture).await;
}

/// Reads obstacles and second looks.
async fn use_obstacles_and_second_looks(ctx: &TestContext, fixture: &Fixture) {
    let (store, owner) = (&ctx.store, &fixture.owner);
    for _ in 0..2 {
        fixture.log(ctx, crate::obstacles::broken_with_obstacle("tools")).await;
    }
    let first = store.obstacles(owner, None, 1).await.unwrap();
    store.obstacles(owner, first.before, 1).await.unwrap();
    let answer = crate::obstacles::answer("planned", "Soon.");
    store.answer_obstacle(owner, first.rows[0].id, &answer).await.unwrap().unwrap();
    store.obstacle(owner, first.rows[0].id).await.unwrap().unwrap();
    store.count_unanswered_obstacles(owner).await.unwrap();
    let asked = crate::second_looks::asked(ctx, fixture).await;
    store.second_looks(owner).await.unwrap();
    store.second_look(owner, asked).await.unwrap().unwrap();
    store.give_second_look(owner, asked, &crate::second_looks::second_look_draft("agreed")).await.unwrap().unwrap();
}

/// Reads a customer.
async fn use_customers(ctx: &TestContext, fixture: &Fixture) {
    let (store, owner) = (&ctx.store, &fixture.owner);
    let recovery = fixture.log_broken(ctx, crate::fixture::told_by_a_customer()).await;
    let StepDraft::Acknowledge(draft) = crate::fixture::acknowledge() else { unreachable!() };
    let next_update_by = (store.now() + TimeDelta::days(1)).to_rfc3339();
    let named = AcknowledgementDraft { customer_name: "Jo".into(), next_update_by, ..draft };
    fixture.step(ctx, recovery, StepDraft::Acknowledge(named)).await;
    store.recovery(owner, recovery).await.unwrap().unwrap();
    store.export_customer(owner, recovery).await.unwrap().unwrap();
    store.erase_customer(owner, recovery).await.unwrap().unwrap();
    store.erase_expired_customers(owner).await.unwrap();
}

/// Takes back a check in a window, and reads closures and photos.
async fn use_schedules_closures_and_photos(ctx: &TestContext, fixture: &Fixture) {
    let (store, owner) = (&ctx.store, &fixture.owner);
    fixture.schedule_every(ctx, 60).await;
    ctx.hours(2);
    let logged = fixture.log(ctx, crate::fixture::kept()).await;
    store.correct_check(owner, logged.check, &CorrectionDraft::take_back("A mistake.".into())).await.unwrap().unwrap();
    let closed = store.announce_closure(owner, &crate::schedules::closure_at(fixture, store.now(), 4)).await.unwrap();
    store.closures(owner).await.unwrap();
    store.site_of_closure(owner, closed).await.unwrap().unwrap();
    store.end_closure(owner, closed).await.unwrap().unwrap();
    store.example_photos(owner, fixture.guarantee).await.unwrap();
    store.example_photos_at(owner, fixture.place).await.unwrap();
    store.photo_row(owner, Hash::of(b"no photo")).await.unwrap();
}

/// Reads people, sessions and passwords.
async fn use_people_and_sessions(ctx: &TestContext, fixture: &Fixture) {
    let (store, owner) = (&ctx.store, &fixture.owner);
    let sam = &crate::fixture::newcomer("Sam", "staff").email;
    let (person, _) = store.credentials(sam).await.unwrap().remove(0);
    let invite = Invite { name: crate::fixture::line("Kim"), role: Role::Manager, site_access: SiteAccess::AllSites };
    let invited = store.create_invite(owner, &invite).await.unwrap();
    store.invitation(&invited.token).await.unwrap().unwrap();
    let first = store.invites(owner, None, 1).await.unwrap();
    store.invites(owner, first.next_before, 1).await.unwrap();
    store.revoke_invite(owner, invited.id).await.unwrap().unwrap();
    use_factors_and_audit_log(ctx, fixture, person).await;
    let session = store.begin_session(person, &ClientInfo::default()).await.unwrap().unwrap();
    let session = store
        .switch_business(&session.token, person, fixture.business(), &ClientInfo::default())
        .await
        .unwrap()
        .unwrap();
    let listed = store.sessions(person).await.unwrap().remove(0);
    store.memberships(person).await.unwrap();
    store.password_of(person).await.unwrap().unwrap();
    store.change_password(&session.token, "hash", &ClientInfo::default()).await.unwrap().unwrap();
    store.revoke_session(&fixture.owner, person, listed.id).await.unwrap();
    let reset = store.create_password_reset(sam).await.unwrap().unwrap();
    store.password_reset(&reset.token).await.unwrap().unwrap();
    store.reset_password(&reset.token, "hash", &ClientInfo::default()).await.unwrap().unwrap();
    store.set_role(owner, person, Role::Manager).await.unwrap().unwrap();
    use_grants(ctx, fixture, person).await;
    store.remove_member(owner, person).await.unwrap().unwrap();
}

/// Reads grants.
async fn use_grants(ctx: &TestContext, fixture: &Fixture, person: PersonId) {
    let (store, owner) = (&ctx.store, &fixture.owner);
    let manager = Actor { role: Role::Manager, ..fixture.staff.clone() };
    let invite = Invite { name: crate::fixture::line("Lee"), role: Role::Staff, site_access: SiteAccess::AllSites };
    store.create_invite(&manager, &invite).await.unwrap();
    for name in ["One", "Two", "Three"] {
        let device = Device { name: crate::fixture::line(name), site: fixture.site };
        store.add_device(&manager, &device).await.unwrap();
    }
    store.grant_counts(owner).await.unwrap();
    let made = store.grants_of(owner, person).await.unwrap().unwrap().rows;
    let of = |kind: fn(&GrantId) -> bool| made.iter().map(|row| row.id).find(kind);
    store.take_over_grants(owner, person, of(|made| matches!(made, GrantId::Device(_)))).await.unwrap().unwrap();
    store.take_over_grants(owner, person, of(|made| matches!(made, GrantId::Invitation(_)))).await.unwrap().unwrap();
    store.revoke_grants(owner, person, made.last().map(|row| row.id)).await.unwrap().unwrap();
    store.set_site_access(owner, person, &SiteAccess::sites([fixture.site])).await.unwrap().unwrap();
}

/// Reads second factors, devices, tokens and the audit log.
async fn use_factors_and_audit_log(ctx: &TestContext, fixture: &Fixture, person: PersonId) {
    let (store, owner, origin) = (&ctx.store, &fixture.owner, ClientInfo::default());
    store.offer_authenticator(person).await.unwrap();
    store.pending_authenticator(person).await.unwrap().unwrap();
    store.confirm_authenticator(&fixture.staff, person, 1).await.unwrap().unwrap();
    store.authenticator(person).await.unwrap().unwrap();
    store.add_passkey(&fixture.staff, person, &crate::fixture::line("Phone"), b"key", "{}").await.unwrap();
    let codes = store.renew_recovery_codes(&fixture.staff, person).await.unwrap();
    for proof in [FactorProof::Code(Some(2)), FactorProof::Recovery(codes[0].clone()), FactorProof::Code(None)] {
        let begun = store.begin_sign_in(person).await.unwrap();
        store.pending_sign_in(&begun.token).await.unwrap().unwrap();
        let _ = store.finish_sign_in(&begun.token, &proof, None, &origin).await;
    }
    let key = store.passkeys(person).await.unwrap().remove(0);
    store.sign_in_with_passkey(person, key.id, "{}", None, &origin).await.unwrap().unwrap();
    let asked = store.challenge(Some(person), "{}").await.unwrap();
    store.take_challenge(&asked).await.unwrap().unwrap();
    store.remove_passkey(&fixture.staff, person, key.id).await.unwrap().unwrap();
    store.remove_authenticator(&fixture.staff, person).await.unwrap().unwrap();
    store.require_factors(owner, &[Role::Auditor]).await.unwrap();
    store.required_factors(owner).await.unwrap();
    store.set_pin(&fixture.staff, person, "hash").await.unwrap();
    let device = Device { name: crate::fixture::line("Tablet"), site: fixture.site };
    let made = store.add_device(owner, &device).await.unwrap();
    store.device_link(&made.token).await.unwrap().unwrap();
    let token = store.register_device(&made.token, &origin).await.unwrap().unwrap();
    let at = store.device_by_token(&token).await.unwrap().unwrap();
    store.device_users(&at).await.unwrap();
    store.count_pin_attempt(&at, person).await.unwrap().unwrap().unwrap();
    store.begin_pin_session(&at, person, &origin).await.unwrap();
    let first = store.devices(owner, None, 1).await.unwrap();
    store.devices(owner, first.next_before, 1).await.unwrap();
    store.revoke_device(owner, made.id).await.unwrap().unwrap();
    let made = store.create_token(owner, &crate::fixture::token(Role::Staff)).await.unwrap();
    let first = store.tokens(owner, None, 1).await.unwrap();
    store.tokens(owner, first.next_before, 1).await.unwrap();
    store.revoke_token(owner, made.id).await.unwrap().unwrap();
    let first = store.audit_log(owner, &AuditFilter::default(), None, 5).await.unwrap();
    store.audit_log(owner, &AuditFilter::default(), first.before, 5).await.unwrap();
}

/// The statements of the store while a history runs and everything is read, and those that stand whole in the source.
async fn collected_statements(ctx: &TestContext) -> Vec<String> {
    static INIT_COLLECTOR: Once = Once::new();
    INIT_COLLECTOR.call_once(|| {
        let collector =
            StatementCollector.with_filter(Targets::new().with_target("sqlx::query", tracing::Level::DEBUG));
        tracing_subscriber::registry().with(collector).init();
    });
    let fixture = ctx.fixture().await;
    run_history(ctx, &fixture, 300).await;
    read(ctx, &fixture).await;
    let told = |sql: &&String| ["SELECT ", "UPDATE ", "DELETE ", "INSERT "].iter().any(|verb| sql.starts_with(verb));
    let ours = |sql: &&String| !sql.contains(STATEMENT_MARKER) && !sql.contains("_sqlx_") && !sql.ends_with('…');
    let run: Vec<_> = STATEMENTS.lock().unwrap().iter().filter(told).filter(ours).cloned().collect();
    run.into_iter().chain(statements_in_source().filter(|sql| !has_gaps(sql))).collect()
}

/// Runs a test in a process of its own. Otherwise the statements of parallel tests would be collected too.
fn run_in_own_process(test: &str, told: impl FnOnce()) {
    if std::env::var_os("IN_OWN_PROCESS").is_some() {
        return told();
    }
    let mut process = Command::new(std::env::current_exe().unwrap());
    let told = process.args(["--exact", test, "--nocapture"]).env("IN_OWN_PROCESS", "yes").output().unwrap();
    assert!(
        told.status.success(),
        "{}{}",
        String::from_utf8_lossy(&told.stdout),
        String::from_utf8_lossy(&told.stderr)
    );
}

#[test]
fn no_sqlite_statement_scans_a_growing_table() {
    run_in_own_process("query_plans::no_sqlite_statement_scans_a_growing_table", || {
        on_sqlite(sqlite_scans_no_growing_table);
    });
}

async fn sqlite_scans_no_growing_table(ctx: &TestContext) {
    let collected_statements = collected_statements(ctx).await;
    let DirectDb::Sqlite(pool) = &ctx.direct_db else { unreachable!() };
    let mut plans = BTreeMap::new();
    for sql in &collected_statements {
        // Statements for the other database have no plan here.
        let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
        let Ok(rows) = sqlx::query(explain).fetch_all(pool).await else { continue };
        plans.insert(sql, rows.iter().map(|row| row.get::<String, _>("detail")).collect::<Vec<_>>());
    }
    if std::env::var("SHOW_PLANS").is_ok() {
        println!("{plans:#?}");
    }
    assert!(plans.len() > 40, "{} statements", plans.len());
    plans.retain(|_, plan| {
        // What a subquery found is scanned too. Its own steps show how it found that.
        let is_subquery =
            |step: &str| step.strip_prefix("SCAN ").is_some_and(|name| plan.contains(&format!("CO-ROUTINE {name}")));
        plan.iter().any(|step| is_full_scan(step) && !is_subquery(step))
    });
    assert!(plans.is_empty(), "{plans:#?}");
}

/// Statements of these files read all rows of a business by design: they verify, move, delete or complete a business as a
/// whole, apart from any request for a page.
const WHOLE_BUSINESS: [&str; 7] = [
    "src/archive",
    "src/business_deletion.rs",
    "src/customer_identity.rs",
    "src/record/derived.rs",
    "src/record/queue.rs",
    "src/record/seal.rs",
    "src/record/verify.rs",
];

/// The statements in the source that select, update or delete rows.
fn statements_in_source() -> impl Iterator<Item = String> {
    let all = source::statements(Path::new("src")).into_iter();
    let wanted = all.filter(|(file, _)| !WHOLE_BUSINESS.iter().any(|begins| file.starts_with(begins)));
    wanted.map(|(_, sql)| sql).filter(|sql| ["SELECT ", "UPDATE ", "DELETE "].iter().any(|verb| sql.starts_with(verb)))
}

/// Whether a statement is put together from pieces when the program is compiled or runs.
fn has_gaps(sql: &str) -> bool {
    sql.contains(['…', '{'])
}

/// Statements that are the same as one before them but for one row.
const FOR_ONE_ROW: [&str; 2] = ["SELECT r.customer_id…AND r.id = $3", "SELECT c.id…AND c.id = $3"];

/// The plan of a statement that is put together from pieces is only checked if it runs in this test.
#[test]
fn every_statement_with_gaps_is_collected() {
    run_in_own_process("query_plans::every_statement_with_gaps_is_collected", || {
        on_sqlite(statements_with_gaps_are_collected);
    });
}

async fn statements_with_gaps_are_collected(ctx: &TestContext) {
    let collected = collected_statements(ctx).await;
    let is_collected = |sql: &str| {
        let without_names: String = sql
            .split('{')
            .map(|part| part.split_once('}').map_or(part, |(_, rest)| rest))
            .collect::<Vec<_>>()
            .join("…");
        collected.iter().any(|one| {
            let mut rest = one.as_str();
            without_names.split('…').all(|piece| rest.split_once(piece.trim()).map(|(_, after)| rest = after).is_some())
        })
    };
    let missing: Vec<_> = statements_in_source()
        .filter(|sql| has_gaps(sql) && !is_collected(sql) && !FOR_ONE_ROW.contains(&sql.as_str()))
        .collect();
    assert!(missing.is_empty(), "{} statements: {missing:#?}", missing.len());
}

/// The tables that grow with time.
const GROWING_TABLES: [&str; 11] = [
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

/// Whether a step of PostgreSQL's plan reads a whole such table, or all its rows of a business: a sequential scan, or
/// an index scan without another condition.
fn is_postgres_table_scan(step: &str, next: &str) -> bool {
    let grows = |name: &str| GROWING_TABLES.iter().any(|table| name.split('_').next() == table.split('_').next());
    let Some((how, of)) = step.split_once(" on ") else { return false };
    let on = of.split(' ').next().unwrap_or_default();
    if how.ends_with("Seq Scan") {
        return grows(on);
    }
    let index = how.split_once(" using ").map_or(on, |(_, index)| index);
    let few = ALLOWED_SCANS.iter().any(|few| few.ends_with(&format!(" {index}"))) || index == "record_heads_pkey";
    let all_of_a_business = next.trim().starts_with("Index Cond: (business_id = ") && !next.contains(" AND ");
    how.contains("Index") && grows(index) && all_of_a_business && !few
}

/// With row-level security PostgreSQL cannot use an index for a condition that might leak hidden rows. Whether there is
/// another plan than a scan shows when scans are made expensive.
#[test]
fn row_level_security_causes_no_scan_of_a_growing_table() {
    run_in_own_process("query_plans::row_level_security_causes_no_scan_of_a_growing_table", || {
        on_postgres(postgres_scans_no_growing_table);
    });
}

async fn postgres_scans_no_growing_table(ctx: &TestContext) {
    let collected_statements = collected_statements(ctx).await;
    ctx.direct_db.run_alone("ANALYZE").await;
    let business = ctx.direct_db.texts("SELECT id::text FROM businesses").await.remove(0);
    let pool = PgPool::connect(&ctx.url).await.unwrap();
    let mut plans = BTreeMap::new();
    for sql in &collected_statements {
        let mut tx = pool.begin().await.unwrap();
        let bound = (1..=2000).rev().find(|number| sql.contains(&format!("${number}"))).unwrap_or(0);
        let nothing = if bound == 0 { String::new() } else { format!("({})", vec!["NULL"; bound].join(", ")) };
        let prepare = format!(
            "SET LOCAL trialmark.business = '{business}'; SET LOCAL plan_cache_mode = force_generic_plan; \
             SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; \
             SET LOCAL cpu_index_tuple_cost = 1; \
             DEALLOCATE ALL; PREPARE asked AS {sql}"
        );
        // Statements for the other database have no plan here.
        let Ok(_) = sqlx::raw_sql(AssertSqlSafe(prepare)).execute(&mut *tx).await else { continue };
        let explain = AssertSqlSafe(format!("EXPLAIN EXECUTE asked{nothing}"));
        let rows = sqlx::raw_sql(explain).fetch_all(&mut *tx).await.unwrap();
        plans.insert(sql, rows.iter().map(|row| row.get::<String, _>(0)).collect::<Vec<_>>());
    }
    assert!(plans.len() > 100, "{} statements", plans.len());
    for (sql, plan) in &plans {
        let through = plan.windows(2).any(|steps| is_postgres_table_scan(&steps[0], &steps[1]));
        assert!(!through, "{sql}: {plan:#?}");
    }
}
