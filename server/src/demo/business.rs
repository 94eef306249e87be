//! The people, sites and guarantees of Prairie Stop.

use std::collections::BTreeSet;

use domain::actor::{Actor, Principal};
use domain::business::{Business, BusinessDraft};
use domain::fault::Faults;
use domain::guarantee::{Transition, WordingDraft};
use domain::hours::{Hours, Span};
use domain::ids::{GuaranteeId, PersonId, PlaceId};
use domain::person::{NewMember, NewMemberDraft};
use domain::photo::PhotoPolicy;
use domain::place::NameDraft;
use domain::problem::ProblemDraft;
use domain::role::Role;
use domain::schedule::{DAYS, ScheduleDraft};
use store::Store;

use super::source::DemoSource;

/// The password of everybody in the example.
pub const PASSWORD: &str = "prairie stop example";

/// Name, address and role; the first is the owner.
pub const PEOPLE: [(&str, &str, Role); 5] = [
    ("Dana Whitfield", "dana@prairiestop.example", Role::Owner),
    ("Luis Ortega", "luis@prairiestop.example", Role::Manager),
    ("Maya Chen", "maya@prairiestop.example", Role::Staff),
    ("Sam Brooks", "sam@prairiestop.example", Role::Staff),
    ("Ruth Okafor", "ruth@prairiestop.example", Role::Auditor),
];

const SITES: [&str; 3] = ["Amarillo West", "Joplin", "Tulsa"];
const PLACES: [&str; 4] = ["Restrooms", "Shop counter", "Grill counter", "Front desk phone"];

/// The business, as far as the history needs it.
pub struct DemoBusiness {
    pub owner: Actor,
    pub staff: Vec<Actor>,
    pub promises: Vec<DemoPromise>,
}

/// A guarantee, and the places where it is promised.
pub struct DemoPromise {
    pub guarantee: GuaranteeId,
    pub places: Vec<PlaceId>,
    pub criteria: usize,
}

struct DemoGuarantee {
    problem: [&'static str; 3],
    title: &'static str,
    promise: &'static str,
    criteria: &'static [&'static str],
    mark: &'static str,
    remedy: &'static str,
    late_remedy: &'static str,
    conditions: &'static str,
    how_to_claim: &'static str,
    recovery_minutes: [&'static str; 2],
    proof: &'static str,
    /// A check every so many minutes, within a span of the day.
    check_schedule: Option<[&'static str; 2]>,
    photos: PhotoPolicy,
}

const GUARANTEES: [DemoGuarantee; 4] = [
    DemoGuarantee {
        problem: [
            "After two hundred miles I never know what I will find behind that door.",
            "Families and drivers on long trips",
            "Big trucks: our lanes are too short for them",
        ],
        title: "Clean restrooms",
        promise: "A clean, dry and stocked restroom, every time you stop.",
        criteria: &["Floor dry, nothing on it", "Soap, paper and towels at every place", "No smell, all locks work"],
        mark: "95",
        remedy: "Your next coffee and snack are on us, and the manager calls you within the hour. No receipt, no form, no argument.",
        late_remedy: "If we are late with that, a full tank of washer fluid too.",
        conditions: "At all three stops, any day.",
        how_to_claim: "Tell anyone at the counter, or call the number below.",
        recovery_minutes: ["30", "240"],
        proof: "6",
        check_schedule: Some(["30", "06:00-22:00"]),
        photos: PhotoPolicy::Forbidden,
    },
    DemoGuarantee {
        problem: [
            "I have bought liniment that did nothing, and then it was my loss.",
            "Anyone who buys a bottle at our counter",
            "Resellers",
        ],
        title: "Trial mark, money back",
        promise: "If it has not helped by the trial mark on the bottle, you get your money back at the counter, the same day.",
        criteria: &["Money back in full, no questions", "Given at the counter in five minutes"],
        mark: "97",
        remedy: "The full price, in cash, at any of our stops.",
        late_remedy: "If you had to ask twice, twice the price.",
        conditions: "The level is still above the mark. Bring the bottle; you need no receipt.",
        how_to_claim: "Put the bottle on the counter and say it did not help.",
        recovery_minutes: ["60", "480"],
        proof: "4",
        check_schedule: None,
        photos: PhotoPolicy::Optional,
    },
    DemoGuarantee {
        problem: [
            "We have twenty minutes, and half of them go to waiting for food.",
            "Travellers who order at the grill",
            "Catering and orders for more than ten people",
        ],
        title: "Order ready in ten minutes",
        promise: "Your grill order is in your hands within ten minutes of paying.",
        criteria: &["Handed over within ten minutes", "What was ordered, complete", "Hot food hot"],
        mark: "98",
        remedy: "The order is free, on the spot, and you eat it.",
        late_remedy: "If nobody has refunded you when you leave, your next order is free as well.",
        conditions: "Orders for up to ten people.",
        how_to_claim: "Show the time on your receipt at the grill.",
        recovery_minutes: ["15", "120"],
        proof: "10",
        check_schedule: None,
        photos: PhotoPolicy::Forbidden,
    },
    DemoGuarantee {
        problem: [
            "When I call about a lost wallet I do not want to press one for hours.",
            "Anyone who calls a stop",
            "Sales calls",
        ],
        title: "A human answers within two rings",
        promise: "When you call one of our stops from 6 to 22, a person answers within two rings.",
        criteria: &["Answered within two rings", "By a person, not a machine", "Who can decide, or calls back today"],
        mark: "98",
        remedy: "We call you back within the hour, and the person who calls can decide.",
        late_remedy: "If we are late with that, the owner calls, and brings a gift card.",
        conditions: "",
        how_to_claim: "Tell whoever answers next, or write to us.",
        recovery_minutes: ["60", "240"],
        proof: "8",
        check_schedule: None,
        photos: PhotoPolicy::Forbidden,
    },
];

/// Creates the business with its people, and publishes its guarantees.
pub async fn create_business(store: &Store, source: &DemoSource) -> Result<DemoBusiness, store::Error> {
    let (business, owner) = (new_business()?, new_member(0)?);
    let hash = app::password::hash(&owner.password, source).map_err(|error| failed(&error))?;
    let created = store.create_first_business(&business, &owner, &hash).await?;
    let (id, person) = created.ok_or_else(|| failed(&"the database is not empty"))?;
    let owner = Actor::new(id, Principal::Person(person), Role::Owner);
    let mut staff = Vec::new();
    for number in 1..PEOPLE.len() {
        let new_member = new_member(number)?;
        let person = store.add_person(&owner, &new_member, &hash).await?;
        if new_member.role != Role::Auditor {
            staff.push(Actor::new(id, Principal::Person(PersonId(person.0)), new_member.role));
        }
    }
    let promises = add_guarantees(store, &owner).await?;
    Ok(DemoBusiness { owner, staff, promises })
}

async fn add_guarantees(store: &Store, owner: &Actor) -> Result<Vec<DemoPromise>, store::Error> {
    let mut places: [Vec<PlaceId>; 4] = Default::default();
    for site in SITES {
        let site = store.add_site(owner, &NameDraft { name: site.to_owned() }.parse()?).await?;
        for (kind, place) in PLACES.iter().enumerate() {
            let name = NameDraft { name: (*place).to_owned() }.parse()?;
            places[kind].push(store.add_place(owner, site, &name).await?);
        }
    }
    let mut promises = Vec::new();
    for (demo_guarantee, places) in GUARANTEES.iter().zip(places) {
        let [words, for_whom, not_for_whom] = demo_guarantee.problem.map(str::to_owned);
        let problem = store.add_problem(owner, &ProblemDraft { words, for_whom, not_for_whom }.parse()?).await?;
        let wording = wording(demo_guarantee).parse()?;
        let guarantee = store.add_guarantee(owner, problem, None, &wording, &places).await?;
        store.transition_guarantee(owner, guarantee, Transition::Publish).await?;
        if let Some([every, within]) = demo_guarantee.check_schedule {
            let days = DAYS.map(|(day, _)| day.to_owned()).to_vec();
            let (every, within, grace) = (every.to_owned(), within.to_owned(), "10".to_owned());
            let draft =
                ScheduleDraft { rhythm: "every".to_owned(), every, within, days, grace, ..ScheduleDraft::default() };
            store.set_schedule(owner, guarantee, &places, draft.parse()?.as_ref()).await?;
        }
        if demo_guarantee.photos != PhotoPolicy::default() {
            store.set_photo_policy(owner, guarantee, demo_guarantee.photos).await?;
        }
        promises.push(DemoPromise { guarantee, places, criteria: wording.criteria.len() });
    }
    Ok(promises)
}

fn wording(demo_guarantee: &DemoGuarantee) -> WordingDraft {
    let [acknowledge_minutes, remedy_minutes] = demo_guarantee.recovery_minutes.map(str::to_owned);
    WordingDraft {
        title: demo_guarantee.title.to_owned(),
        promise: demo_guarantee.promise.to_owned(),
        criteria: demo_guarantee.criteria.iter().map(|&line| line.to_owned()).collect(),
        mark: demo_guarantee.mark.to_owned(),
        remedy: demo_guarantee.remedy.to_owned(),
        late_remedy: demo_guarantee.late_remedy.to_owned(),
        conditions: demo_guarantee.conditions.to_owned(),
        how_to_claim: demo_guarantee.how_to_claim.to_owned(),
        acknowledge_minutes,
        remedy_minutes,
        proof: demo_guarantee.proof.to_owned(),
    }
}

fn new_business() -> Result<Business, store::Error> {
    let draft = BusinessDraft {
        name: "Prairie Stop".to_owned(),
        slug: "prairie-stop".to_owned(),
        zone: "America/Chicago".to_owned(),
        currency: "USD".to_owned(),
        language: "en".to_owned(),
        contact_name: PEOPLE[0].0.to_owned(),
        contact_email: "promises@prairiestop.example".to_owned(),
        contact_phone: "555-0142".to_owned(),
    };
    let day = Span::new(6 * 60, 22 * 60).map_err(|error| failed(&error))?;
    let hours = Hours::new(std::array::from_fn(|_| vec![day]), BTreeSet::new()).map_err(|error| failed(&error))?;
    Ok(draft.parse(hours)?)
}

fn new_member(number: usize) -> Result<NewMember, Faults> {
    let (name, email, role) = PEOPLE[number];
    let (name, email, role) = (name.to_owned(), email.to_owned(), role.name().to_owned());
    NewMemberDraft { name, email, password: PASSWORD.to_owned(), role }.parse()
}

fn failed(error: &dyn std::fmt::Display) -> store::Error {
    std::io::Error::other(error.to_string()).into()
}
