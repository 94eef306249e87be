//! Everyone who might try a door.

use domain::actor::{Actor, Role, Who};
use domain::business::BeginDraft;
use domain::ids::PersonId;
use domain::person::NewcomerDraft;
use domain::text::Line;
use serde_json::json;
use store::Store;

use crate::installation::Installation;
use crate::things::Things;

pub struct People {
    pub own: Actor,
    pub other: Actor,
    members: Vec<(Role, PersonId)>,
    tokens: Vec<(Role, String)>,
    other_token: String,
}

/// One of them, with what they show at the door.
pub struct Caller {
    pub name: String,
    /// What they may do in their business; None if they are nobody here.
    pub role: Option<Role>,
    /// Of the business whose things are the own ones.
    pub is_at_home: bool,
    pub proof: Proof,
}

pub enum Proof {
    Nothing,
    Session(String),
    Token(String),
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
        let (business, person) = store.begin(&business, &owner, "hash").await.unwrap().unwrap();
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
        Self { own, other, members, tokens, other_token }
    }

    /// With fresh sessions and let in again: some of the doors end that.
    pub async fn callers(&self, installation: &Installation) -> Vec<Caller> {
        sqlx::query("UPDATE members SET removed_at = NULL").execute(&installation.rows).await.unwrap();
        let session = async |person| installation.store.begin_session(person, "").await.unwrap().unwrap().token;
        let nobody = |name: &str, proof| Caller { name: name.to_owned(), role: None, is_at_home: true, proof };
        let mut callers = vec![
            nobody("nobody", Proof::Nothing),
            nobody("a made-up session", Proof::Session("0".repeat(64))),
            nobody("a made-up token", Proof::Token("tm_0".to_owned())),
        ];
        for (role, person) in &self.members {
            let proof = Proof::Session(session(*person).await);
            callers.push(Caller { name: format!("the {}", role.name()), role: Some(*role), is_at_home: true, proof });
        }
        for (role, token) in &self.tokens {
            let proof = Proof::Token(token.clone());
            callers.push(Caller {
                name: format!("a token of {}", role.name()),
                role: Some(*role),
                is_at_home: true,
                proof,
            });
        }
        let Who::Person(stranger) = self.other.who else { unreachable!() };
        let proofs = [Proof::Session(session(stranger).await), Proof::Token(self.other_token.clone())];
        for proof in proofs {
            callers.push(Caller {
                name: "another's owner".to_owned(),
                role: Some(Role::Owner),
                is_at_home: false,
                proof,
            });
        }
        callers
    }

    /// What a business has, made by its owner.
    pub async fn furnish(&self, installation: &Installation, actor: &Actor) -> Things {
        let slug = if *actor == self.own { "prairie-stop" } else { "other" };
        Things::made(installation, actor, slug).await
    }
}

async fn join(store: &Store, actor: &Actor, role: Role, name: &str) -> PersonId {
    let newcomer = NewcomerDraft {
        name: name.to_owned(),
        email: format!("{name}@example.com"),
        password: "a long enough secret".to_owned(),
        role: role.name().to_owned(),
    };
    store.add_person(actor, &newcomer.parse().unwrap(), "hash").await.unwrap()
}

async fn token(store: &Store, actor: &Actor, role: Role) -> String {
    store.create_token(actor, role, &Line::parse(role.name()).unwrap()).await.unwrap().token
}
