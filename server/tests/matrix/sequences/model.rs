//! A model of what a browser holds after each step of a sequence. The answers of the doors are compared with it.

use std::collections::BTreeMap;

use domain::role::Role;

use crate::*;

/// Who starts a sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Start {
    Nobody,
    /// A shared device without a PIN session.
    Device,
    /// A PIN session at a shared device.
    PinSession(RoleOrd),
    PendingSignIn,
    /// Signed in, without the second step that their business requires.
    LacksSecondStep,
    Member(RoleOrd),
    /// Without access to the site of the ids.
    SiteLimited(RoleOrd),
    OwnerOfOther,
    /// A program with an owner's token.
    Token,
    /// A removed member who still sends old credentials.
    Removed,
    RemovedAtDevice,
}

/// A [`Role`] that can be ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RoleOrd {
    Owner,
    Manager,
    Staff,
    Auditor,
}

pub const STARTS: [Start; 16] = [
    Start::Nobody,
    Start::Device,
    Start::PinSession(RoleOrd::Owner),
    Start::PinSession(RoleOrd::Staff),
    Start::PendingSignIn,
    Start::LacksSecondStep,
    Start::Member(RoleOrd::Owner),
    Start::Member(RoleOrd::Manager),
    Start::Member(RoleOrd::Staff),
    Start::Member(RoleOrd::Auditor),
    Start::SiteLimited(RoleOrd::Manager),
    Start::SiteLimited(RoleOrd::Staff),
    Start::OwnerOfOther,
    Start::Token,
    Start::Removed,
    Start::RemovedAtDevice,
];

/// A request that changes what somebody may do, or that somebody else makes to change it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Accepts an invitation of the other business, with the current account.
    Join,
    /// The same with a new account.
    JoinWithNewAccount,
    SwitchToOwn,
    SwitchToOther,
    /// Signs in as Sam, who has no second step.
    SignIn,
    /// Types the password of Tess, who has a second step.
    TypePassword,
    /// Types the recovery code of Tess, or a wrong one.
    TypeCode,
    TypeWrongCode,
    /// Types the PIN of Sam at the device.
    TypePin,
    TypeWrongPin,
    /// Registers the browser as a shared device.
    RegisterDevice,
    SignOut,
    EndOwnSession,
    Leave,
    /// Resets the password of the caller by a link.
    ResetPassword,
    /// An owner removes whoever is signed in.
    Removed,
    /// An owner makes them an auditor.
    Demoted,
    /// An owner revokes the device.
    DeviceRevoked,
    /// The owner who made the device is removed.
    DeviceMakerRemoved,
}

pub const STEPS: [Step; 19] = [
    Step::Join,
    Step::JoinWithNewAccount,
    Step::SwitchToOwn,
    Step::SwitchToOther,
    Step::SignIn,
    Step::TypePassword,
    Step::TypeCode,
    Step::TypeWrongCode,
    Step::TypePin,
    Step::TypeWrongPin,
    Step::RegisterDevice,
    Step::SignOut,
    Step::EndOwnSession,
    Step::Leave,
    Step::ResetPassword,
    Step::Removed,
    Step::Demoted,
    Step::DeviceRevoked,
    Step::DeviceMakerRemoved,
];

/// The people of a sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Persona {
    /// Whoever starts the sequence.
    Caller,
    /// A member of staff without a second step, with a PIN.
    Sam,
    /// A manager with a second step.
    Tess,
    /// The account that was made to accept an invitation.
    New,
}

/// The role and site access of somebody in a business.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Membership {
    pub role: RoleOrd,
    pub site_limited: bool,
}

/// A session: of whom, in which business, of which kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Session {
    pub persona: Persona,
    pub in_own_business: bool,
    pub at_device: bool,
}

/// The valid credentials of the browser, and the memberships of all people.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[expect(clippy::struct_excessive_bools, reason = "each is independent")]
pub struct Model {
    pub session: Option<Session>,
    pub device: bool,
    pub pending_sign_in: bool,
    pub token: bool,
    /// The memberships by person, in the own business (true) and in the other one (false).
    pub memberships: BTreeMap<(Persona, bool), Membership>,
    /// Whether the browser also sends revoked credentials from the start.
    pub has_revoked: bool,
}

/// The part of the model that makes a difference to the answers of doors and to later steps.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(clippy::struct_excessive_bools, reason = "each is independent")]
pub struct VisibleState {
    /// The session, its membership, whether a second step is missing, and whether there is a membership in the other business.
    pub session: Option<(Session, Option<Membership>, bool, bool)>,
    pub device: bool,
    pub pending_sign_in: bool,
    pub token: bool,
    pub has_revoked: bool,
}

impl RoleOrd {
    pub fn role(self) -> Role {
        match self {
            Self::Owner => Role::Owner,
            Self::Manager => Role::Manager,
            Self::Staff => Role::Staff,
            Self::Auditor => Role::Auditor,
        }
    }
}

impl Model {
    pub fn initial(start: Start) -> Self {
        let mut model = Self::default();
        model.memberships.insert((Persona::Sam, true), Membership { role: RoleOrd::Staff, site_limited: false });
        model.memberships.insert((Persona::Tess, true), Membership { role: RoleOrd::Manager, site_limited: false });
        let mut add = |in_own_business, role, site_limited| {
            model.memberships.insert((Persona::Caller, in_own_business), Membership { role, site_limited });
        };
        match start {
            Start::Nobody
            | Start::Device
            | Start::PendingSignIn
            | Start::Token
            | Start::Removed
            | Start::RemovedAtDevice => {}
            Start::PinSession(role) | Start::Member(role) => add(true, role, false),
            Start::SiteLimited(role) => add(true, role, true),
            Start::LacksSecondStep => add(false, RoleOrd::Auditor, false),
            Start::OwnerOfOther => add(false, RoleOrd::Owner, false),
        }
        let session =
            |in_own_business, at_device| Some(Session { persona: Persona::Caller, in_own_business, at_device });
        model.session = match start {
            Start::PinSession(_) => session(true, true),
            Start::Member(_) | Start::SiteLimited(_) => session(true, false),
            Start::LacksSecondStep | Start::OwnerOfOther => session(false, false),
            _ => None,
        };
        model.device = matches!(start, Start::Device | Start::PinSession(_) | Start::RemovedAtDevice);
        model.pending_sign_in = start == Start::PendingSignIn;
        model.token = start == Start::Token;
        model.has_revoked = matches!(start, Start::Removed | Start::RemovedAtDevice);
        model
    }

    pub fn membership(&self, persona: Persona, in_own_business: bool) -> Option<Membership> {
        self.memberships.get(&(persona, in_own_business)).copied()
    }

    /// The session, unless it is a PIN session.
    pub fn full_session(&self) -> Option<Session> {
        self.session.filter(|session| !session.at_device)
    }

    /// Whether the other business requires a second step that they do not have.
    pub fn lacks_second_step(&self, session: Session) -> bool {
        let role = self.membership(session.persona, session.in_own_business).map(|membership| membership.role);
        !session.in_own_business && role == Some(RoleOrd::Auditor) && session.persona != Persona::Tess
    }

    /// Signs somebody in to the business that they joined first.
    pub fn sign_in(&mut self, persona: Persona) {
        let in_own_business =
            [true, false].into_iter().find(|in_own_business| self.membership(persona, *in_own_business).is_some());
        if let Some(in_own_business) = in_own_business {
            self.session = Some(Session { persona, in_own_business, at_device: false });
        }
    }

    /// Ends the membership of a session, and with it the session.
    pub fn remove_member(&mut self, session: Session) {
        self.memberships.remove(&(session.persona, session.in_own_business));
        self.session = None;
    }

    /// The model after one more step.
    pub fn after(&self, walk: Step) -> Self {
        let mut after = self.clone();
        match walk {
            Step::Join | Step::JoinWithNewAccount => match self.full_session() {
                Some(session) if self.membership(session.persona, false).is_none() => {
                    after
                        .memberships
                        .insert((session.persona, false), Membership { role: RoleOrd::Staff, site_limited: false });
                    after.session = Some(Session { in_own_business: false, ..session });
                }
                None if walk == Step::JoinWithNewAccount => {
                    after
                        .memberships
                        .insert((Persona::New, false), Membership { role: RoleOrd::Staff, site_limited: false });
                    after.session = Some(Session { persona: Persona::New, in_own_business: false, at_device: false });
                }
                Some(_) | None => {}
            },
            Step::SwitchToOwn | Step::SwitchToOther => {
                let in_own_business = walk == Step::SwitchToOwn;
                if let Some(session) =
                    self.full_session().filter(|session| self.membership(session.persona, in_own_business).is_some())
                {
                    after.session = Some(Session { in_own_business, ..session });
                }
            }
            Step::SignIn => after.sign_in(Persona::Sam),
            Step::TypePassword => after.pending_sign_in = true,
            Step::TypeCode if self.pending_sign_in => {
                after.pending_sign_in = false;
                after.sign_in(Persona::Tess);
            }
            Step::TypePin => {
                let may_check =
                    self.membership(Persona::Sam, true).is_some_and(|membership| membership.role != RoleOrd::Auditor);
                if self.device && may_check {
                    after.session = Some(Session { persona: Persona::Sam, in_own_business: true, at_device: true });
                }
            }
            Step::RegisterDevice => {
                after.device = true;
                after.session = None;
            }
            Step::SignOut => after.session = None,
            Step::EndOwnSession if self.full_session().is_some() => after.session = None,
            Step::Leave => {
                if let Some(session) = self.full_session().filter(|session| !self.lacks_second_step(*session)) {
                    after.remove_member(session);
                }
            }
            Step::ResetPassword if self.session.is_some_and(|session| session.persona == Persona::Caller) => {
                after.session = None;
            }
            Step::Removed => {
                if let Some(session) = self.session {
                    after.remove_member(session);
                }
            }
            Step::Demoted => {
                if let Some(session) = self.session {
                    let membership = Membership { role: RoleOrd::Auditor, site_limited: false };
                    let before = after.memberships.insert((session.persona, session.in_own_business), membership);
                    // A wider site access ends the sessions.
                    if before.is_some_and(|before| before.site_limited) {
                        after.session = None;
                    }
                }
            }
            Step::DeviceRevoked | Step::DeviceMakerRemoved => {
                after.device = false;
                after.session = self.full_session();
            }
            Step::TypeCode | Step::TypeWrongCode | Step::TypeWrongPin | Step::EndOwnSession | Step::ResetPassword => {}
        }
        after
    }

    /// See [`VisibleState`].
    pub fn visible(&self) -> VisibleState {
        VisibleState {
            session: self.session.map(|session| {
                let here = self.membership(session.persona, session.in_own_business);
                let elsewhere = self.membership(session.persona, !session.in_own_business).is_some();
                (Session { persona: Persona::Caller, ..session }, here, self.lacks_second_step(session), elsewhere)
            }),
            device: self.device,
            pending_sign_in: self.pending_sign_in,
            token: self.token,
            has_revoked: self.has_revoked && self.session.is_none(),
        }
    }

    /// The caller as this door sees them: credentials that do not count there are left out.
    pub fn caller(&self, door: &Door, installation: &str) -> Caller {
        let outsider = Caller {
            name: format!("{self:?}"),
            role: None,
            is_of_own_business: true,
            credentials: Credentials::Nothing,
            is_revoked: false,
            is_at_other_site: false,
            lacks_second_step: false,
            installation: installation.to_owned(),
        };
        let secret = || "known to the browser".to_owned();
        if door.path.starts_with("/api/") {
            let token =
                Caller { role: Some(Role::Owner), credentials: Credentials::Token(secret()), ..outsider.clone() };
            return if self.token { token } else { outsider };
        }
        match (door.rules.access, self.session) {
            (AccessRule::Device, _) if self.device => Caller { credentials: Credentials::Device(secret()), ..outsider },
            (AccessRule::PendingSignIn, _) if self.pending_sign_in => {
                Caller { credentials: Credentials::PendingSignIn(secret()), ..outsider }
            }
            (AccessRule::Device | AccessRule::PendingSignIn, _) | (_, None) => outsider,
            (_, Some(session)) => {
                let membership = self.membership(session.persona, session.in_own_business);
                let credentials = if session.at_device {
                    Credentials::PinSession(secret(), secret())
                } else {
                    Credentials::Session(secret())
                };
                Caller {
                    role: membership.map(|membership| membership.role.role()),
                    is_of_own_business: session.in_own_business,
                    is_at_other_site: session.at_device || membership.is_some_and(|membership| membership.site_limited),
                    lacks_second_step: self.lacks_second_step(session),
                    credentials,
                    ..outsider
                }
            }
        }
    }

    pub fn expected(&self, door: &Door, id_owner: IdOwner, installation: &str) -> Vec<Outcome> {
        let expected = expected(door, &self.caller(door, installation), id_owner);
        match self.full_session().filter(|_| door.rules.access == AccessRule::OwnAccount) {
            // The session in the address belongs to the first owner, who is in no sequence.
            Some(_) if door.path.contains("{session}") => vec![Outcome::NotFound],
            // A member may switch to that business, wherever they are signed in.
            Some(session) if door.path == "/businesses/{id}/switch" => {
                let is_member = self.membership(session.persona, id_owner == IdOwner::Own).is_some();
                vec![if is_member { Outcome::Admitted } else { Outcome::NotFound }]
            }
            _ => expected,
        }
    }
}
