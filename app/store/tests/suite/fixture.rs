//! The example that tests use: a business with its people, a site with two places, and a guarantee.

use chrono::TimeDelta;
use domain::actor::{Actor, Principal};
use domain::business::{Business, BusinessDraft};
use domain::check::CheckDraft;
use domain::correction::CorrectionDraft;
use domain::finding::FindingDraft;
use domain::guarantee::{Transition, Wording, WordingDraft};
use domain::hours::{Hours, Span};
use domain::ids::{BusinessId, CheckId, GuaranteeId, PersonId, PlaceId, ProblemId, RecoveryId, SiteId};
use domain::person::{NewMember, NewMemberDraft};
use domain::photo::PhotoPolicy;
use domain::problem::{Problem, ProblemDraft};
use domain::recovery::{
    AcknowledgementDraft, FollowUpDraft, LessonDraft, RemedyDraft, ReopenDraft, StepDraft, UnderstandingDraft,
    UpdateDraft,
};
use domain::role::Role;
use domain::schedule::{Closure, ClosureAnnouncement, Recurrence, Schedule, Weekdays};
use domain::site_access::SiteAccess;
use domain::slug::Slug;
use domain::text::{Line, Prose};
use domain::token::Token;
use store::{BusinessInfo, Error, Logged, Store};
use uuid::Uuid;

use crate::harness::TestContext;
use crate::photos::picture;

/// A business and what it promises.
#[derive(Clone)]
pub struct Fixture {
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

pub fn newcomer(name: &str, role: &str) -> NewMember {
    let email = format!("{}@prairie.example", name.to_lowercase().replace(' ', "."));
    let password = "correct horse battery".to_owned();
    NewMemberDraft { name: name.into(), email, password, role: role.into() }.parse().unwrap()
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

pub fn correction(finding: &FindingDraft, why: &str) -> CorrectionDraft {
    CorrectionDraft { finding: finding.clone(), why: why.to_owned() }
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

impl TestContext {
    /// Creates the first business, with a published guarantee at one of its two places.
    pub async fn fixture(&self) -> Fixture {
        let owner = newcomer("Maya Torres", "owner");
        let (business, person) = self.store.create_first_business(&business(), &owner, "hash").await.unwrap().unwrap();
        self.set_up(business, person, "").await
    }

    /// A second business. Its first rows are inserted directly.
    pub async fn other_fixture(&self) -> Fixture {
        let (business, person) = (Uuid::from_u128(0xB0), Uuid::from_u128(0xB1));
        let (b, p, zeros) =
            (self.direct_db.id(business), self.direct_db.id(person), self.direct_db.bytes(&"00".repeat(32)));
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
            self.direct_db.change(&sql).await;
        }
        self.set_up(BusinessId(business), PersonId(person), "Other ").await
    }

    /// The second business alone, as the first of an installation.
    pub async fn other_fixture_alone(&self) -> Fixture {
        let draft = BusinessDraft { name: "Other Stop".into(), slug: "other-stop".into(), ..business_draft() };
        let business = draft.parse(Hours::always()).unwrap();
        let owner = newcomer("Olga", "owner");
        let (business, person) = self.store.create_first_business(&business, &owner, "hash").await.unwrap().unwrap();
        self.set_up(business, person, "Other ").await
    }

    async fn set_up(&self, business: BusinessId, owner: PersonId, prefix: &str) -> Fixture {
        let store = &self.store;
        let actor = |person, role| Actor::new(business, Principal::Person(person), role);
        let owner = actor(owner, Role::Owner);
        let manager = store.add_person(&owner, &newcomer(&format!("{prefix}Nia"), "manager"), "hash").await.unwrap();
        let staff = store.add_person(&owner, &newcomer(&format!("{prefix}Sam"), "staff"), "hash").await.unwrap();
        let auditor = store.add_person(&owner, &newcomer(&format!("{prefix}Ada"), "auditor"), "hash").await.unwrap();
        let site = store.add_site(&owner, &line("Abilene")).await.unwrap();
        let place = store.add_place(&owner, site, &line("Restroom 1")).await.unwrap();
        let other_place = store.add_place(&owner, site, &line("Restroom 2")).await.unwrap();
        let problem = store.add_problem(&owner, &problem()).await.unwrap();
        let guarantee = store.add_guarantee(&owner, problem, None, &wording(), &[place]).await.unwrap();
        store.transition_guarantee(&owner, guarantee, Transition::Publish).await.unwrap().unwrap();
        Fixture {
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

impl Fixture {
    pub fn business(&self) -> BusinessId {
        self.owner.business
    }

    pub async fn home(&self, store: &Store) -> BusinessInfo {
        store.business(&self.owner).await.unwrap()
    }

    /// A check as a phone sends it: with an id of its own.
    pub fn check(&self, ctx: &TestContext, finding: FindingDraft) -> CheckDraft {
        CheckDraft {
            id: ctx.store.source().id().to_string(),
            guarantee: self.guarantee.to_string(),
            place: self.place.to_string(),
            finding,
            ..CheckDraft::default()
        }
    }

    /// Has the promise looked at again and again from now on, day and night.
    pub async fn schedule_every(&self, ctx: &TestContext, minutes: u16) {
        let rhythm = Recurrence::Every { minutes, within: Span::ALL_DAY };
        let schedule = Schedule { rhythm, days: Weekdays::ALL, grace: 0 };
        let scheduled = ctx.store.set_schedule(&self.owner, self.guarantee, &[self.place], Some(&schedule)).await;
        scheduled.unwrap().unwrap();
    }

    /// Announces a closure of an hour, writes the heartbeat, and replaces the tag.
    pub async fn announce_closure(&self, ctx: &TestContext) {
        let from = ctx.store.now();
        let closure = Closure { from, until: from + TimeDelta::hours(1) };
        let announced = ClosureAnnouncement { site: self.site, place: None, closure, reason: prose("New tiles.") };
        ctx.store.announce_closure(&self.owner, &announced).await.unwrap();
        ctx.store.record_downtime(&self.owner).await.unwrap();
        ctx.store.replace_tag(&self.owner, self.place).await.unwrap().unwrap();
    }

    /// Lets ten minutes pass without a check that is due.
    pub async fn let_window_miss(&self, ctx: &TestContext) {
        self.schedule_every(ctx, 5).await;
        ctx.minutes(10);
        assert!(ctx.store.record_missed(&self.staff).await.unwrap() > 0);
        ctx.store.set_schedule(&self.owner, self.guarantee, &[self.place], None).await.unwrap().unwrap();
    }

    /// Logs a check with a photo, and sets an example photo.
    pub async fn require_photos(&self, ctx: &TestContext) {
        let (store, guarantee) = (&ctx.store, self.guarantee);
        store.set_photo_policy(&self.owner, guarantee, PhotoPolicy::Optional).await.unwrap().unwrap();
        store.set_example_photo(&self.owner, guarantee, self.place, Some(picture(1))).await.unwrap();
        let photo = store.add_photo(&self.staff, guarantee, picture(2)).await.unwrap().to_string();
        store.log_check(&self.staff, CheckDraft { photo, ..self.check(ctx, kept()) }).await.unwrap();
    }

    pub async fn log(&self, ctx: &TestContext, finding: FindingDraft) -> Logged {
        ctx.store.log_check(&self.staff, self.check(ctx, finding)).await.unwrap()
    }

    /// Logs a kept check, a minute later.
    pub async fn keep(&self, ctx: &TestContext) -> CheckId {
        ctx.minutes(1);
        self.log(ctx, kept()).await.check
    }

    /// Logs a broken check, a minute later.
    pub async fn log_broken(&self, ctx: &TestContext, finding: FindingDraft) -> RecoveryId {
        ctx.minutes(1);
        self.log(ctx, finding).await.recovery.unwrap()
    }

    pub async fn correct(
        &self,
        ctx: &TestContext,
        check: CheckId,
        finding: &FindingDraft,
    ) -> Result<Option<Logged>, Error> {
        ctx.store.correct_check(&self.staff, check, &correction(finding, "I tapped the wrong one.")).await
    }

    /// Takes a step, a minute later. Returns the customer's link, if the step makes one.
    pub async fn step(&self, ctx: &TestContext, id: RecoveryId, draft: StepDraft) -> Option<String> {
        ctx.minutes(1);
        ctx.store.take_step(&self.staff, id, &draft).await.unwrap().unwrap().link()
    }

    /// Takes a recovery from its opening to the follow-up. Returns the customer's link, if there is a customer.
    pub async fn follow_up(&self, ctx: &TestContext, id: RecoveryId) -> Option<String> {
        let mut link = None;
        for draft in [acknowledge(), understand(), remedy(), StepDraft::FollowUp] {
            link = self.step(ctx, id, draft).await;
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

pub fn answer(fixed: &str, again: &str) -> FollowUpDraft {
    FollowUpDraft { fixed: fixed.into(), again: again.into(), words: "Thank you.".into(), ..FollowUpDraft::default() }
}

/// A token for a program.
pub fn token(role: Role) -> Token {
    Token { name: line(role.name()), role, site_access: SiteAccess::AllSites, lifetime: chrono::TimeDelta::days(90) }
}

/// A token for staff with a name.
pub fn named_token(name: &str) -> Token {
    Token { name: line(name), ..token(Role::Staff) }
}
