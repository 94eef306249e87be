//! An example to tell facts about: a business with its people, a site with two places, a guarantee.

use chrono::TimeDelta;
use domain::actor::{Actor, Reach, Role, Who};
use domain::business::{Business, BusinessDraft};
use domain::check::{CheckDraft, FindingDraft};
use domain::guarantee::{Move, Wording, WordingDraft};
use domain::hours::{Hours, Span};
use domain::ids::{BusinessId, CheckId, GuaranteeId, PersonId, PlaceId, ProblemId, RecoveryId, SiteId};
use domain::person::{Newcomer, NewcomerDraft};
use domain::photo::Photos;
use domain::problem::{Problem, ProblemDraft};
use domain::recovery::{
    AcknowledgementDraft, AnswerDraft, LessonDraft, RemedyDraft, ReopenDraft, StepDraft, UnderstandingDraft,
    UpdateDraft,
};
use domain::schedule::{Announcement, Closure, Rhythm, Schedule, Weekdays};
use domain::slug::Slug;
use domain::text::{Line, Prose};
use domain::token::Token;
use store::{Error, Home, Logged, Store};
use uuid::Uuid;

use crate::photos::picture;
use crate::world::World;

/// A business and what it promises.
#[derive(Clone)]
pub struct Shop {
    pub owner: Actor,
    pub manager: Actor,
    pub staff: Actor,
    pub auditor: Actor,
    pub site: SiteId,
    pub place: PlaceId,
    pub other_place: PlaceId,
    pub problem: ProblemId,
    pub guarantee: GuaranteeId,
}

pub const SLUG: &str = "prairie-stop";

pub fn business_draft() -> BusinessDraft {
    BusinessDraft {
        name: "Prairie Stop".into(),
        slug: SLUG.into(),
        zone: "America/Chicago".into(),
        currency: "USD".into(),
        language: "en".into(),
        contact_name: "Maya Torres".into(),
        contact_email: "maya@prairie.example".into(),
        contact_phone: String::new(),
    }
}

pub fn business() -> Business {
    business_draft().parse(Hours::always()).unwrap()
}

pub fn newcomer(name: &str, role: &str) -> Newcomer {
    let email = format!("{}@prairie.example", name.to_lowercase().replace(' ', "."));
    let password = "correct horse battery".to_owned();
    NewcomerDraft { name: name.into(), email, password, role: role.into() }.parse().unwrap()
}

pub fn problem() -> Problem {
    let words = "I never know whether I can use the restroom.".into();
    ProblemDraft { words, for_whom: "people on the road".into(), not_for_whom: "trucks".into() }.parse().unwrap()
}

pub fn wording_draft() -> WordingDraft {
    WordingDraft {
        title: "Clean restrooms".into(),
        promise: "A clean restroom, every time you stop.".into(),
        criteria: vec!["Floor dry".into(), "Soap and towels".into()],
        mark: "95".into(),
        remedy: "Your next coffee is on us.".into(),
        late_remedy: "And a tank of washer fluid.".into(),
        conditions: String::new(),
        how_to_claim: "Tell anyone at the counter.".into(),
        acknowledge_minutes: "30".into(),
        remedy_minutes: "240".into(),
        proof: "3".into(),
    }
}

pub fn wording() -> Wording {
    wording_draft().parse().unwrap()
}

pub fn slug(text: &str) -> Slug {
    Slug::parse(text).unwrap()
}

pub fn line(text: &str) -> Line {
    Line::parse(text).unwrap()
}

pub fn prose(text: &str) -> Prose {
    Prose::parse(text).unwrap()
}

pub fn kept() -> FindingDraft {
    FindingDraft { verdict: "kept".into(), ..FindingDraft::default() }
}

pub fn broken() -> FindingDraft {
    FindingDraft { verdict: "broken".into(), reason: "1".into(), ..FindingDraft::default() }
}

pub fn told_by_a_customer() -> FindingDraft {
    FindingDraft { found_by: "customer".into(), ..broken() }
}

pub fn not_applicable() -> FindingDraft {
    FindingDraft { verdict: "not_applicable".into(), note: "Closed for painting.".into(), ..FindingDraft::default() }
}

pub fn taken_back() -> FindingDraft {
    FindingDraft { verdict: "taken_back".into(), ..FindingDraft::default() }
}

impl World {
    /// Founds the first business, with a published guarantee at one of its two places.
    pub async fn shop(&self) -> Shop {
        let owner = newcomer("Maya Torres", "owner");
        let (business, person) = self.store.begin(&business(), &owner, "hash").await.unwrap().unwrap();
        self.furnished(business, person, "").await
    }

    /// A second business, which only an installation for many could found: its first rows come in from behind.
    pub async fn other_shop(&self) -> Shop {
        let (business, person) = (Uuid::from_u128(0xB0), Uuid::from_u128(0xB1));
        let (b, p, zeros) = (self.raw.id(business), self.raw.id(person), self.raw.bytes(&"00".repeat(32)));
        let at = "'2026-11-01T00:00:00+00:00'";
        let sql = [
            format!(
                "INSERT INTO businesses (id, slug, name, zone, currency, language, contact_name, contact_email, hours, \
                 created_at) SELECT {b}, 'other-stop', 'Other Stop', zone, currency, language, 'Olga', 'olga@other.example', \
                 hours, {at} FROM businesses LIMIT 1"
            ),
            format!("INSERT INTO record_heads (business_id, seq, hash, revision) VALUES ({b}, 0, {zeros}, 0)"),
            format!(
                "INSERT INTO people (id, email, name, password_hash, created_at) \
                 VALUES ({p}, 'olga@other.example', 'Olga', 'hash', {at})"
            ),
            format!("INSERT INTO members (business_id, person_id, role, created_at) VALUES ({b}, {p}, 'owner', {at})"),
        ];
        for sql in sql {
            self.raw.change(&sql).await;
        }
        self.furnished(BusinessId(business), PersonId(person), "Other ").await
    }

    /// A business like the others, but with a public name, people and ids of its own, in an installation without them.
    pub async fn other_shop_alone(&self) -> Shop {
        let draft = BusinessDraft { name: "Other Stop".into(), slug: "other-stop".into(), ..business_draft() };
        let business = draft.parse(Hours::always()).unwrap();
        let owner = newcomer("Olga", "owner");
        let (business, person) = self.store.begin(&business, &owner, "hash").await.unwrap().unwrap();
        self.furnished(business, person, "Other ").await
    }

    async fn furnished(&self, business: BusinessId, owner: PersonId, prefix: &str) -> Shop {
        let store = &self.store;
        let actor = |person, role| Actor::of(business, Who::Person(person), role);
        let owner = actor(owner, Role::Owner);
        let manager = store.add_person(&owner, &newcomer(&format!("{prefix}Nia"), "manager"), "hash").await.unwrap();
        let staff = store.add_person(&owner, &newcomer(&format!("{prefix}Sam"), "staff"), "hash").await.unwrap();
        let auditor = store.add_person(&owner, &newcomer(&format!("{prefix}Ada"), "auditor"), "hash").await.unwrap();
        let site = store.add_site(&owner, &line("Abilene")).await.unwrap();
        let place = store.add_place(&owner, site, &line("Restroom 1")).await.unwrap();
        let other_place = store.add_place(&owner, site, &line("Restroom 2")).await.unwrap();
        let problem = store.add_problem(&owner, &problem()).await.unwrap();
        let guarantee = store.add_guarantee(&owner, problem, None, &wording(), &[place]).await.unwrap();
        store.move_guarantee(&owner, guarantee, Move::Publish).await.unwrap().unwrap();
        Shop {
            owner,
            manager: actor(manager, Role::Manager),
            staff: actor(staff, Role::Staff),
            auditor: actor(auditor, Role::Auditor),
            site,
            place,
            other_place,
            problem,
            guarantee,
        }
    }
}

impl Shop {
    pub fn business(&self) -> BusinessId {
        self.owner.business
    }

    pub async fn home(&self, store: &Store) -> Home {
        store.home(&self.owner).await.unwrap()
    }

    /// A check as a phone sends it: with an id of its own.
    pub fn check(&self, world: &World, finding: FindingDraft) -> CheckDraft {
        CheckDraft {
            id: world.store.source().id().to_string(),
            guarantee: self.guarantee.to_string(),
            place: self.place.to_string(),
            finding,
            ..CheckDraft::default()
        }
    }

    /// Has the promise looked at again and again from now on, day and night.
    pub async fn every(&self, world: &World, minutes: u16) {
        let rhythm = Rhythm::Every { minutes, within: Span::ALL_DAY };
        let schedule = Schedule { rhythm, days: Weekdays::ALL, grace: 0 };
        let scheduled = world.store.schedule(&self.owner, self.guarantee, &[self.place], Some(&schedule)).await;
        scheduled.unwrap().unwrap();
    }

    /// Is closed for an hour from now on, and looked after; its tag is replaced.
    pub async fn closes(&self, world: &World) {
        let from = world.store.now();
        let closure = Closure { from, until: from + TimeDelta::hours(1) };
        let announced = Announcement { site: self.site, place: None, closure, reason: prose("New tiles.") };
        world.store.announce_closure(&self.owner, &announced).await.unwrap();
        world.store.note_absence(&self.owner).await.unwrap();
        world.store.relabel_place(&self.owner, self.place).await.unwrap().unwrap();
    }

    /// Lets ten minutes pass in which somebody should have looked.
    pub async fn misses(&self, world: &World) {
        self.every(world, 5).await;
        world.minutes(10);
        assert!(world.store.conclude(&self.staff).await.unwrap() > 0);
        world.store.schedule(&self.owner, self.guarantee, &[self.place], None).await.unwrap().unwrap();
    }

    /// Takes a picture with a check, and shows what kept looks like.
    pub async fn pictures(&self, world: &World) {
        let (store, guarantee) = (&world.store, self.guarantee);
        store.choose_photos(&self.owner, guarantee, Photos::Optional).await.unwrap().unwrap();
        store.show_example(&self.owner, guarantee, self.place, Some(picture(1))).await.unwrap();
        let photo = store.keep_photo(&self.staff, guarantee, picture(2)).await.unwrap().to_string();
        store.log_check(&self.staff, CheckDraft { photo, ..self.check(world, kept()) }).await.unwrap();
    }

    pub async fn log(&self, world: &World, finding: FindingDraft) -> Logged {
        world.store.log_check(&self.staff, self.check(world, finding)).await.unwrap()
    }

    /// A kept check a minute after the last thing that happened.
    pub async fn keep(&self, world: &World) -> CheckId {
        world.minutes(1);
        self.log(world, kept()).await.check
    }

    /// A broken promise a minute after the last thing that happened.
    pub async fn breaks(&self, world: &World, finding: FindingDraft) -> RecoveryId {
        world.minutes(1);
        self.log(world, finding).await.recovery.unwrap()
    }

    pub async fn correct(
        &self,
        world: &World,
        check: CheckId,
        finding: &FindingDraft,
    ) -> Result<Option<Logged>, Error> {
        world.store.correct_check(&self.staff, check, finding, &prose("I tapped the wrong one.")).await
    }

    /// A step a minute later; the customer's link, where the step makes one.
    pub async fn step(&self, world: &World, id: RecoveryId, draft: StepDraft) -> Option<String> {
        world.minutes(1);
        world.store.take_step(&self.staff, id, &draft).await.unwrap().unwrap()
    }

    /// Walks a recovery from its opening to the follow-up; the customer's link, where there is a customer.
    pub async fn follow_up(&self, world: &World, id: RecoveryId) -> Option<String> {
        let mut link = None;
        for draft in [acknowledge(), understand(), remedy(), StepDraft::FollowUp] {
            link = self.step(world, id, draft).await;
        }
        link
    }
}

pub fn acknowledge() -> StepDraft {
    StepDraft::Acknowledge(AcknowledgementDraft {
        apology: "I am sorry. I will put it right.".into(),
        responsibility: "yes".into(),
        repair: "yes".into(),
        next_update_by: "2027-01-01T10:00:00Z".into(),
        ..AcknowledgementDraft::default()
    })
}

pub fn understand() -> StepDraft {
    StepDraft::Understand(UnderstandingDraft {
        words: "There was no soap.".into(),
        severity: "minor".into(),
        preventable: "no".into(),
        cause: "The delivery was late.".into(),
        remedy_sought: "A clean sink.".into(),
    })
}

pub fn update() -> StepDraft {
    StepDraft::Update(UpdateDraft { told: "It is on its way.".into(), next_update_by: String::new() })
}

pub fn remedy() -> StepDraft {
    StepDraft::Remedy(RemedyDraft {
        correction: "Soap was put out.".into(),
        remedy: "A coffee.".into(),
        gesture: "A cookie.".into(),
        cost: "4.50".into(),
        received_at: String::new(),
        proactive: "yes".into(),
    })
}

pub fn learn() -> StepDraft {
    StepDraft::Learn(LessonDraft {
        cause: "Nobody counted the soap.".into(),
        corrective_action: "It is counted on Mondays.".into(),
        heard: "yes".into(),
        thanked: "yes".into(),
        ..LessonDraft::default()
    })
}

pub fn reopen() -> StepDraft {
    StepDraft::Reopen(ReopenDraft { why: "It happened again.".into() })
}

pub fn answer(fixed: &str, again: &str) -> AnswerDraft {
    AnswerDraft { fixed: fixed.into(), again: again.into(), words: "Thank you.".into(), ..AnswerDraft::default() }
}

/// A token for a program, good for a while.
pub fn token(role: Role) -> Token {
    Token { name: line(role.name()), role, reach: Reach::Everywhere, lasts: chrono::TimeDelta::days(90) }
}

/// The same by a name, for staff.
pub fn named_token(name: &str) -> Token {
    Token { name: line(name), ..token(Role::Staff) }
}
