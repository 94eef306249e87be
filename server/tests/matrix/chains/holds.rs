//! What a browser rightly holds after each door: the model that the doors are held against.

use std::collections::BTreeMap;

use domain::actor::Role;

use crate::*;

/// Who begins to walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Start {
    Nobody,
    /// A shared device that nobody stands at.
    Device,
    /// Someone who typed their PIN there.
    Turn(Part),
    HalfWay,
    /// Signed in, without the second step that their business asks for.
    Incomplete,
    Member(Part),
    /// Bound to another site than the one where the things are.
    Bound(Part),
    AnothersOwner,
    /// A program with an owner's token.
    Token,
    /// They were let in, and still show what opened something then.
    Dismissed,
    DismissedAtDevice,
}

/// A role that can be put in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    Owner,
    Manager,
    Staff,
    Auditor,
}

pub const STARTS: [Start; 16] = [
    Start::Nobody,
    Start::Device,
    Start::Turn(Part::Owner),
    Start::Turn(Part::Staff),
    Start::HalfWay,
    Start::Incomplete,
    Start::Member(Part::Owner),
    Start::Member(Part::Manager),
    Start::Member(Part::Staff),
    Start::Member(Part::Auditor),
    Start::Bound(Part::Manager),
    Start::Bound(Part::Staff),
    Start::AnothersOwner,
    Start::Token,
    Start::Dismissed,
    Start::DismissedAtDevice,
];

/// A door that changes what somebody holds, or what somebody else does to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Walk {
    /// Opens an invitation of the other business, and takes it as they are.
    Join,
    /// The same with a new name, address and password.
    JoinAsSomeoneNew,
    SwitchHome,
    SwitchAway,
    /// Signs in as a member of staff without a second step.
    SignIn,
    /// Signs in as a manager who has one: as far as that.
    SignInHalfWay,
    SecondStep,
    WrongSecondStep,
    /// Types the PIN of that member of staff at the device.
    Pin,
    WrongPin,
    /// Makes a device of the browser.
    Register,
    SignOut,
    EndOwnSession,
    Leave,
    /// Sets their password anew by a link that they were given.
    Reset,
    /// An owner lets them in no longer.
    Dismissed,
    /// An owner makes an auditor of them.
    Demoted,
    /// An owner takes the device back.
    DeviceRevoked,
    /// An owner who registered the device is let in no longer.
    DeviceOrphaned,
}

pub const WALKS: [Walk; 19] = [
    Walk::Join,
    Walk::JoinAsSomeoneNew,
    Walk::SwitchHome,
    Walk::SwitchAway,
    Walk::SignIn,
    Walk::SignInHalfWay,
    Walk::SecondStep,
    Walk::WrongSecondStep,
    Walk::Pin,
    Walk::WrongPin,
    Walk::Register,
    Walk::SignOut,
    Walk::EndOwnSession,
    Walk::Leave,
    Walk::Reset,
    Walk::Dismissed,
    Walk::Demoted,
    Walk::DeviceRevoked,
    Walk::DeviceOrphaned,
];

/// Those who take part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Name {
    /// Whoever walks.
    Caller,
    Sam,
    Tess,
    /// Whoever became somebody by an invitation.
    New,
}

/// What somebody may do in a business.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Standing {
    pub role: Part,
    pub bound: bool,
}

/// Whom a session is of, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Session {
    pub whose: Name,
    pub at_home: bool,
    pub turn: bool,
}

/// What the browser holds rightly, by the doors that were walked through: the model that the doors are held against.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[expect(clippy::struct_excessive_bools, reason = "each is held by itself")]
pub struct Holds {
    pub session: Option<Session>,
    pub device: bool,
    pub half_way: bool,
    pub token: bool,
    /// What each of those who take part may do at home and in the other business.
    pub standings: BTreeMap<(Name, bool), Standing>,
    /// Whether a browser that began in the past still shows what it had.
    pub past: bool,
}

/// What of it can be told apart from outside.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(clippy::struct_excessive_bools, reason = "each is held by itself")]
pub struct View {
    /// Where, as what, whether a second step is missing, and whether there is another business to go over to.
    pub session: Option<(Session, Option<Standing>, bool, bool)>,
    pub device: bool,
    pub half_way: bool,
    pub token: bool,
    pub past: bool,
}

impl Part {
    pub fn role(self) -> Role {
        match self {
            Self::Owner => Role::Owner,
            Self::Manager => Role::Manager,
            Self::Staff => Role::Staff,
            Self::Auditor => Role::Auditor,
        }
    }
}

impl Holds {
    pub fn begun(start: Start) -> Self {
        let mut holds = Self::default();
        holds.standings.insert((Name::Sam, true), Standing { role: Part::Staff, bound: false });
        holds.standings.insert((Name::Tess, true), Standing { role: Part::Manager, bound: false });
        let mut stands = |at_home, role, bound| {
            holds.standings.insert((Name::Caller, at_home), Standing { role, bound });
        };
        match start {
            Start::Nobody
            | Start::Device
            | Start::HalfWay
            | Start::Token
            | Start::Dismissed
            | Start::DismissedAtDevice => {}
            Start::Turn(role) | Start::Member(role) => stands(true, role, false),
            Start::Bound(role) => stands(true, role, true),
            Start::Incomplete => stands(false, Part::Auditor, false),
            Start::AnothersOwner => stands(false, Part::Owner, false),
        }
        let session = |at_home, turn| Some(Session { whose: Name::Caller, at_home, turn });
        holds.session = match start {
            Start::Turn(_) => session(true, true),
            Start::Member(_) | Start::Bound(_) => session(true, false),
            Start::Incomplete | Start::AnothersOwner => session(false, false),
            _ => None,
        };
        holds.device = matches!(start, Start::Device | Start::Turn(_) | Start::DismissedAtDevice);
        holds.half_way = start == Start::HalfWay;
        holds.token = start == Start::Token;
        holds.past = matches!(start, Start::Dismissed | Start::DismissedAtDevice);
        holds
    }

    pub fn standing(&self, whose: Name, at_home: bool) -> Option<Standing> {
        self.standings.get(&(whose, at_home)).copied()
    }

    /// A session that is one: whoever stands at a device is nobody but there.
    pub fn signed_in(&self) -> Option<Session> {
        self.session.filter(|session| !session.turn)
    }

    /// Whether the other business asks them for a second step that they do not have.
    pub fn must_set_up(&self, session: Session) -> bool {
        let role = self.standing(session.whose, session.at_home).map(|standing| standing.role);
        !session.at_home && role == Some(Part::Auditor) && session.whose != Name::Tess
    }

    /// Whoever signs in comes to the business that let them in first.
    pub fn enter(&mut self, whose: Name) {
        let at_home = [true, false].into_iter().find(|at_home| self.standing(whose, *at_home).is_some());
        if let Some(at_home) = at_home {
            self.session = Some(Session { whose, at_home, turn: false });
        }
    }

    /// They are let in no longer where they are.
    pub fn goes(&mut self, session: Session) {
        self.standings.remove(&(session.whose, session.at_home));
        self.session = None;
    }

    /// What is rightly held after one more door.
    pub fn after(&self, walk: Walk) -> Self {
        let mut after = self.clone();
        match walk {
            Walk::Join | Walk::JoinAsSomeoneNew => match self.signed_in() {
                Some(session) if self.standing(session.whose, false).is_none() => {
                    after.standings.insert((session.whose, false), Standing { role: Part::Staff, bound: false });
                    after.session = Some(Session { at_home: false, ..session });
                }
                None if walk == Walk::JoinAsSomeoneNew => {
                    after.standings.insert((Name::New, false), Standing { role: Part::Staff, bound: false });
                    after.session = Some(Session { whose: Name::New, at_home: false, turn: false });
                }
                Some(_) | None => {}
            },
            Walk::SwitchHome | Walk::SwitchAway => {
                let at_home = walk == Walk::SwitchHome;
                if let Some(session) = self.signed_in().filter(|one| self.standing(one.whose, at_home).is_some()) {
                    after.session = Some(Session { at_home, ..session });
                }
            }
            Walk::SignIn => after.enter(Name::Sam),
            Walk::SignInHalfWay => after.half_way = true,
            Walk::SecondStep if self.half_way => {
                after.half_way = false;
                after.enter(Name::Tess);
            }
            Walk::Pin => {
                let may = self.standing(Name::Sam, true).is_some_and(|standing| standing.role != Part::Auditor);
                if self.device && may {
                    after.session = Some(Session { whose: Name::Sam, at_home: true, turn: true });
                }
            }
            Walk::Register => {
                after.device = true;
                after.session = None;
            }
            Walk::SignOut => after.session = None,
            Walk::EndOwnSession if self.signed_in().is_some() => after.session = None,
            Walk::Leave => {
                if let Some(session) = self.signed_in().filter(|session| !self.must_set_up(*session)) {
                    after.goes(session);
                }
            }
            Walk::Reset if self.session.is_some_and(|session| session.whose == Name::Caller) => after.session = None,
            Walk::Dismissed => {
                if let Some(session) = self.session {
                    after.goes(session);
                }
            }
            Walk::Demoted => {
                if let Some(session) = self.session {
                    let standing = Standing { role: Part::Auditor, bound: false };
                    let before = after.standings.insert((session.whose, session.at_home), standing);
                    // Whoever reaches further than before signs in anew.
                    if before.is_some_and(|before| before.bound) {
                        after.session = None;
                    }
                }
            }
            Walk::DeviceRevoked | Walk::DeviceOrphaned => {
                after.device = false;
                after.session = self.signed_in();
            }
            Walk::SecondStep | Walk::WrongSecondStep | Walk::WrongPin | Walk::EndOwnSession | Walk::Reset => {}
        }
        after
    }

    /// What makes a difference at the doors, and to where one can go on from here.
    pub fn view(&self) -> View {
        View {
            session: self.session.map(|session| {
                let there = self.standing(session.whose, session.at_home);
                let elsewhere = self.standing(session.whose, !session.at_home).is_some();
                (Session { whose: Name::Caller, ..session }, there, self.must_set_up(session), elsewhere)
            }),
            device: self.device,
            half_way: self.half_way,
            token: self.token,
            past: self.past && self.session.is_none(),
        }
    }

    /// As who they come to a door: what does not count there is not looked at.
    pub fn caller(&self, door: &Door, installation: &str) -> Caller {
        let nobody = Caller {
            name: format!("{self:?}"),
            role: None,
            is_at_home: true,
            proof: Proof::Nothing,
            is_past: false,
            is_elsewhere: false,
            must_set_up: false,
            installation: installation.to_owned(),
        };
        let secret = || "known to the browser".to_owned();
        if door.path.starts_with("/api/") {
            let token = Caller { role: Some(Role::Owner), proof: Proof::Token(secret()), ..nobody.clone() };
            return if self.token { token } else { nobody };
        }
        match (door.rule, self.session) {
            (Rule::Device, _) if self.device => Caller { proof: Proof::Device(secret()), ..nobody },
            (Rule::HalfWay, _) if self.half_way => Caller { proof: Proof::HalfWay(secret()), ..nobody },
            (Rule::Device | Rule::HalfWay, _) | (_, None) => nobody,
            (_, Some(session)) => {
                let standing = self.standing(session.whose, session.at_home);
                let proof = if session.turn { Proof::Turn(secret(), secret()) } else { Proof::Session(secret()) };
                Caller {
                    role: standing.map(|standing| standing.role.role()),
                    is_at_home: session.at_home,
                    is_elsewhere: session.turn || standing.is_some_and(|standing| standing.bound),
                    must_set_up: self.must_set_up(session),
                    proof,
                    ..nobody
                }
            }
        }
    }

    pub fn expected(&self, door: &Door, whose: Whose, installation: &str) -> Vec<Met> {
        let expected = expected(door, &self.caller(door, installation), whose);
        match self.signed_in().filter(|_| door.rule == Rule::Oneself) {
            // The session that is named is the first owner's, who does not walk here.
            Some(_) if door.path.contains("{session}") => vec![Met::NothingThere],
            // Whoever is let in there goes over, wherever they are.
            Some(session) if door.path == "/businesses/{id}/switch" => {
                let there = self.standing(session.whose, whose == Whose::Own).is_some();
                vec![if there { Met::In } else { Met::NothingThere }]
            }
            _ => expected,
        }
    }
}
