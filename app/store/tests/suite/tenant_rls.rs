//! Row-level security on PostgreSQL alone: what it hides when a statement does not name a business.

use domain::actor::Principal;
use domain::device::Device;
use domain::ids::BusinessId;
use domain::invite::Invite;
use domain::role::Role;
use domain::site_access::SiteAccess;
use sqlx::postgres::PgQueryResult;
use sqlx::{AssertSqlSafe, PgPool, Postgres, Transaction};
use store::ClientInfo;

use crate::fixture::{Fixture, kept, line, token};
use crate::harness::{TestContext, on_postgres, on_sqlite, with_rls_bypassed};
use crate::tenant_isolation::secrets;

/// The lookups that are allowed without a business, by table.
const ALLOWED_LOOKUPS: [(&str, &str); 11] = [
    ("devices", "SELECT"),
    ("follow_ups", "SELECT"),
    ("invites", "SELECT"),
    ("members", "SELECT"),
    ("old_codes", "SELECT"),
    ("places", "SELECT"),
    ("reaches", "SELECT"),
    ("required_factors", "SELECT"),
    ("sessions", "DELETE"),
    ("sessions", "SELECT"),
    ("tokens", "SELECT"),
];

/// The tables with rows of businesses.
async fn tenant_tables(ctx: &TestContext) -> Vec<String> {
    let sql = "SELECT table_name::text FROM information_schema.columns WHERE table_schema = 'public' \
        AND column_name = 'business_id' ORDER BY 1";
    let tables = ctx.direct_db.texts(sql).await;
    assert!(tables.len() >= 23, "{tables:?}");
    tables
}

/// Puts a row in every table.
async fn fill_every_table(ctx: &TestContext, fixture: &Fixture) {
    let (store, owner) = (&ctx.store, &fixture.owner);
    let secrets = secrets(ctx, fixture).await;
    let answer = crate::obstacles::answer("planned", "Soon.");
    store.answer_obstacle(owner, secrets.obstacle, &answer).await.unwrap().unwrap();
    crate::second_looks::asked(ctx, fixture).await;
    fixture.correct(ctx, secrets.check, &kept()).await.unwrap().unwrap();
    fixture.schedule_every(ctx, 60).await;
    fixture.announce_closure(ctx).await;
    fixture.require_photos(ctx).await;
    store
        .create_invite(
            owner,
            &Invite { name: line("Kim"), role: Role::Staff, site_access: SiteAccess::sites([fixture.site]) },
        )
        .await
        .unwrap();
    store.create_token(owner, &token(Role::Staff)).await.unwrap();
    store.require_factors(owner, &[Role::Auditor]).await.unwrap();
    let Principal::Person(person) = fixture.staff.principal else { unreachable!() };
    store.set_pin(&fixture.staff, person, "hash").await.unwrap();
    let made = store.add_device(owner, &Device { name: line("Tablet"), site: fixture.site }).await.unwrap();
    let device = store.register_device(&made.token, &ClientInfo::default()).await.unwrap().unwrap();
    let device = store.device_by_token(&device).await.unwrap().unwrap();
    store.begin_pin_session(&device, person, &ClientInfo::default()).await.unwrap();
    store.count_pin_attempt(&device, person).await.unwrap().unwrap().unwrap();
}

/// The number of rows of a business in a table, which must not be zero.
async fn rows_of(ctx: &TestContext, table: &str, business: BusinessId) -> u64 {
    let sql = format!("SELECT COUNT(*) FROM {table} WHERE business_id = '{business}'");
    let rows = u64::try_from(ctx.direct_db.number(&sql).await).unwrap();
    assert!(rows > 0, "nothing is in {table}: `fill_every_table` must put something there");
    rows
}

/// A transaction as the store begins it, which is rolled back.
struct Scoped(PgPool, Option<BusinessId>);

impl Scoped {
    async fn begin_scoped(&self) -> Transaction<'static, Postgres> {
        let mut tx = self.0.begin().await.unwrap();
        let business = self.1.map(|id| id.to_string()).unwrap_or_default();
        let sql = AssertSqlSafe(format!("SET LOCAL trialmark.business = '{business}'"));
        sqlx::query(sql).execute(&mut *tx).await.unwrap();
        tx
    }

    async fn count_visible(&self, table: &str) -> u64 {
        let sql = AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"));
        let count: i64 = sqlx::query_scalar(sql).fetch_one(&mut *self.begin_scoped().await).await.unwrap();
        u64::try_from(count).unwrap()
    }

    async fn count_changed(&self, sql: &str) -> u64 {
        let sql = AssertSqlSafe(sql.to_owned());
        sqlx::query(sql)
            .execute(&mut *self.begin_scoped().await)
            .await
            .map(|done| PgQueryResult::rows_affected(&done))
            .unwrap()
    }

    /// Whether row-level security refuses the statement.
    async fn assert_refused_by_rls(&self, sql: &str) {
        let done = sqlx::query(AssertSqlSafe(sql.to_owned())).execute(&mut *self.begin_scoped().await).await;
        let refused = done.as_ref().err().and_then(sqlx::Error::as_database_error);
        let by_rls = refused.is_some_and(|error| error.message().contains("row-level security policy"));
        assert!(by_rls, "{sql}: {done:?}");
    }
}

/// Copies a visible row under the id of a business.
fn copy_row_sql(table: &str, business: BusinessId) -> String {
    let row = format!("jsonb_populate_record(t, jsonb_build_object('business_id', '{business}'))");
    format!("INSERT INTO {table} SELECT ({row}).* FROM {table} t LIMIT 1")
}

#[test]
fn every_tenant_table_has_row_level_security() {
    on_postgres(async |ctx: &TestContext| {
        let sql = "SELECT c.relname::text FROM pg_class c WHERE c.relrowsecurity AND c.relforcerowsecurity \
            AND EXISTS (SELECT 1 FROM pg_policies p WHERE p.tablename = c.relname AND p.policyname = 'own' \
                AND p.cmd = 'ALL' AND p.qual = '(business_id = this_business())' AND p.with_check = p.qual) \
            AND c.relname <> 'businesses' ORDER BY 1";
        assert_eq!(ctx.direct_db.texts(sql).await, tenant_tables(ctx).await, "a migration ends with raise_walls()");

        let sql = "SELECT tablename || ' ' || cmd FROM pg_policies \
            WHERE policyname <> 'own' AND tablename <> 'businesses' AND qual = '(this_business() IS NULL)' \
            AND with_check IS NULL ORDER BY 1";
        let open = ALLOWED_LOOKUPS.map(|(table, verb)| format!("{table} {verb}"));
        assert_eq!(ctx.direct_db.texts(sql).await, open);
        let all = ctx.direct_db.number("SELECT COUNT(*) FROM pg_policies").await;
        assert_eq!(usize::try_from(all).unwrap(), tenant_tables(ctx).await.len() + ALLOWED_LOOKUPS.len() + 2);
    });
}

#[test]
fn rls_hides_and_protects_rows_of_other_businesses() {
    on_postgres(async |ctx: &TestContext| {
        let (fixture, other) = (ctx.fixture().await, ctx.other_fixture().await);
        fill_every_table(ctx, &fixture).await;
        fill_every_table(ctx, &other).await;
        let before = ctx.direct_db.everything().await;
        let inside = Scoped(PgPool::connect(&ctx.url).await.unwrap(), Some(fixture.business()));
        let theirs = other.business();
        for table in tenant_tables(ctx).await {
            let own = rows_of(ctx, &table, fixture.business()).await;
            rows_of(ctx, &table, theirs).await;
            assert_eq!(inside.count_visible(&table).await, own, "{table}");
            let touched = format!("UPDATE {table} SET business_id = business_id");
            assert_eq!(inside.count_changed(&touched).await, own, "{touched}");
            let taken = format!("DELETE FROM {table} WHERE business_id = '{theirs}'");
            assert_eq!(inside.count_changed(&taken).await, 0, "{taken}");
            inside.assert_refused_by_rls(&format!("UPDATE {table} SET business_id = '{theirs}'")).await;
            inside.assert_refused_by_rls(&copy_row_sql(&table, theirs)).await;
        }
        let name = "UPDATE businesses SET name = 'Ours'";
        assert_eq!(
            (inside.count_visible("businesses").await, inside.count_changed(name).await),
            (2, 1),
            "names are public"
        );
        assert_eq!(inside.count_changed(&format!("DELETE FROM businesses WHERE id = '{theirs}'")).await, 0);
        inside.assert_refused_by_rls(&format!("UPDATE businesses SET id = '{theirs}'")).await;
        assert_eq!(ctx.direct_db.everything().await, before);
    });
}

#[test]
fn without_a_business_rls_allows_only_lookups() {
    on_postgres(async |ctx: &TestContext| {
        let fixture = ctx.fixture().await;
        fill_every_table(ctx, &fixture).await;
        let before = ctx.direct_db.everything().await;
        let pool = PgPool::connect(&ctx.url).await.unwrap();
        let fresh: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM checks").fetch_one(&pool).await.unwrap();
        assert_eq!(fresh, 0, "a connection that says nothing sees nothing");
        let across = Scoped(pool, None);
        for table in tenant_tables(ctx).await {
            let all = rows_of(ctx, &table, fixture.business()).await;
            let open = |verb: &str| ALLOWED_LOOKUPS.contains(&(table.as_str(), verb));
            assert_eq!(across.count_visible(&table).await, if open("SELECT") { all } else { 0 }, "{table}");
            assert_eq!(
                across.count_changed(&format!("UPDATE {table} SET business_id = business_id")).await,
                0,
                "{table}"
            );
            let deleted = across.count_changed(&format!("DELETE FROM {table}")).await;
            assert_eq!(deleted, if open("DELETE") { all } else { 0 }, "{table}");
            if open("SELECT") {
                across.assert_refused_by_rls(&copy_row_sql(&table, fixture.business())).await;
            }
        }
        assert_eq!(across.count_changed("UPDATE businesses SET name = 'Nobody''s'").await, 0);
        assert_eq!(ctx.direct_db.everything().await, before);
    });
}

#[test]
fn a_role_that_bypasses_rls_is_detected() {
    on_postgres(async |ctx: &TestContext| assert!(!ctx.store.bypasses_rls().await.unwrap()));
    with_rls_bypassed(async |ctx: &TestContext| assert!(ctx.store.bypasses_rls().await.unwrap()));
    on_sqlite(async |ctx: &TestContext| assert!(!ctx.store.bypasses_rls().await.unwrap()));
}
