//! A business with one published guarantee.

use domain::actor::{Actor, Principal};
use domain::business::{BusinessDraft, FirstBusinessDraft};
use domain::guarantee::{Transition, WordingDraft};
use domain::ids::{GuaranteeId, PlaceId};
use domain::place::NameDraft;
use domain::problem::ProblemDraft;
use domain::role::Role;
use store::{Error, Store};

pub const SLUG: &str = "corner-shop";

pub struct Shop {
    pub owner: Actor,
    pub guarantee: GuaranteeId,
    pub places: Vec<PlaceId>,
}

/// Creates the business in an empty database.
pub async fn create(store: &Store) -> Result<Shop, Error> {
    store.migrate().await?;
    let (business, newcomer) = first_business().parse()?;
    let created = store.create_first_business(&business, &newcomer, "nobody signs in here").await?;
    let (business, person) = created.ok_or_else(|| Error::from(std::io::Error::other("the database is not empty")))?;
    add_guarantee(store, Actor::new(business, Principal::Person(person), Role::Owner)).await
}

/// Adds places and a published guarantee to an existing business.
pub async fn add_guarantee(store: &Store, owner: Actor) -> Result<Shop, Error> {
    let name = |name: &str| NameDraft { name: name.to_owned() };
    let site = store.add_site(&owner, &name("Main Street").parse()?).await?;
    let mut places = Vec::new();
    for place in ["Restrooms, ground floor", "Restrooms, first floor", "Shop counter", "Car park"] {
        places.push(store.add_place(&owner, site, &name(place).parse()?).await?);
    }
    let problem = store.add_problem(&owner, &problem().parse()?).await?;
    let guarantee = store.add_guarantee(&owner, problem, None, &wording().parse()?, &places).await?;
    store.transition_guarantee(&owner, guarantee, Transition::Publish).await?;
    Ok(Shop { owner, guarantee, places })
}

fn first_business() -> FirstBusinessDraft {
    let business = business();
    FirstBusinessDraft { business, email: "dana@corner.example".to_owned(), password: "not used by anyone".to_owned() }
}

pub fn business() -> BusinessDraft {
    BusinessDraft {
        name: "Corner Shop".to_owned(),
        slug: SLUG.to_owned(),
        zone: "America/Chicago".to_owned(),
        currency: "USD".to_owned(),
        language: "en".to_owned(),
        contact_name: "Dana Whitfield".to_owned(),
        contact_email: "promises@corner.example".to_owned(),
        contact_phone: "555-0142".to_owned(),
    }
}

fn problem() -> ProblemDraft {
    ProblemDraft {
        words: "After two hundred miles I never know what I will find behind that door.".to_owned(),
        for_whom: "Families and drivers on long trips".to_owned(),
        not_for_whom: "Big trucks: our lanes are too short for them".to_owned(),
    }
}

pub fn wording() -> WordingDraft {
    let criteria = ["Floor dry, nothing on it", "Soap, paper and towels at every place", "No smell, all locks work"];
    WordingDraft {
        title: "Clean restrooms".to_owned(),
        promise: "A clean, dry and stocked restroom, every time you stop.".to_owned(),
        criteria: criteria.map(str::to_owned).to_vec(),
        mark: "95".to_owned(),
        remedy: "Your next coffee is on us, and the manager calls you within the hour.".to_owned(),
        late_remedy: "If we are late with that, a full tank of washer fluid too.".to_owned(),
        conditions: "Any day, at any hour.".to_owned(),
        how_to_claim: "Tell anyone at the counter, or call the number below.".to_owned(),
        acknowledge_minutes: "60".to_owned(),
        remedy_minutes: "240".to_owned(),
        proof: "6".to_owned(),
    }
}
