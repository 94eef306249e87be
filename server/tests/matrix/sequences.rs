//! Sequences of two or three requests that change credentials or memberships. After each sequence the doors must answer as the
//! model says.

mod model;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use domain::actor::{Actor, Principal};
use domain::device::Device;
use domain::ids::{DeviceId, PersonId};
use domain::invite::Invite;
use domain::person::{Email, NewMemberDraft};
use domain::role::Role;
use domain::site_access::SiteAccess;
use domain::text::Line;
use http_body_util::BodyExt;
use store::ClientInfo;

use self::model::{Membership, Model, Persona, RoleOrd, STARTS, STEPS, Start, Step};
use crate::callers::hash;
use crate::cookie_jar::{CookieJar, DEVICE, PENDING_SIGN_IN, SESSION, cookie_name};
use crate::*;

/// The account of a persona.
struct Account {
    id: PersonId,
    email: String,
}

/// One sequence, performed by one browser.
struct Sequence<'h> {
    setup: &'h Setup,
    number: usize,
    cookie_jar: CookieJar,
    token: Option<String>,
    model: Model,
    accounts: BTreeMap<Persona, Account>,
    device: Option<(DeviceId, PersonId)>,
    recovery_code: Option<String>,
    history: String,
}

/// The result of [`Sequence::try_door`].
enum Attempt {
    /// The door changes something, and the caller may use it.
    Skipped,
    AsExpected,
    /// What is wrong with the answer.
    Unexpected(String),
}

impl<'h> Sequence<'h> {
    async fn start(setup: &'h Setup, number: usize, start: Start) -> Sequence<'h> {
        let (cookie_jar, model) = (CookieJar::default(), Model::initial(start));
        let mut sequence = Sequence {
            setup,
            number,
            cookie_jar,
            token: None,
            model,
            accounts: BTreeMap::new(),
            device: None,
            recovery_code: None,
            history: format!("{start:?}"),
        };
        sequence.remove_earlier_people_and_devices().await;
        let store = &setup.installation.store;
        match start {
            Start::Nobody => {}
            Start::Device => sequence.register_device().await,
            Start::PinSession(_) => sequence.start_pin_session().await,
            Start::PendingSignIn => {
                let tess = sequence.person(Persona::Tess).await;
                let begun = store.begin_sign_in(tess).await.unwrap();
                sequence.set_cookie(PENDING_SIGN_IN, &begun.token);
            }
            Start::LacksSecondStep | Start::Member(_) | Start::SiteLimited(_) | Start::OwnerOfOther => {
                sequence.sign_in().await;
            }
            Start::Token => {
                sequence.token = Some(crate::callers::create_token(store, &setup.people.own, Role::Owner).await);
            }
            Start::Removed | Start::RemovedAtDevice => {
                let was = Membership { role: RoleOrd::Manager, site_limited: false };
                sequence.model.memberships.insert((Persona::Caller, true), was);
                if start == Start::Removed {
                    sequence.sign_in().await;
                } else {
                    sequence.start_pin_session().await;
                }
                let caller = sequence.person(Persona::Caller).await;
                store.remove_member(&setup.people.own, caller).await.unwrap().unwrap();
                sequence.model.memberships.remove(&(Persona::Caller, true));
            }
        }
        sequence
    }

    /// Removes the people and devices of earlier sequences, so that pages do not grow.
    async fn remove_earlier_people_and_devices(&self) {
        let core = self.setup.people.permanent_people();
        let ids = core.iter().map(|id| format!("X'{}'", id.0.simple())).collect::<Vec<_>>().join(", ");
        let sql = format!(
            "BEGIN IMMEDIATE; UPDATE members SET removed_at = created_at WHERE person_id NOT IN ({ids}); \
             DELETE FROM sessions WHERE person_id NOT IN ({ids}); DELETE FROM pin_tries; DELETE FROM sign_ins; \
             UPDATE devices SET revoked_at = made_at WHERE name = 'Sequence'; COMMIT"
        );
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&self.setup.installation.pool).await.unwrap();
    }

    fn set_cookie(&mut self, stem: &str, value: &str) {
        self.cookie_jar.insert(&cookie_name(stem, self.setup.installation.store.installation()), value);
    }

    /// The id of a persona. The account is created on first use, with the membership that the model says.
    async fn person(&mut self, persona: Persona) -> PersonId {
        if let Some(person) = self.accounts.get(&persona) {
            return person.id;
        }
        let (people, store) = (&self.setup.people, &self.setup.installation.store);
        let email = format!("{persona:?}{}@sequence.example", self.number).to_lowercase();
        let own = self.model.membership(persona, true);
        let membership = own
            .or(self.model.membership(persona, false))
            .unwrap_or(Membership { role: RoleOrd::Staff, site_limited: false });
        let by =
            if own.is_some() || self.model.membership(persona, false).is_none() { &people.own } else { &people.other };
        let draft = NewMemberDraft {
            name: format!("{persona:?} {}", self.number),
            email: email.clone(),
            password: "a long enough secret".to_owned(),
            role: membership.role.role().name().to_owned(),
        };
        let reach = if membership.site_limited { SiteAccess::sites([people.site]) } else { SiteAccess::AllSites };
        let newcomer = domain::person::NewMember { site_access: reach, ..draft.parse().unwrap() };
        let id = store.add_person(by, &newcomer, &hash()).await.unwrap();
        let actor = Actor { principal: Principal::Person(id), ..by.clone() };
        match persona {
            Persona::Tess => {
                store.offer_authenticator(id).await.unwrap();
                let codes = store.confirm_authenticator(&actor, id, 1).await.unwrap().unwrap();
                self.recovery_code = codes.first().map(ToString::to_string);
            }
            Persona::Sam => store.set_pin(&actor, id, &hash()).await.unwrap(),
            Persona::Caller | Persona::New => {}
        }
        self.accounts.insert(persona, Account { id, email });
        id
    }

    async fn sign_in(&mut self) {
        let caller = self.person(Persona::Caller).await;
        let session =
            self.setup.installation.store.begin_session(caller, &ClientInfo::default()).await.unwrap().unwrap();
        self.set_cookie(SESSION, &session.token);
    }

    /// The registration link of a new device at the other site. Each device has an owner of its own as its maker.
    async fn device_link(&mut self) -> String {
        let (people, store) = (&self.setup.people, &self.setup.installation.store);
        let draft = NewMemberDraft {
            name: format!("Una {}", self.number),
            email: format!("una{}-{}@sequence.example", self.number, store.source().id()),
            password: "a long enough secret".to_owned(),
            role: "owner".to_owned(),
        };
        let una = store.add_person(&people.own, &draft.parse().unwrap(), &hash()).await.unwrap();
        let by = Actor { principal: Principal::Person(una), ..people.own.clone() };
        let device = Device { name: Line::parse("Sequence").unwrap(), site: people.site };
        let made = store.add_device(&by, &device).await.unwrap();
        self.device = Some((made.id, una));
        made.token
    }

    async fn register_device(&mut self) {
        let link = self.device_link().await;
        let store = &self.setup.installation.store;
        let device = store.register_device(&link, &ClientInfo::default()).await.unwrap().unwrap();
        self.set_cookie(DEVICE, &device);
    }

    async fn start_pin_session(&mut self) {
        self.register_device().await;
        let caller = self.person(Persona::Caller).await;
        let store = &self.setup.installation.store;
        let device = self.cookie_jar.value(&cookie_name(DEVICE, store.installation())).unwrap();
        let at = store.device_by_token(&device).await.unwrap().unwrap();
        let session = store.begin_pin_session(&at, caller, &ClientInfo::default()).await.unwrap();
        self.set_cookie(SESSION, &session.token);
    }

    /// Performs one more step, and updates the model.
    async fn perform(&mut self, step: Step) {
        let (people, store) = (&self.setup.people, &self.setup.installation.store);
        let other = people.other.clone();
        self.setup.installation.advance(chrono::TimeDelta::milliseconds(1));
        match step {
            Step::Join | Step::JoinWithNewAccount => {
                let name = Line::parse("Somebody").unwrap();
                let invite = Invite { name, role: Role::Staff, site_access: SiteAccess::AllSites };
                let link = store.create_invite(&other, &invite).await.unwrap().token;
                let entrant =
                    format!("name=New&email=new{}@sequence.example&password=a+long+enough+secret", self.number);
                let body = if step == Step::Join { String::new() } else { entrant };
                self.post(&format!("/join/{link}"), body).await;
            }
            Step::SwitchToOwn => self.post(&format!("/businesses/{}/switch", people.own.business), String::new()).await,
            Step::SwitchToOther => self.post(&format!("/businesses/{}/switch", other.business), String::new()).await,
            Step::SignIn | Step::TypePassword => {
                let persona = if step == Step::SignIn { Persona::Sam } else { Persona::Tess };
                self.person(persona).await;
                let body = format!("email={}&password=a+long+enough+secret", self.accounts[&persona].email);
                self.post("/sign-in", body).await;
            }
            Step::TypeCode => {
                self.person(Persona::Tess).await;
                let code = self.recovery_code.clone().unwrap();
                self.post("/sign-in/second", format!("code={code}")).await;
            }
            Step::TypeWrongCode => {
                self.post("/sign-in/second", "code=aaaa-bbbb-cccc-dddd-eeee-ffff".to_owned()).await;
            }
            Step::TypePin | Step::TypeWrongPin => {
                let sam = self.person(Persona::Sam).await;
                let pin = if step == Step::TypePin { "a+long+enough+secret" } else { "274915" };
                self.post(&format!("/device/{sam}"), format!("pin={pin}")).await;
            }
            Step::RegisterDevice => {
                let link = self.device_link().await;
                self.post(&format!("/register/{link}"), String::new()).await;
            }
            Step::SignOut => self.post("/sign-out", String::new()).await,
            Step::EndOwnSession => {
                let token = self.cookie_jar.value(&cookie_name(SESSION, store.installation()));
                let known = store.authenticate(&token.unwrap_or_default()).await.unwrap();
                let id = known.map_or(uuid::Uuid::nil(), |known| known.user().session.0);
                self.post(&format!("/account/sessions/{id}/end"), String::new()).await;
            }
            Step::Leave => self.post("/people/leave", String::new()).await,
            Step::ResetPassword => {
                self.person(Persona::Caller).await;
                let email = Email::parse(&self.accounts[&Persona::Caller].email).unwrap();
                let link = store.create_password_reset(&email).await.unwrap().unwrap().token;
                self.post(&format!("/reset/{link}"), "password=seven+other+quiet+apples".to_owned()).await;
            }
            Step::Removed | Step::Demoted => {
                if let Some(session) = self.model.session {
                    let person = self.persona(session.persona).await;
                    let by = if session.in_own_business { &people.own } else { &other };
                    if step == Step::Removed {
                        store.remove_member(by, person).await.unwrap().unwrap();
                    } else {
                        // Fails if they are an auditor already.
                        let _ = store.set_role(by, person, Role::Auditor).await;
                    }
                }
            }
            Step::DeviceRevoked => {
                if let Some((device, _)) = self.device.filter(|_| self.model.device) {
                    store.revoke_device(&people.own, device).await.unwrap().unwrap();
                }
            }
            Step::DeviceMakerRemoved => {
                if let Some((_, una)) = self.device.filter(|_| self.model.device) {
                    store.remove_member(&people.own, una).await.unwrap().unwrap();
                }
            }
        }
        self.model = self.model.after(step);
        self.history = format!("{} → {step:?}", self.history);
    }

    async fn persona(&mut self, persona: Persona) -> PersonId {
        if persona != Persona::New {
            return self.person(persona).await;
        }
        let email = Email::parse(&format!("new{}@sequence.example", self.number)).unwrap();
        let (id, _) = self.setup.installation.store.credentials(&email).await.unwrap().remove(0);
        id
    }

    async fn post(&mut self, path: &str, body: String) {
        let request = self.request("POST", path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let answer = self.setup.router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        assert!(!answer.status().is_server_error(), "{} {path}: {}", self.history, answer.status());
        self.cookie_jar.update(answer.headers());
    }

    fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        let request = Request::builder().method(method).uri(path).header(header::HOST, "trialmark.example");
        let request = request.header(header::COOKIE, self.cookie_jar.header());
        match &self.token {
            Some(token) => request.header(header::AUTHORIZATION, format!("Bearer {token}")),
            None => request,
        }
    }

    /// Sends a request to a door with all credentials of the browser.
    async fn try_door(&self, door: &Door, id_owner: IdOwner) -> Attempt {
        let expected = self.model.expected(door, id_owner, self.setup.installation.store.installation());
        if door.method != Method::GET && expected.contains(&Outcome::Admitted) {
            return Attempt::Skipped;
        }
        let path = fill(&door.path, id_owner, &self.setup.own, &self.setup.foreign);
        let (content_type, body) = ids::body(&door.path, &path);
        let request = self.request(door.method.as_str(), &path).header(header::CONTENT_TYPE, content_type);
        let answer = self.setup.router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let (answer, body) = answer.into_parts();
        body.collect().await.unwrap();
        let outcome = match Outcome::of(answer.status, answer.headers.get(header::LOCATION)) {
            // For one's own account and for public pages, this redirect is the regular answer.
            Outcome::SetUpSecondStep if matches!(door.rules.access, AccessRule::OwnAccount | AccessRule::Anyone) => {
                Outcome::Admitted
            }
            outcome => outcome,
        };
        if expected.contains(&outcome) {
            return Attempt::AsExpected;
        }
        Attempt::Unexpected(format!("{}: {} {path}: {outcome:?}, not {expected:?}", self.history, door.method))
    }
}

/// Doors whose answers differ by who is signed in.
const IDENTIFYING_DOORS: [&str; 8] = [
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
async fn no_sequence_gives_more_access_than_the_model_allows() {
    let setup = Setup::new().await;
    let began = std::time::Instant::now();
    let identifying: Vec<_> = setup
        .doors
        .iter()
        .filter(|door| door.method == Method::GET && IDENTIFYING_DOORS.contains(&door.path.as_str()))
        .collect();
    assert_eq!(identifying.len(), IDENTIFYING_DOORS.len());
    let (mut requests, mut count, mut failures) = (0, 0, Vec::new());
    let (mut seen, mut next) = (BTreeSet::new(), VecDeque::new());
    next.extend(STARTS.map(|start| (start, Vec::new())));
    while let Some((start, steps)) = next.pop_front() {
        count += 1;
        let mut sequence = Sequence::start(&setup, count, start).await;
        for step in &steps {
            sequence.perform(*step).await;
        }
        // A state that is reached for the first time is tried at every door, any other one at the identifying doors.
        let is_new = seen.insert(sequence.model.visible());
        let doors = if is_new { setup.doors.iter().collect() } else { identifying.clone() };
        let before = if is_new { setup.installation.row_counts().await } else { Vec::new() };
        for door in doors {
            for id_owner in IdOwner::variants(door).into_iter().filter(|id_owner| *id_owner != IdOwner::Unknown) {
                match sequence.try_door(door, id_owner).await {
                    Attempt::Skipped => continue,
                    Attempt::AsExpected => {}
                    Attempt::Unexpected(failure) => failures.push(failure),
                }
                requests += 1;
            }
        }
        if is_new && setup.installation.row_counts().await != before {
            failures.push(format!("{}: a GET request or a refused one changed rows", sequence.history));
        }
        // A state that was reached before is not continued again.
        if is_new && (steps.len() < 2 || (steps.len() == 2 && seen.len() % THIRD_STEP_EVERY == 0)) {
            for (number, step) in STEPS.into_iter().enumerate() {
                // Steps without an effect are tried from every start, and from a third of the later states.
                let changes = sequence.model.after(step) != sequence.model;
                if changes || steps.is_empty() || (number + count) % 3 == 0 {
                    next.push_back((start, steps.iter().copied().chain([step]).collect()));
                }
            }
        }
    }
    println!(
        "{count} sequences, {} states, {requests} requests, {} failures in {:?}",
        seen.len(),
        failures.len(),
        began.elapsed()
    );
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(count > 500 && requests > 10_000, "{count} sequences, {requests} requests");
}

/// One in this many states that need two steps gets a third step.
const THIRD_STEP_EVERY: usize = 4;
