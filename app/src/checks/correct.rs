//! Mending a check that was wrong: something is added, nothing is taken away.

use axum::response::Response;
use domain::actor::{Act, Actor};
use domain::breaks::FoundBy;
use domain::check::{self, Correction, FindingDraft, Freed, Verdict};
use domain::fault::Faults;
use domain::ids::CheckId;
use domain::obstacle::Obstacle;
use domain::revision::Revision;
use domain::text::Prose;
use leptos::prelude::*;
use store::{CheckRow, Logged, Store, stands};

use super::api::CorrectionDraft;
use super::forms::obstacle_key;
use super::list::Named;
use super::page::verdict_key;
use crate::doors::Doors;
use crate::doors::Rule::MemberOrTurn;
use crate::error::Error;
use crate::form::{Area, Choice, Item, Select};
use crate::page::{Sent, Trouble, go};
use crate::visit::{Inside, Path, Replacing};

pub(super) fn doors(doors: Doors) -> Doors {
    doors.get("/checks/{id}/correct", MemberOrTurn(Act::Correct), show).post(
        "/checks/{id}/correct",
        MemberOrTurn(Act::Correct),
        mend,
    )
}

async fn show(inside: Inside, Path(id): Path<String>) -> Result<Response, Error> {
    let row = find(&inside, &id).await?;
    let named = Named::load(&inside).await?;
    let title = named.when.texts.say("checks-correct-title");
    let draft = CorrectionDraft::default();
    Ok(inside.page(&title, || page(&named, &row, &draft, &Trouble::default(), back(&inside))))
}

async fn mend(
    inside: Inside,
    Path(id): Path<String>,
    Replacing { form: draft, seen }: Replacing<CorrectionDraft>,
) -> Result<Response, Error> {
    match correct(&inside.since(&seen), inside.actor(), &id, &draft).await {
        Ok(Logged { recovery: Some(recovery), .. }) if inside.may(Act::Read) => {
            Ok(go(&format!("/recoveries/{recovery}")))
        }
        Ok(_) => Ok(go(back(&inside).0)),
        Err(error @ (Error::Invalid(_) | Error::Conflict(_))) => {
            let row = find(&inside, &id).await?;
            let named = Named::load(&inside).await?;
            let title = named.when.texts.say("checks-correct-title");
            let (texts, sent) = (named.when.texts, Sent::new(seen, &draft));
            let word = |_: &str, name: &str| Verdict::parse(name).ok().map(|verdict| texts.say(verdict_key(verdict)));
            inside
                .again_beside(error, &title, sent, word, |trouble| page(&named, &row, &draft, &trouble, back(&inside)))
        }
        Err(error) => Err(error),
    }
}

/// Corrects a check by its id as it was sent.
///
/// # Errors
/// No such check; the role does not allow it; a field is wrong; it changes nothing; the database is unavailable.
pub(super) async fn correct(store: &Store, actor: &Actor, id: &str, draft: &CorrectionDraft) -> Result<Logged, Error> {
    let id: CheckId = id.parse().map_err(|_| Error::NotFound)?;
    let mut faults = Faults::default();
    let why = faults.take("why", Prose::parse(&draft.why));
    // Which criteria there are is known further in; what else is wrong is said together.
    let why = match (why, draft.finding.correction(usize::MAX)) {
        (Some(why), Ok(_)) => why,
        (_, Err(more)) => return Err(faults.and(more).into()),
        (None, Ok(_)) => return Err(faults.into()),
    };
    store.correct_check(actor, id, &draft.finding, &why).await?.ok_or(Error::NotFound)
}

/// Where it goes on from here: to the list of checks, for those who read it.
fn back(inside: &Inside) -> (&'static str, &'static str) {
    if inside.may(Act::Read) { ("/checks", "checks-to-list") } else { ("/today", "checks-today") }
}

async fn find(inside: &Inside, id: &str) -> Result<CheckRow, Error> {
    let id: CheckId = id.parse().map_err(|_| Error::NotFound)?;
    let row = inside.visit.state.store.check(inside.actor(), id).await?.ok_or(Error::NotFound)?;
    inside.actor().permit_mending(row.own).map_err(|_| Error::Forbidden)?;
    Ok(row)
}

fn page(
    named: &Named,
    row: &CheckRow,
    draft: &CorrectionDraft,
    trouble: &Trouble,
    (to, back): (&'static str, &'static str),
) -> impl IntoView + use<> {
    let (texts, CorrectionDraft { finding, why }) = (named.when.texts, draft.clone());
    let FindingDraft { verdict, reason, obstacle, found_by, note } = finding;
    let standing = row.corrected.unwrap_or(row.verdict);
    let at = |field: &str| trouble.at(texts, field);
    let verdicts = [
        (Verdict::Kept, "checks-kept-more"),
        (Verdict::Broken, "checks-correct-broken-hint"),
        (Verdict::NotApplicable, "checks-correct-aside-hint"),
        (Verdict::TakenBack, "checks-correct-taken-back-hint"),
    ];
    let may = |verdict| match verdict {
        // Whether it ever said broken is known further in.
        Verdict::TakenBack => {
            check::correct(standing, standing == Verdict::Broken, &Correction::TakenBack, Freed::Open).is_ok()
        }
        other => other != standing,
    };
    let others = verdicts.into_iter().filter(|(verdict, _)| may(*verdict));
    let verdicts: Vec<_> = others
        .map(|(verdict, hint)| Item::new(verdict.name(), texts.say(verdict_key(verdict))).hint(texts.say(hint)))
        .collect();
    let criteria = named.guarantee(row).filter(|guarantee| guarantee.version == row.version);
    let criteria = criteria.into_iter().flat_map(|guarantee| guarantee.wording.criteria.iter().enumerate());
    let criteria = criteria.map(|(position, line)| Item::new(position.to_string(), line.as_str()));
    let more = [("", "checks-choose"), ("safety", "checks-reason-safety"), ("other", "checks-reason-other")];
    let [choose, safety, other] = more.map(|(value, key)| Item::new(value, texts.say(key)));
    let reasons: Vec<_> = [choose].into_iter().chain(criteria).chain([safety, other]).collect();
    let nothing = Item::new("", texts.say("checks-obstacle-none"));
    let obstacles = Obstacle::ALL.map(|one| Item::new(one.name(), texts.say(obstacle_key(one))));
    let obstacles: Vec<_> = [nothing].into_iter().chain(obstacles).collect();
    let found = [(FoundBy::Staff, "checks-found-by-us"), (FoundBy::Customer, "checks-found-by-customer")];
    let found = found.map(|(by, key)| Item::new(by.name(), texts.say(key))).to_vec();
    let found_by = if found_by.is_empty() { FoundBy::Staff.name().to_owned() } else { found_by };
    let said = [("verdict", texts.say(verdict_key(standing)).into()), ("at", named.when.at(row.at).into())];
    let if_broken = (standing != Verdict::Broken).then(|| view! {
        <fieldset class="field grid">
            <legend>{texts.say("checks-correct-if-broken")}</legend>
            <Select name="reason" label=texts.say("checks-reason") items=reasons value=reason fault=at("reason") />
            <Choice name="found_by" label=texts.say("checks-found-by") items=found value=found_by fault=at("found_by") />
            <Select name="obstacle" label=texts.say("checks-obstacle") items=obstacles value=obstacle fault=at("obstacle") />
        </fieldset>
    });
    let action = format!("/checks/{}/correct", row.id);
    let counts_no_more = match standing {
        Verdict::Void => Some("refused-check-void"),
        Verdict::TakenBack => Some("refused-check-taken-back"),
        _ => None,
    };
    let form = counts_no_more.is_none().then(|| view! {
        <p class="soft">{texts.say("checks-correct-lead")}</p>
        <form method="post" action=action>
            {trouble.revision(&Revision::of(&stands::verdict(standing)))}
            <Choice name="verdict" label=texts.say("checks-correct-verdict") items=verdicts value=verdict fault=at("verdict") required=true />
            <Area name="why" label=texts.say("checks-correct-why") hint=texts.say("checks-public-hint") value=why fault=at("why") required=true max=Prose::MAX />
            <Area name="note" label=texts.say("checks-correct-note") hint=texts.say("checks-correct-note-hint") value=note fault=at("note") max=Prose::MAX />
            {if_broken}
            <p><button class="btn tall">{texts.say("checks-correct-save")}</button></p>
        </form>
    });
    view! {
        <main id="main" class="slim">
            <p><a class="link" href=to>{texts.say(back)}</a></p>
            <p class="label">{named.place(row)}" · "{named.title(row)}</p>
            <h1>{texts.say("checks-correct-title")}</h1>
            <p>{texts.tell("checks-correct-was", &said)}</p>
            {trouble.summary(texts)}
            {counts_no_more.map(|key| view! { <p class="note">{texts.say(key)}</p> })}
            {form}
        </main>
    }
}
