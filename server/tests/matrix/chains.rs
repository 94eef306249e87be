//! Doors in a row: whoever walks through two or three that change what they hold is let in afterwards as who they now
//! rightly are, and nowhere else.

mod holds;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use domain::actor::{Actor, Reach, Role, Who};
use domain::device::Device;
use domain::ids::{DeviceId, PersonId};
use domain::invite::Invite;
use domain::person::{Email, NewcomerDraft};
use domain::text::Line;
use http_body_util::BodyExt;
use store::Origin;

use self::holds::{Holds, Name, Part, STARTS, Standing, Start, WALKS, Walk};
use crate::jar::{DEVICE, HALF_WAY, Jar, SESSION, name};
use crate::people::hash;
use crate::*;

/// Somebody who takes part, as they are known here.
struct Person {
    id: PersonId,
    email: String,
}

/// One row of doors, walked by one browser.
struct Row<'h> {
    house: &'h House,
    number: usize,
    jar: Jar,
    token: Option<String>,
    holds: Holds,
    cast: BTreeMap<Name, Person>,
    device: Option<(DeviceId, PersonId)>,
    recovery_code: Option<String>,
    walked: String,
}

impl<'h> Row<'h> {
    async fn begin(house: &'h House, number: usize, start: Start) -> Row<'h> {
        let (jar, holds) = (Jar::default(), Holds::begun(start));
        let mut row = Row {
            house,
            number,
            jar,
            token: None,
            holds,
            cast: BTreeMap::new(),
            device: None,
            recovery_code: None,
            walked: format!("{start:?}"),
        };
        row.rest().await;
        let store = &house.installation.store;
        match start {
            Start::Nobody => {}
            Start::Device => row.registered().await,
            Start::Turn(_) => row.stands().await,
            Start::HalfWay => {
                let tess = row.person(Name::Tess).await;
                let begun = store.begin_sign_in(tess).await.unwrap();
                row.keep(HALF_WAY, &begun.token);
            }
            Start::Incomplete | Start::Member(_) | Start::Bound(_) | Start::AnothersOwner => row.signed_in().await,
            Start::Token => row.token = Some(crate::people::token(store, &house.people.own, Role::Owner).await),
            Start::Dismissed | Start::DismissedAtDevice => {
                let was = Standing { role: Part::Manager, bound: false };
                row.holds.standings.insert((Name::Caller, true), was);
                if start == Start::Dismissed {
                    row.signed_in().await;
                } else {
                    row.stands().await;
                }
                let caller = row.person(Name::Caller).await;
                store.dismiss(&house.people.own, caller).await.unwrap().unwrap();
                row.holds.standings.remove(&(Name::Caller, true));
            }
        }
        row
    }

    /// Those of the rows before are gone, and so is what they had: pages stay as short as they were.
    async fn rest(&self) {
        let core = self.house.people.core();
        let ids = core.iter().map(|id| format!("X'{}'", id.0.simple())).collect::<Vec<_>>().join(", ");
        let sql = format!(
            "BEGIN IMMEDIATE; UPDATE members SET removed_at = created_at WHERE person_id NOT IN ({ids}); \
             DELETE FROM sessions WHERE person_id NOT IN ({ids}); DELETE FROM pin_tries; DELETE FROM sign_ins; \
             UPDATE devices SET revoked_at = made_at WHERE name = 'In a row'; COMMIT"
        );
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&self.house.installation.rows).await.unwrap();
    }

    fn keep(&mut self, stem: &str, value: &str) {
        self.jar.keep(&name(stem, self.house.installation.store.installation()), value);
    }

    /// Somebody who takes part; they are made when they are needed, with what they may do.
    async fn person(&mut self, whose: Name) -> PersonId {
        if let Some(person) = self.cast.get(&whose) {
            return person.id;
        }
        let (people, store) = (&self.house.people, &self.house.installation.store);
        let email = format!("{whose:?}{}@row.example", self.number).to_lowercase();
        let own = self.holds.standing(whose, true);
        let standing =
            own.or(self.holds.standing(whose, false)).unwrap_or(Standing { role: Part::Staff, bound: false });
        let by = if own.is_some() || self.holds.standing(whose, false).is_none() { &people.own } else { &people.other };
        let draft = NewcomerDraft {
            name: format!("{whose:?} {}", self.number),
            email: email.clone(),
            password: "a long enough secret".to_owned(),
            role: standing.role.role().name().to_owned(),
        };
        let reach = if standing.bound { Reach::of([people.site]) } else { Reach::Everywhere };
        let newcomer = domain::person::Newcomer { reach, ..draft.parse().unwrap() };
        let id = store.add_person(by, &newcomer, &hash()).await.unwrap();
        let actor = Actor { who: Who::Person(id), ..by.clone() };
        match whose {
            Name::Tess => {
                store.offer_authenticator(id).await.unwrap();
                let codes = store.confirm_authenticator(&actor, id, 1).await.unwrap().unwrap();
                self.recovery_code = codes.first().map(ToString::to_string);
            }
            Name::Sam => store.set_pin(&actor, id, &hash()).await.unwrap(),
            Name::Caller | Name::New => {}
        }
        self.cast.insert(whose, Person { id, email });
        id
    }

    async fn signed_in(&mut self) {
        let caller = self.person(Name::Caller).await;
        let session = self.house.installation.store.begin_session(caller, &Origin::default()).await.unwrap().unwrap();
        self.keep(SESSION, &session.token);
    }

    /// The link of a device at the other site, made by an owner of its own.
    async fn device_link(&mut self) -> String {
        let (people, store) = (&self.house.people, &self.house.installation.store);
        let draft = NewcomerDraft {
            name: format!("Una {}", self.number),
            email: format!("una{}-{}@row.example", self.number, store.source().id()),
            password: "a long enough secret".to_owned(),
            role: "owner".to_owned(),
        };
        let una = store.add_person(&people.own, &draft.parse().unwrap(), &hash()).await.unwrap();
        let by = Actor { who: Who::Person(una), ..people.own.clone() };
        let device = Device { name: Line::parse("In a row").unwrap(), site: people.site };
        let made = store.add_device(&by, &device).await.unwrap();
        self.device = Some((made.id, una));
        made.token
    }

    async fn registered(&mut self) {
        let link = self.device_link().await;
        let store = &self.house.installation.store;
        let device = store.register_device(&link, &Origin::default()).await.unwrap().unwrap();
        self.keep(DEVICE, &device);
    }

    async fn stands(&mut self) {
        self.registered().await;
        let caller = self.person(Name::Caller).await;
        let store = &self.house.installation.store;
        let device = self.jar.value(&name(DEVICE, store.installation())).unwrap();
        let at = store.at_device(&device).await.unwrap().unwrap();
        let turn = store.begin_turn(&at, caller, &Origin::default()).await.unwrap();
        self.keep(SESSION, &turn.token);
    }

    /// Walks through one more door, or lets happen what somebody else does; what is rightly held then follows from it.
    async fn walk(&mut self, walk: Walk) {
        let (people, store) = (&self.house.people, &self.house.installation.store);
        let other = people.other.clone();
        self.house.installation.pass(chrono::TimeDelta::milliseconds(1));
        match walk {
            Walk::Join | Walk::JoinAsSomeoneNew => {
                let name = Line::parse("Somebody").unwrap();
                let invite = Invite { name, role: Role::Staff, reach: Reach::Everywhere };
                let link = store.invite(&other, &invite).await.unwrap().token;
                let entrant = format!("name=New&email=new{}@row.example&password=a+long+enough+secret", self.number);
                let body = if walk == Walk::Join { String::new() } else { entrant };
                self.post(&format!("/join/{link}"), body).await;
            }
            Walk::SwitchHome => self.post(&format!("/businesses/{}/switch", people.own.business), String::new()).await,
            Walk::SwitchAway => self.post(&format!("/businesses/{}/switch", other.business), String::new()).await,
            Walk::SignIn | Walk::SignInHalfWay => {
                let whose = if walk == Walk::SignIn { Name::Sam } else { Name::Tess };
                self.person(whose).await;
                let body = format!("email={}&password=a+long+enough+secret", self.cast[&whose].email);
                self.post("/sign-in", body).await;
            }
            Walk::SecondStep => {
                self.person(Name::Tess).await;
                let code = self.recovery_code.clone().unwrap();
                self.post("/sign-in/second", format!("code={code}")).await;
            }
            Walk::WrongSecondStep => {
                self.post("/sign-in/second", "code=aaaa-bbbb-cccc-dddd-eeee-ffff".to_owned()).await;
            }
            Walk::Pin | Walk::WrongPin => {
                let sam = self.person(Name::Sam).await;
                let pin = if walk == Walk::Pin { "a+long+enough+secret" } else { "274915" };
                self.post(&format!("/device/{sam}"), format!("pin={pin}")).await;
            }
            Walk::Register => {
                let link = self.device_link().await;
                self.post(&format!("/register/{link}"), String::new()).await;
            }
            Walk::SignOut => self.post("/sign-out", String::new()).await,
            Walk::EndOwnSession => {
                let token = self.jar.value(&name(SESSION, store.installation()));
                let known = store.recognize(&token.unwrap_or_default()).await.unwrap();
                let id = known.map_or(uuid::Uuid::nil(), |known| known.visitor().session.0);
                self.post(&format!("/account/sessions/{id}/end"), String::new()).await;
            }
            Walk::Leave => self.post("/people/leave", String::new()).await,
            Walk::Reset => {
                self.person(Name::Caller).await;
                let email = Email::parse(&self.cast[&Name::Caller].email).unwrap();
                let link = store.reset_link(&email).await.unwrap().unwrap().token;
                self.post(&format!("/reset/{link}"), "password=seven+other+quiet+apples".to_owned()).await;
            }
            Walk::Dismissed | Walk::Demoted => {
                if let Some(session) = self.holds.session {
                    let person = self.whose(session.whose).await;
                    let by = if session.at_home { &people.own } else { &other };
                    if walk == Walk::Dismissed {
                        store.dismiss(by, person).await.unwrap().unwrap();
                    } else {
                        // Who is an auditor already stays one.
                        let _ = store.appoint(by, person, Role::Auditor).await;
                    }
                }
            }
            Walk::DeviceRevoked => {
                if let Some((device, _)) = self.device.filter(|_| self.holds.device) {
                    store.revoke_device(&people.own, device).await.unwrap().unwrap();
                }
            }
            Walk::DeviceOrphaned => {
                if let Some((_, una)) = self.device.filter(|_| self.holds.device) {
                    store.dismiss(&people.own, una).await.unwrap().unwrap();
                }
            }
        }
        self.holds = self.holds.after(walk);
        self.walked = format!("{} → {walk:?}", self.walked);
    }

    async fn whose(&mut self, whose: Name) -> PersonId {
        if whose != Name::New {
            return self.person(whose).await;
        }
        let email = Email::parse(&format!("new{}@row.example", self.number)).unwrap();
        let (id, _) = self.house.installation.store.credentials(&email).await.unwrap().remove(0);
        id
    }

    async fn post(&mut self, path: &str, body: String) {
        let request = self.request("POST", path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let answer = self.house.router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        assert!(!answer.status().is_server_error(), "{} {path}: {}", self.walked, answer.status());
        self.jar.take(answer.headers());
    }

    fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        let request = Request::builder().method(method).uri(path).header(header::HOST, "trialmark.example");
        let request = request.header(header::COOKIE, self.jar.header());
        match &self.token {
            Some(token) => request.header(header::AUTHORIZATION, format!("Bearer {token}")),
            None => request,
        }
    }

    /// Tries a door with everything that the browser holds, as long as nothing happens there by that. What was met instead of
    /// what should be.
    async fn tries(&self, door: &Door, whose: Whose) -> Option<Option<String>> {
        let expected = self.holds.expected(door, whose, self.house.installation.store.installation());
        if door.method != Method::GET && expected.contains(&Met::In) {
            return None;
        }
        let path = fill(&door.path, whose, &self.house.own, &self.house.foreign);
        let (kind, body) = things::body(&door.path, &path);
        let request = self.request(door.method.as_str(), &path).header(header::CONTENT_TYPE, kind);
        let answer = self.house.router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let (answer, body) = answer.into_parts();
        body.collect().await.unwrap();
        let met = match Met::of(answer.status, answer.headers.get(header::LOCATION)) {
            // What is one's own leads there by itself.
            Met::SetUp if matches!(door.rule, Rule::Oneself | Rule::Anyone) => Met::In,
            met => met,
        };
        let surprise = || format!("{}: {} {path}: {met:?}, not {expected:?}", self.walked, door.method);
        Some((!expected.contains(&met)).then(surprise))
    }
}

/// Doors that tell apart whom a browser is let in as.
const TELLING: [&str; 8] = [
    "/today",
    "/people",
    "/people/{person}/made",
    "/settings",
    "/account",
    "/guarantees/{id}",
    "/device",
    "/sign-in/second",
];

#[tokio::test]
async fn no_row_of_doors_leads_further_than_what_was_shown() {
    let house = House::new().await;
    let began = std::time::Instant::now();
    let telling: Vec<_> =
        house.doors.iter().filter(|door| door.method == Method::GET && TELLING.contains(&door.path.as_str())).collect();
    assert_eq!(telling.len(), TELLING.len());
    let (mut cells, mut rows, mut surprises) = (0, 0, Vec::new());
    let (mut seen, mut next) = (BTreeSet::new(), VecDeque::new());
    next.extend(STARTS.map(|start| (start, Vec::new())));
    while let Some((start, walks)) = next.pop_front() {
        rows += 1;
        let mut row = Row::begin(&house, rows, start).await;
        for walk in &walks {
            row.walk(*walk).await;
        }
        // Every door is tried by whoever stands there for the first time, and those that tell by everyone.
        let is_new = seen.insert(row.holds.view());
        let doors = if is_new { house.doors.iter().collect() } else { telling.clone() };
        let before = if is_new { house.installation.counted().await } else { Vec::new() };
        for door in doors {
            for whose in Whose::of(door).into_iter().filter(|whose| *whose != Whose::Nobodys) {
                if let Some(met) = row.tries(door, whose).await {
                    cells += 1;
                    surprises.extend(met);
                }
            }
        }
        if is_new && house.installation.counted().await != before {
            surprises.push(format!("{}: something was changed by doors that refuse, or only show", row.walked));
        }
        // Whoever stands as another did goes on as that one.
        if is_new && (walks.len() < 2 || (walks.len() == 2 && seen.len() % THIRD == 0)) {
            for (number, walk) in WALKS.into_iter().enumerate() {
                // What changes nothing is tried by all who begin, and by some of those who have gone on.
                let changes = row.holds.after(walk) != row.holds;
                if changes || walks.is_empty() || (number + rows) % 3 == 0 {
                    next.push_back((start, walks.iter().copied().chain([walk]).collect()));
                }
            }
        }
    }
    println!(
        "{rows} rows of doors, {} ways to stand, {cells} cells, {} surprises in {:?}",
        seen.len(),
        surprises.len(),
        began.elapsed()
    );
    assert!(surprises.is_empty(), "{}", surprises.join("\n"));
    assert!(rows > 500 && cells > 10_000, "{rows} rows, {cells} cells");
}

/// Of the ways to stand that only two doors in a row lead to, every so manieth goes through a third.
const THIRD: usize = 4;
