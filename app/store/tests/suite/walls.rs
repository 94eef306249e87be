//! PostgreSQL's wall between businesses, alone: what it holds back when a statement forgets whose rows it asks for.

use domain::actor::{Reach, Role, Who};
use domain::device::Device;
use domain::ids::BusinessId;
use domain::invite::Invite;
use sqlx::postgres::PgQueryResult;
use sqlx::{AssertSqlSafe, PgPool, Postgres, Transaction};
use store::Origin;

use crate::shop::{Shop, kept, line, token};
use crate::strangers::secrets;
use crate::world::{World, above_the_wall, on_postgres, on_sqlite};

/// What may be done before it is known whose something is: with which table, and what.
const OPEN: [(&str, &str); 10] = [
    ("devices", "SELECT"),
    ("follow_ups", "SELECT"),
    ("invites", "SELECT"),
    ("members", "SELECT"),
    ("old_codes", "SELECT"),
    ("places", "SELECT"),
    ("required_factors", "SELECT"),
    ("sessions", "DELETE"),
    ("sessions", "SELECT"),
    ("tokens", "SELECT"),
];

/// The tables that have rows of businesses.
async fn tenant_tables(world: &World) -> Vec<String> {
    let sql = "SELECT table_name::text FROM information_schema.columns WHERE table_schema = 'public' \
        AND column_name = 'business_id' ORDER BY 1";
    let tables = world.raw.texts(sql).await;
    assert!(tables.len() >= 23, "{tables:?}");
    tables
}

/// Something in every table.
async fn lived_in(world: &World, shop: &Shop) {
    let (store, owner) = (&world.store, &shop.owner);
    let secrets = secrets(world, shop).await;
    let answer = crate::obstacles::answer("planned", "Soon.");
    store.answer_obstacle(owner, secrets.obstacle, &answer).await.unwrap().unwrap();
    crate::second_looks::asked(world, shop).await;
    shop.correct(world, secrets.check, &kept()).await.unwrap().unwrap();
    shop.every(world, 60).await;
    shop.closes(world).await;
    shop.pictures(world).await;
    store.invite(owner, &Invite { name: line("Kim"), role: Role::Staff, reach: Reach::of([shop.site]) }).await.unwrap();
    store.create_token(owner, &token(Role::Staff)).await.unwrap();
    store.require_factors(owner, &[Role::Auditor]).await.unwrap();
    let Who::Person(person) = shop.staff.who else { unreachable!() };
    store.set_pin(&shop.staff, person, "hash").await.unwrap();
    let made = store.add_device(owner, &Device { name: line("Tablet"), site: shop.site }).await.unwrap();
    let device = store.register_device(&made.token, &Origin::default()).await.unwrap().unwrap();
    let device = store.at_device(&device).await.unwrap().unwrap();
    store.begin_turn(&device, person, &Origin::default()).await.unwrap();
    store.try_pin(&device, person).await.unwrap().unwrap().unwrap();
}

/// How many rows a business has in a table. A fact about nothing would prove nothing.
async fn rows_of(world: &World, table: &str, business: BusinessId) -> u64 {
    let sql = format!("SELECT COUNT(*) FROM {table} WHERE business_id = '{business}'");
    let rows = u64::try_from(world.raw.number(&sql).await).unwrap();
    assert!(rows > 0, "nothing is in {table}: `lived_in` must put something there");
    rows
}

/// A transaction as the store begins it, for one statement that is undone again.
struct Scoped(PgPool, Option<BusinessId>);

impl Scoped {
    async fn begun(&self) -> Transaction<'static, Postgres> {
        let mut tx = self.0.begin().await.unwrap();
        let business = self.1.map(|id| id.to_string()).unwrap_or_default();
        let sql = AssertSqlSafe(format!("SET LOCAL trialmark.business = '{business}'"));
        sqlx::query(sql).execute(&mut *tx).await.unwrap();
        tx
    }

    async fn seen(&self, table: &str) -> u64 {
        let sql = AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"));
        let count: i64 = sqlx::query_scalar(sql).fetch_one(&mut *self.begun().await).await.unwrap();
        u64::try_from(count).unwrap()
    }

    async fn changed(&self, sql: &str) -> u64 {
        let sql = AssertSqlSafe(sql.to_owned());
        sqlx::query(sql)
            .execute(&mut *self.begun().await)
            .await
            .map(|done| PgQueryResult::rows_affected(&done))
            .unwrap()
    }

    /// Whether it is the wall that refuses it.
    async fn held_back(&self, sql: &str) {
        let done = sqlx::query(AssertSqlSafe(sql.to_owned())).execute(&mut *self.begun().await).await;
        let refused = done.as_ref().err().and_then(sqlx::Error::as_database_error);
        let by_the_wall = refused.is_some_and(|error| error.message().contains("row-level security policy"));
        assert!(by_the_wall, "{sql}: {done:?}");
    }
}

/// A row with everything of some row that can be seen, under the name of a business.
fn copied(table: &str, business: BusinessId) -> String {
    let row = format!("jsonb_populate_record(t, jsonb_build_object('business_id', '{business}'))");
    format!("INSERT INTO {table} SELECT ({row}).* FROM {table} t LIMIT 1")
}

#[test]
fn every_table_with_rows_of_businesses_has_a_wall() {
    on_postgres(async |world: &World| {
        let sql = "SELECT c.relname::text FROM pg_class c WHERE c.relrowsecurity AND c.relforcerowsecurity \
            AND EXISTS (SELECT 1 FROM pg_policies p WHERE p.tablename = c.relname AND p.policyname = 'own' \
                AND p.cmd = 'ALL' AND p.qual = '(business_id = this_business())' AND p.with_check = p.qual) \
            AND c.relname <> 'businesses' ORDER BY 1";
        assert_eq!(world.raw.texts(sql).await, tenant_tables(world).await, "a migration ends with raise_walls()");

        let sql = "SELECT tablename || ' ' || cmd FROM pg_policies \
            WHERE policyname <> 'own' AND tablename <> 'businesses' AND qual = '(this_business() IS NULL)' \
            AND with_check IS NULL ORDER BY 1";
        let open = OPEN.map(|(table, verb)| format!("{table} {verb}"));
        assert_eq!(world.raw.texts(sql).await, open);
        let all = world.raw.number("SELECT COUNT(*) FROM pg_policies").await;
        assert_eq!(usize::try_from(all).unwrap(), tenant_tables(world).await.len() + OPEN.len() + 2);
    });
}

#[test]
fn nothing_of_another_business_is_read_or_written() {
    on_postgres(async |world: &World| {
        let (shop, other) = (world.shop().await, world.other_shop().await);
        lived_in(world, &shop).await;
        lived_in(world, &other).await;
        let before = world.raw.everything().await;
        let inside = Scoped(PgPool::connect(&world.url).await.unwrap(), Some(shop.business()));
        let theirs = other.business();
        for table in tenant_tables(world).await {
            let own = rows_of(world, &table, shop.business()).await;
            rows_of(world, &table, theirs).await;
            assert_eq!(inside.seen(&table).await, own, "{table}");
            let touched = format!("UPDATE {table} SET business_id = business_id");
            assert_eq!(inside.changed(&touched).await, own, "{touched}");
            let taken = format!("DELETE FROM {table} WHERE business_id = '{theirs}'");
            assert_eq!(inside.changed(&taken).await, 0, "{taken}");
            inside.held_back(&format!("UPDATE {table} SET business_id = '{theirs}'")).await;
            inside.held_back(&copied(&table, theirs)).await;
        }
        let name = "UPDATE businesses SET name = 'Ours'";
        assert_eq!((inside.seen("businesses").await, inside.changed(name).await), (2, 1), "names are public");
        assert_eq!(inside.changed(&format!("DELETE FROM businesses WHERE id = '{theirs}'")).await, 0);
        inside.held_back(&format!("UPDATE businesses SET id = '{theirs}'")).await;
        assert_eq!(world.raw.everything().await, before);
    });
}

#[test]
fn before_it_is_known_whose_something_is_it_is_looked_up_and_no_more() {
    on_postgres(async |world: &World| {
        let shop = world.shop().await;
        lived_in(world, &shop).await;
        let before = world.raw.everything().await;
        let pool = PgPool::connect(&world.url).await.unwrap();
        let fresh: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM checks").fetch_one(&pool).await.unwrap();
        assert_eq!(fresh, 0, "a connection that says nothing sees nothing");
        let across = Scoped(pool, None);
        for table in tenant_tables(world).await {
            let all = rows_of(world, &table, shop.business()).await;
            let open = |verb: &str| OPEN.contains(&(table.as_str(), verb));
            assert_eq!(across.seen(&table).await, if open("SELECT") { all } else { 0 }, "{table}");
            assert_eq!(across.changed(&format!("UPDATE {table} SET business_id = business_id")).await, 0, "{table}");
            let deleted = across.changed(&format!("DELETE FROM {table}")).await;
            assert_eq!(deleted, if open("DELETE") { all } else { 0 }, "{table}");
            if open("SELECT") {
                across.held_back(&copied(&table, shop.business())).await;
            }
        }
        assert_eq!(across.changed("UPDATE businesses SET name = 'Nobody''s'").await, 0);
        assert_eq!(world.raw.everything().await, before);
    });
}

#[test]
fn a_role_above_the_wall_is_known() {
    on_postgres(async |world: &World| assert!(!world.store.sees_over_walls().await.unwrap()));
    above_the_wall(async |world: &World| assert!(world.store.sees_over_walls().await.unwrap()));
    on_sqlite(async |world: &World| assert!(!world.store.sees_over_walls().await.unwrap()));
}
