//! Every kind of caller who might try a door.

use chrono::TimeDelta;
use domain::actor::{Actor, Principal};
use domain::business::FirstBusinessDraft;
use domain::device::Device;
use domain::ids::{PersonId, SiteId};
use domain::invite::Invite;
use domain::person::{NewMemberDraft, Password};
use domain::role::Role;
use domain::site_access::SiteAccess;
use domain::text::Line;
use domain::token::Token;
use serde_json::json;
use store::{ClientInfo, Store};

use crate::ids::Ids;
use crate::installation::Installation;

pub struct People {
    pub own: Actor,
    pub other: Actor,
    members: Vec<(Role, PersonId)>,
    tokens: Vec<(Role, String)>,
    other_token: String,
    /// A member who was removed.
    removed: PersonId,
    /// Credentials that were valid once, or never.
    revoked: Vec<Credentials>,
    /// A site that none of the ids belong to.
    pub site: SiteId,
    /// Limited to that site: a person, and a token.
    site_limited: Vec<(Role, PersonId, String)>,
    /// A member of a business that requires a second step, who has none.
    without_second_step: PersonId,
}

/// A caller with their credentials.
#[derive(Clone)]
#[expect(clippy::struct_excessive_bools, reason = "a door may check each on its own")]
pub struct Caller {
    pub name: String,
    /// Their role in their business. None for callers who are not members.
    pub role: Option<Role>,
    /// Whether they belong to the business of the own ids.
    pub is_of_own_business: bool,
    pub credentials: Credentials,
    /// Their credentials were valid once.
    pub is_revoked: bool,
    /// Their site access does not include the site of the ids.
    pub is_at_other_site: bool,
    /// Their business requires a second step, and they have none.
    pub lacks_second_step: bool,
    /// The installation in the names of their cookies.
    pub installation: String,
}

#[derive(Clone)]
pub enum Credentials {
    Nothing,
    Session(String),
    Token(String),
    /// A shared device without a PIN session.
    Device(String),
    /// A PIN session at a shared device: its cookie, and that of the device.
    PinSession(String, String),
    /// Somebody whose password was right, before the second step.
    PendingSignIn(String),
}

impl People {
    pub async fn create(installation: &Installation) -> Self {
        let store = &installation.store;
        let draft = json!({
            "name": "Prairie Stop", "zone": "America/Chicago", "currency": "USD", "language": "en",
            "contact_name": "June Hart", "contact_email": "june@example.com",
            "email": "june@example.com", "password": "a long enough secret"
        });
        let (business, owner) = serde_json::from_value::<FirstBusinessDraft>(draft).unwrap().parse().unwrap();
        let (business, person) = store.create_first_business(&business, &owner, &hash()).await.unwrap().unwrap();
        let own = Actor::new(business, Principal::Person(person), Role::Owner);
        let other = Actor::new(installation.add_second_business().await, Principal::System, Role::Owner);
        let mut members = vec![(Role::Owner, person)];
        for role in [Role::Manager, Role::Staff, Role::Auditor] {
            members.push((role, add_member(store, &own, role, role.name()).await));
        }
        let stranger = add_member(store, &other, Role::Owner, "stranger").await;
        let other = Actor { principal: Principal::Person(stranger), ..other };
        let mut tokens = Vec::new();
        for role in Role::ALL {
            tokens.push((role, create_token(store, &own, role).await));
        }
        let other_token = create_token(store, &other, Role::Owner).await;
        let removed = add_member(store, &own, Role::Manager, "removed").await;
        let site = store.add_site(&own, &Line::parse("Counter").unwrap()).await.unwrap();
        let revoked = revoked(store, &own, site, removed).await;
        let mut site_limited = Vec::new();
        for role in [Role::Manager, Role::Staff] {
            let person = add_member(store, &own, role, &format!("bound-{}", role.name())).await;
            let site_access = SiteAccess::sites([site]);
            store.set_site_access(&own, person, &site_access).await.unwrap().unwrap();
            let (name, lifetime) = (Line::parse("bound").unwrap(), TimeDelta::days(90));
            let token = store.create_token(&own, &Token { name, role, site_access, lifetime }).await.unwrap().token;
            site_limited.push((role, person, token));
        }
        let without_second_step = add_member(store, &other, Role::Auditor, "without_second_step").await;
        store.require_factors(&other, &[Role::Auditor]).await.unwrap();
        Self { own, other, members, tokens, other_token, removed, revoked, site, site_limited, without_second_step }
    }

    /// With new sessions and memberships, because some doors end them.
    pub async fn callers(&self, installation: &Installation) -> Vec<Caller> {
        let sql = "UPDATE members SET removed_at = NULL WHERE person_id <> $1";
        sqlx::query(sql).bind(self.removed.0).execute(&installation.pool).await.unwrap();
        let session = async |person| {
            installation.store.begin_session(person, &ClientInfo::default()).await.unwrap().unwrap().token
        };
        let outsider = |name: &str, credentials| Caller {
            name: name.to_owned(),
            role: None,
            is_of_own_business: true,
            credentials,
            is_revoked: false,
            is_at_other_site: false,
            lacks_second_step: false,
            installation: installation.store.installation().to_owned(),
        };
        let mut callers = vec![
            outsider("nobody", Credentials::Nothing),
            outsider("a made-up session", Credentials::Session("0".repeat(64))),
            outsider("a made-up token", Credentials::Token("tm_0".to_owned())),
        ];
        for (number, credentials) in self.revoked.iter().enumerate() {
            callers.push(Caller {
                is_revoked: true,
                ..outsider(&format!("revoked credentials ({number})"), credentials.clone())
            });
        }
        let store = &installation.store;
        let pending_sign_in = store.begin_sign_in(self.pending_sign_in()).await.unwrap().token;
        callers.push(outsider("a pending sign-in", Credentials::PendingSignIn(pending_sign_in)));
        let device = register_device(store, &self.own, self.site).await;
        callers.push(outsider("a shared device", Credentials::Device(device.clone())));
        let at = store.device_by_token(&device).await.unwrap().unwrap();
        for (role, person) in &self.members[..3] {
            // A PIN session ends the one before it at the same device, so each has a device of its own.
            let device = if *role == Role::Owner {
                device.clone()
            } else {
                self::register_device(store, &self.own, self.site).await
            };
            let at =
                if *role == Role::Owner { at.clone() } else { store.device_by_token(&device).await.unwrap().unwrap() };
            let session = store.begin_pin_session(&at, *person, &ClientInfo::default()).await.unwrap().token;
            let name = format!("the {} at a shared device", role.name());
            let at_device = outsider(&name, Credentials::PinSession(session, device));
            callers.push(Caller { role: Some(*role), is_at_other_site: true, ..at_device });
        }
        let mut site_limited = Vec::new();
        for (role, person, token) in &self.site_limited {
            site_limited.push((*role, Credentials::Session(session(*person).await)));
            site_limited.push((*role, Credentials::Token(token.clone())));
        }
        for (role, credentials) in site_limited {
            let name = format!("the {} of another site", role.name());
            callers.push(Caller { role: Some(role), is_at_other_site: true, ..outsider(&name, credentials) });
        }
        for (role, person) in &self.members {
            let credentials = Credentials::Session(session(*person).await);
            callers.push(Caller { role: Some(*role), ..outsider(&format!("the {}", role.name()), credentials) });
        }
        for (role, token) in &self.tokens {
            let credentials = Credentials::Token(token.clone());
            callers.push(Caller { role: Some(*role), ..outsider(&format!("a token of {}", role.name()), credentials) });
        }
        let Principal::Person(stranger) = self.other.principal else { unreachable!() };
        let of_other_owner =
            [Credentials::Session(session(stranger).await), Credentials::Token(self.other_token.clone())];
        for credentials in of_other_owner {
            callers.push(Caller {
                role: Some(Role::Owner),
                is_of_own_business: false,
                ..outsider("the owner of another business", credentials)
            });
        }
        let auditor = outsider(
            "an auditor of another business without a second step",
            Credentials::Session(session(self.without_second_step).await),
        );
        callers.push(Caller {
            role: Some(Role::Auditor),
            is_of_own_business: false,
            lacks_second_step: true,
            ..auditor
        });
        callers
    }

    /// The people that exist for the whole test.
    pub fn permanent_people(&self) -> Vec<PersonId> {
        let owners = [&self.own, &self.other].into_iter().filter_map(|actor| match actor.principal {
            Principal::Person(person) => Some(person),
            _ => None,
        });
        let site_limited = self.site_limited.iter().map(|(_, person, _)| *person);
        owners
            .chain(self.members.iter().map(|(_, person)| *person))
            .chain(site_limited)
            .chain([self.without_second_step])
            .collect()
    }

    /// The person with the pending sign-in.
    pub fn pending_sign_in(&self) -> PersonId {
        self.members[2].1
    }

    /// Creates one row of each kind in a business, as its owner.
    pub async fn create_ids(&self, installation: &Installation, actor: &Actor) -> Ids {
        let slug = if *actor == self.own { "prairie-stop" } else { "other" };
        Ids::create(installation, actor, slug).await
    }
}

/// Credentials that are not valid: of a removed member, a revoked device and token, an expired token, and an invitation, which
/// is no session.
async fn revoked(store: &Store, own: &Actor, site: SiteId, removed: PersonId) -> Vec<Credentials> {
    let session = store.begin_session(removed, &ClientInfo::default()).await.unwrap().unwrap().token;
    let device = register_device(store, own, site).await;
    let at = store.device_by_token(&device).await.unwrap().unwrap();
    let pin_session = store.begin_pin_session(&at, removed, &ClientInfo::default()).await.unwrap().token;
    store.remove_member(own, removed).await.unwrap().unwrap();
    store.revoke_device(own, at.id).await.unwrap().unwrap();
    let named = |name: &str, lifetime| Token {
        name: Line::parse(name).unwrap(),
        role: Role::Owner,
        site_access: SiteAccess::AllSites,
        lifetime,
    };
    let revoked = store.create_token(own, &named("revoked", TimeDelta::days(1))).await.unwrap();
    store.revoke_token(own, revoked.id).await.unwrap().unwrap();
    let ended = store.create_token(own, &named("ended", TimeDelta::zero())).await.unwrap().token;
    let invite =
        Invite { name: Line::parse("Somebody").unwrap(), role: Role::Owner, site_access: SiteAccess::AllSites };
    let invited = store.create_invite(own, &invite).await.unwrap().token;
    vec![
        Credentials::Session(session),
        Credentials::Session(pin_session.clone()),
        Credentials::PinSession(pin_session, device.clone()),
        Credentials::Device(device),
        Credentials::Token(revoked.token),
        Credentials::Token(ended),
        Credentials::Session(invited.clone()),
        Credentials::Token(invited),
    ]
}

/// The token of a newly registered device at a site.
async fn register_device(store: &Store, own: &Actor, site: SiteId) -> String {
    let device = Device { name: Line::parse("The tablet").unwrap(), site };
    let made = store.add_device(own, &device).await.unwrap();
    store.register_device(&made.token, &ClientInfo::default()).await.unwrap().unwrap()
}

async fn add_member(store: &Store, actor: &Actor, role: Role, name: &str) -> PersonId {
    let newcomer = NewMemberDraft {
        name: name.to_owned(),
        email: format!("{name}@example.com"),
        password: "a long enough secret".to_owned(),
        role: role.name().to_owned(),
    };
    store.add_person(actor, &newcomer.parse().unwrap(), &hash()).await.unwrap()
}

pub async fn create_token(store: &Store, actor: &Actor, role: Role) -> String {
    store
        .create_token(
            actor,
            &Token {
                name: Line::parse(role.name()).unwrap(),
                role,
                site_access: SiteAccess::AllSites,
                lifetime: TimeDelta::days(90),
            },
        )
        .await
        .unwrap()
        .token
}

/// The hash of the password that all people share.
pub fn hash() -> String {
    static HASH: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    let hash = || {
        let password = Password::parse("a long enough secret").unwrap();
        app::password::hash(&password, &server::clock::SystemSource).unwrap()
    };
    HASH.get_or_init(hash).clone()
}
