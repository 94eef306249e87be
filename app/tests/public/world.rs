//! One business with one guarantee, a clock set by hand, and a browser without scripts.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use app::{AppState, AssetNames, NoScript};
use axum::body::{Body, to_bytes};
use chrono::{DateTime, TimeDelta, Utc};
use domain::actor::{Actor, Principal};
use domain::business::BusinessDraft;
use domain::check::CheckDraft;
use domain::finding::FindingDraft;
use domain::guarantee::{Transition, WordingDraft};
use domain::hours::Hours;
use domain::ids::{GuaranteeId, PlaceId, RecoveryId};
use domain::person::NewMemberDraft;
use domain::problem::ProblemDraft;
use domain::record::Hash;
use domain::recovery::{AcknowledgementDraft, LessonDraft, RemedyDraft, StepDraft, UnderstandingDraft, UpdateDraft};
use domain::role::Role;
use domain::text::Line;
use http::{HeaderMap, Request, StatusCode};
use store::{ClockAndRandom, Store};
use tower::ServiceExt;

/// Stands in every text that is nobody else's business.
pub const PRIVATE: &str = "zzPRIVATEzz";

pub const PAGE: &str = "/p/corner-shop/clean-floor";

/// Each has a file of its own.
static WORLDS: AtomicU64 = AtomicU64::new(0);

pub struct World {
    pub state: AppState,
    pub clock: Arc<ManualClock>,
    pub owner: Actor,
    pub guarantee: GuaranteeId,
    pub place: PlaceId,
    file: PathBuf,
}

/// A clock that stands still until it is moved, and dice that count.
pub struct ManualClock {
    millis: AtomicI64,
    drawn: AtomicU64,
}

/// What came back.
pub struct TestResponse {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub has_no_script: bool,
    pub bytes: Vec<u8>,
}

impl ClockAndRandom for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.millis.load(Ordering::SeqCst)).unwrap()
    }

    fn bytes(&self) -> [u8; 32] {
        let drawn = self.drawn.fetch_add(1, Ordering::SeqCst);
        Hash::of(&drawn.to_be_bytes()).as_bytes().try_into().unwrap()
    }
}

impl ManualClock {
    pub fn advance(&self, by: TimeDelta) {
        self.millis.fetch_add(by.num_milliseconds(), Ordering::SeqCst);
    }
}

impl Drop for World {
    fn drop(&mut self) {
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{end}", self.file.display()));
        }
    }
}

impl World {
    pub async fn new() -> Self {
        Self::with(wording(), "en").await
    }

    pub async fn with(wording: WordingDraft, language: &str) -> Self {
        let world = Self::draft(wording, language).await;
        world.store().transition_guarantee(&world.owner, world.guarantee, Transition::Publish).await.unwrap().unwrap();
        world
    }

    pub async fn draft(wording: WordingDraft, language: &str) -> Self {
        let noon = DateTime::parse_from_rfc3339("2026-11-17T12:00:00Z").unwrap().to_utc();
        let clock = Arc::new(ManualClock { millis: noon.timestamp_millis().into(), drawn: AtomicU64::new(0) });
        let number = WORLDS.fetch_add(1, Ordering::SeqCst);
        let file = std::env::temp_dir().join(format!("trialmark-public-{}-{number}.db", std::process::id()));
        let _ = std::fs::remove_file(&file);
        let store = Store::open(&format!("sqlite:{}", file.display()), clock.clone()).await.unwrap();
        store.migrate().await.unwrap();

        let business = BusinessDraft {
            name: "Corner Shop".into(),
            zone: "America/Chicago".into(),
            currency: "USD".into(),
            language: language.into(),
            contact_name: "Dana Whitfield".into(),
            contact_email: "dana@corner.example".into(),
            contact_phone: "555-0142".into(),
            ..BusinessDraft::default()
        };
        let owner = NewMemberDraft {
            name: format!("{PRIVATE} owner"),
            email: format!("{PRIVATE}@corner.example"),
            password: "a password long enough".into(),
            role: "owner".into(),
        };
        let business = business.parse(Hours::always()).unwrap();
        let (business, person) =
            store.create_first_business(&business, &owner.parse().unwrap(), "hash").await.unwrap().unwrap();
        let owner = Actor::new(business, Principal::Person(person), Role::Owner);

        let problem = ProblemDraft {
            words: "I slip on wet floors.".into(),
            for_whom: "Everyone who shops here".into(),
            not_for_whom: "People on skates".into(),
        };
        let problem = store.add_problem(&owner, &problem.parse().unwrap()).await.unwrap();
        let site = store.add_site(&owner, &Line::parse("High Street").unwrap()).await.unwrap();
        let place = store.add_place(&owner, site, &Line::parse("Entrance").unwrap()).await.unwrap();
        let wording = wording.parse().unwrap();
        let slug = Some(domain::slug::Slug::parse("clean-floor").unwrap());
        let guarantee = store.add_guarantee(&owner, problem, slug, &wording, &[place]).await.unwrap();
        let assets = AssetNames {
            style: "/style.css",
            icon: "/icon.svg",
            home_icon: "/icon-cut-180.png",
            islands: "/islands.js",
            passkeys: "/passkeys.js",
            live: "/live.js",
            pending_checks: "/assets/pending_checks.js",
            drafts: "/drafts.js",
            js: "/app.js",
            wasm: "/app.wasm",
        };
        let state = AppState::new(store, "https://trialmark.example", assets);
        Self { state, clock, owner, guarantee, place, file }
    }

    pub fn store(&self) -> &Store {
        &self.state.store
    }

    pub async fn kept(&self, times: usize) {
        for _ in 0..times {
            self.check(FindingDraft { verdict: "kept".into(), ..FindingDraft::default() }).await;
        }
    }

    /// A broken promise that a customer told us about.
    pub async fn broken(&self) -> RecoveryId {
        let finding = FindingDraft {
            verdict: "broken".into(),
            reason: "0".into(),
            obstacle: "tools".into(),
            found_by: "customer".into(),
            note: format!("{PRIVATE} note"),
        };
        self.check(finding).await.unwrap()
    }

    async fn check(&self, finding: FindingDraft) -> Option<RecoveryId> {
        let draft = CheckDraft {
            id: self.clock.id().to_string(),
            guarantee: self.guarantee.to_string(),
            place: self.place.to_string(),
            finding,
            ..CheckDraft::default()
        };
        self.store().log_check(&self.owner, draft).await.unwrap().recovery
    }

    /// Walks a recovery to its follow-up, with its lesson; the customer's private link.
    pub async fn advance_to_follow_up(&self, recovery: RecoveryId) -> String {
        let lesson = StepDraft::Learn(LessonDraft {
            cause: "The mat was worn.".into(),
            corrective_action: "A new mat each spring.".into(),
            heard: "yes".into(),
            thanked: "yes".into(),
            ..LessonDraft::default()
        });
        self.follow_up_link(recovery, Some(lesson)).await
    }

    /// The same without a lesson, so the customer's answer does not close the recovery.
    pub async fn advance_to_follow_up_without_lesson(&self, recovery: RecoveryId) -> String {
        self.follow_up_link(recovery, None).await
    }

    async fn follow_up_link(&self, recovery: RecoveryId, lesson: Option<StepDraft>) -> String {
        let later = (self.clock.now() + TimeDelta::hours(5)).to_rfc3339();
        let hidden = |what: &str| format!("{PRIVATE} {what}");
        let steps = [
            StepDraft::Acknowledge(AcknowledgementDraft {
                apology: hidden("apology"),
                responsibility: "yes".into(),
                repair: "yes".into(),
                next_update_by: later,
                customer_name: hidden("customer"),
                customer_contact: hidden("contact"),
                ..AcknowledgementDraft::default()
            }),
            StepDraft::Understand(UnderstandingDraft {
                words: hidden("words"),
                severity: "minor".into(),
                preventable: "yes".into(),
                cause: hidden("first guess"),
                remedy_sought: hidden("sought"),
            }),
            StepDraft::Update(UpdateDraft { told: hidden("told"), ..UpdateDraft::default() }),
            StepDraft::Remedy(RemedyDraft {
                correction: "We dried the floor.".into(),
                remedy: "A new pair of shoes.".into(),
                gesture: hidden("gesture"),
                cost: "40".into(),
                proactive: "yes".into(),
                ..RemedyDraft::default()
            }),
        ];
        let mut link = None;
        for step in steps.into_iter().chain(lesson).chain([StepDraft::FollowUp]) {
            self.clock.advance(TimeDelta::minutes(7));
            link = self.store().take_step(&self.owner, recovery, &step).await.unwrap().unwrap().link();
        }
        format!("/follow-up/{}", link.unwrap())
    }

    pub async fn get(&self, path: &str) -> TestResponse {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub async fn get_with(&self, path: &str, name: &str, value: &str) -> TestResponse {
        self.send(Request::get(path).header(name, value).body(Body::empty()).unwrap()).await
    }

    pub async fn post(&self, path: &str, form: &str) -> TestResponse {
        let request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(form.to_owned())).unwrap()).await
    }

    async fn send(&self, request: Request<Body>) -> TestResponse {
        let router = app::router(app::doors(&self.state)).with_state(self.state.clone());
        let response = router.oneshot(request).await.unwrap();
        let has_no_script = response.extensions().get::<NoScript>().is_some();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        TestResponse { status: parts.status, headers: parts.headers, has_no_script, bytes }
    }
}

impl TestResponse {
    pub fn text(&self) -> String {
        String::from_utf8(self.bytes.clone()).unwrap().replace('\u{a0}', " ")
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

pub fn wording() -> WordingDraft {
    WordingDraft {
        title: "Clean floor".into(),
        promise: "A clean, dry floor, whenever you come in.".into(),
        criteria: vec!["Floor dry".into(), "No dirt on it".into()],
        mark: "98".into(),
        remedy: "Your shopping is on us.".into(),
        late_remedy: "And the next one too.".into(),
        conditions: "On any day.".into(),
        how_to_claim: "Tell anyone who works here.".into(),
        acknowledge_minutes: "60".into(),
        remedy_minutes: "2880".into(),
        proof: "3".into(),
    }
}
