//! Everyone who might try a door.

use chrono::TimeDelta;
use domain::actor::{Actor, Reach, Role, Who};
use domain::business::BeginDraft;
use domain::device::Device;
use domain::ids::{PersonId, SiteId};
use domain::invite::Invite;
use domain::person::{NewcomerDraft, Password};
use domain::text::Line;
use domain::token::Token;
use serde_json::json;
use store::{Origin, Store};

use crate::installation::Installation;
use crate::things::Things;

pub struct People {
    pub own: Actor,
    pub other: Actor,
    members: Vec<(Role, PersonId)>,
    tokens: Vec<(Role, String)>,
    other_token: String,
    /// They were let in, and are no longer: what they held then.
    removed: PersonId,
    past: Vec<Proof>,
    /// A site where none of the things are.
    pub site: SiteId,
    /// Bound to that site: a person, and a token.
    bound: Vec<(Role, PersonId, String)>,
    /// Whose business asks for a second step that they do not have.
    incomplete: PersonId,
}

/// One of them, with what they show at the door.
#[derive(Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own that a door may ask")]
pub struct Caller {
    pub name: String,
    /// What they may do in their business; None if they are nobody here.
    pub role: Option<Role>,
    /// Of the business whose things are the own ones.
    pub is_at_home: bool,
    pub proof: Proof,
    /// What they show opened something once, and opens nothing any more.
    pub is_past: bool,
    /// They are bound to another site than the one where the things are.
    pub is_elsewhere: bool,
    /// Their business asks them for a second step, and they have none.
    pub must_set_up: bool,
    /// Whose cookies they bring.
    pub installation: String,
}

#[derive(Clone)]
pub enum Proof {
    Nothing,
    Session(String),
    Token(String),
    /// A shared device that nobody stands at.
    Device(String),
    /// Someone who typed their PIN at a shared device: their session, and the device's own cookie.
    Turn(String, String),
    /// Someone whose password was right, and who has the second step before them.
    HalfWay(String),
}

impl People {
    pub async fn of(installation: &Installation) -> Self {
        let store = &installation.store;
        let draft = json!({
            "name": "Prairie Stop", "zone": "America/Chicago", "currency": "USD", "language": "en",
            "contact_name": "June Hart", "contact_email": "june@example.com",
            "email": "june@example.com", "password": "a long enough secret"
        });
        let (business, owner) = serde_json::from_value::<BeginDraft>(draft).unwrap().parse().unwrap();
        let (business, person) = store.begin(&business, &owner, &hash()).await.unwrap().unwrap();
        let own = Actor::of(business, Who::Person(person), Role::Owner);
        let other = Actor::of(installation.second().await, Who::Trialmark, Role::Owner);
        let mut members = vec![(Role::Owner, person)];
        for role in [Role::Manager, Role::Staff, Role::Auditor] {
            members.push((role, join(store, &own, role, role.name()).await));
        }
        let stranger = join(store, &other, Role::Owner, "stranger").await;
        let other = Actor { who: Who::Person(stranger), ..other };
        let mut tokens = Vec::new();
        for role in Role::ALL {
            tokens.push((role, token(store, &own, role).await));
        }
        let other_token = token(store, &other, Role::Owner).await;
        let removed = join(store, &own, Role::Manager, "removed").await;
        let site = store.add_site(&own, &Line::parse("Counter").unwrap()).await.unwrap();
        let past = past(store, &own, site, removed).await;
        let mut bound = Vec::new();
        for role in [Role::Manager, Role::Staff] {
            let person = join(store, &own, role, &format!("bound-{}", role.name())).await;
            let reach = Reach::of([site]);
            store.bind(&own, person, &reach).await.unwrap().unwrap();
            let (name, lasts) = (Line::parse("bound").unwrap(), TimeDelta::days(90));
            let token = store.create_token(&own, &Token { name, role, reach, lasts }).await.unwrap().token;
            bound.push((role, person, token));
        }
        let incomplete = join(store, &other, Role::Auditor, "incomplete").await;
        store.require_factors(&other, &[Role::Auditor]).await.unwrap();
        Self { own, other, members, tokens, other_token, removed, past, site, bound, incomplete }
    }

    /// With fresh sessions and let in again: some of the doors end that.
    pub async fn callers(&self, installation: &Installation) -> Vec<Caller> {
        let sql = "UPDATE members SET removed_at = NULL WHERE person_id <> $1";
        sqlx::query(sql).bind(self.removed.0).execute(&installation.rows).await.unwrap();
        let session =
            async |person| installation.store.begin_session(person, &Origin::default()).await.unwrap().unwrap().token;
        let nobody = |name: &str, proof| Caller {
            name: name.to_owned(),
            role: None,
            is_at_home: true,
            proof,
            is_past: false,
            is_elsewhere: false,
            must_set_up: false,
            installation: installation.store.installation().to_owned(),
        };
        let mut callers = vec![
            nobody("nobody", Proof::Nothing),
            nobody("a made-up session", Proof::Session("0".repeat(64))),
            nobody("a made-up token", Proof::Token("tm_0".to_owned())),
        ];
        for (number, proof) in self.past.iter().enumerate() {
            callers.push(Caller { is_past: true, ..nobody(&format!("someone of the past ({number})"), proof.clone()) });
        }
        let store = &installation.store;
        let half_way = store.begin_sign_in(self.half_way()).await.unwrap().token;
        callers.push(nobody("someone half way in", Proof::HalfWay(half_way)));
        let device = device(store, &self.own, self.site).await;
        callers.push(nobody("a shared device", Proof::Device(device.clone())));
        let at = store.at_device(&device).await.unwrap().unwrap();
        for (role, person) in &self.members[..3] {
            // Somebody else's turn ends the one before: each has a device of their own.
            let device =
                if *role == Role::Owner { device.clone() } else { self::device(store, &self.own, self.site).await };
            let at = if *role == Role::Owner { at.clone() } else { store.at_device(&device).await.unwrap().unwrap() };
            let turn = store.begin_turn(&at, *person, &Origin::default()).await.unwrap().token;
            let name = format!("the {} at a shared device", role.name());
            let turn = nobody(&name, Proof::Turn(turn, device));
            callers.push(Caller { role: Some(*role), is_elsewhere: true, ..turn });
        }
        let mut bound = Vec::new();
        for (role, person, token) in &self.bound {
            bound.push((*role, Proof::Session(session(*person).await)));
            bound.push((*role, Proof::Token(token.clone())));
        }
        for (role, proof) in bound {
            let name = format!("the {} of another site", role.name());
            callers.push(Caller { role: Some(role), is_elsewhere: true, ..nobody(&name, proof) });
        }
        for (role, person) in &self.members {
            let proof = Proof::Session(session(*person).await);
            callers.push(Caller { role: Some(*role), ..nobody(&format!("the {}", role.name()), proof) });
        }
        for (role, token) in &self.tokens {
            let proof = Proof::Token(token.clone());
            callers.push(Caller { role: Some(*role), ..nobody(&format!("a token of {}", role.name()), proof) });
        }
        let Who::Person(stranger) = self.other.who else { unreachable!() };
        let proofs = [Proof::Session(session(stranger).await), Proof::Token(self.other_token.clone())];
        for proof in proofs {
            callers.push(Caller { role: Some(Role::Owner), is_at_home: false, ..nobody("another's owner", proof) });
        }
        let auditor =
            nobody("another's auditor without the second step", Proof::Session(session(self.incomplete).await));
        callers.push(Caller { role: Some(Role::Auditor), is_at_home: false, must_set_up: true, ..auditor });
        callers
    }

    /// Everyone who is always there.
    pub fn core(&self) -> Vec<PersonId> {
        let owners = [&self.own, &self.other].into_iter().filter_map(|actor| match actor.who {
            Who::Person(person) => Some(person),
            _ => None,
        });
        let bound = self.bound.iter().map(|(_, person, _)| *person);
        owners.chain(self.members.iter().map(|(_, person)| *person)).chain(bound).chain([self.incomplete]).collect()
    }

    /// Whose sign-in is half way.
    pub fn half_way(&self) -> PersonId {
        self.members[2].1
    }

    /// What a business has, made by its owner.
    pub async fn furnish(&self, installation: &Installation, actor: &Actor) -> Things {
        let slug = if *actor == self.own { "prairie-stop" } else { "other" };
        Things::made(installation, actor, slug).await
    }
}

/// What opened a door once: a session and a turn at a device of someone removed since, a device and a token taken back, a
/// token that has run out, and an invitation, which is not the same as being let in.
async fn past(store: &Store, own: &Actor, site: SiteId, removed: PersonId) -> Vec<Proof> {
    let session = store.begin_session(removed, &Origin::default()).await.unwrap().unwrap().token;
    let device = device(store, own, site).await;
    let at = store.at_device(&device).await.unwrap().unwrap();
    let turn = store.begin_turn(&at, removed, &Origin::default()).await.unwrap().token;
    store.dismiss(own, removed).await.unwrap().unwrap();
    store.revoke_device(own, at.id).await.unwrap().unwrap();
    let named = |name: &str, lasts| Token {
        name: Line::parse(name).unwrap(),
        role: Role::Owner,
        reach: Reach::Everywhere,
        lasts,
    };
    let revoked = store.create_token(own, &named("revoked", TimeDelta::days(1))).await.unwrap();
    store.revoke_token(own, revoked.id).await.unwrap().unwrap();
    let ended = store.create_token(own, &named("ended", TimeDelta::zero())).await.unwrap().token;
    let invite = Invite { name: Line::parse("Somebody").unwrap(), role: Role::Owner, reach: Reach::Everywhere };
    let invited = store.invite(own, &invite).await.unwrap().token;
    vec![
        Proof::Session(session),
        Proof::Session(turn.clone()),
        Proof::Turn(turn, device.clone()),
        Proof::Device(device),
        Proof::Token(revoked.token),
        Proof::Token(ended),
        Proof::Session(invited.clone()),
        Proof::Token(invited),
    ]
}

/// A device of a site, registered just now.
async fn device(store: &Store, own: &Actor, site: SiteId) -> String {
    let device = Device { name: Line::parse("The tablet").unwrap(), site };
    let made = store.add_device(own, &device).await.unwrap();
    store.register_device(&made.token, &Origin::default()).await.unwrap().unwrap()
}

async fn join(store: &Store, actor: &Actor, role: Role, name: &str) -> PersonId {
    let newcomer = NewcomerDraft {
        name: name.to_owned(),
        email: format!("{name}@example.com"),
        password: "a long enough secret".to_owned(),
        role: role.name().to_owned(),
    };
    store.add_person(actor, &newcomer.parse().unwrap(), &hash()).await.unwrap()
}

pub async fn token(store: &Store, actor: &Actor, role: Role) -> String {
    store
        .create_token(
            actor,
            &Token {
                name: Line::parse(role.name()).unwrap(),
                role,
                reach: Reach::Everywhere,
                lasts: TimeDelta::days(90),
            },
        )
        .await
        .unwrap()
        .token
}

/// Of a password that nobody types: it is computed once.
pub fn hash() -> String {
    static HASH: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    let hash = || {
        let password = Password::parse("a long enough secret").unwrap();
        app::password::hash(&password, &server::clock::Machine).unwrap()
    };
    HASH.get_or_init(hash).clone()
}
