//! Texts for recoveries: what the people of Prairie Stop write about a break, by promise and criterion.

/// The texts for one kind of break.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BreakTexts {
    /// What happened, in the customer's words.
    pub happened: &'static str,
    pub cause: &'static str,
    pub correction: &'static str,
    pub corrective_action: &'static str,
}

/// The remedy, by promise.
pub const REMEDIES: [&str; 4] = [
    "Coffee and a snack on us, and a call from the manager.",
    "The full price, in cash.",
    "The order, free of charge.",
    "A call back within the hour, from someone who could decide.",
];

/// The texts for a break of this promise with this logged reason.
pub fn for_break(promise: usize, reason: &str) -> &'static BreakTexts {
    let by_criterion = BREAK_TEXTS.get(promise).copied().unwrap_or_default();
    match (reason, reason.parse().ok().and_then(|criterion: usize| by_criterion.get(criterion))) {
        (_, Some(texts)) => texts,
        ("safety", None) => &SAFETY,
        _ => &OTHER,
    }
}

const SAFETY: BreakTexts = BreakTexts {
    happened: "A guest felt unwell, and everything else waited.",
    cause: "First aid comes first, and only one person knew how.",
    correction: "The guest was looked after, then everyone who had waited.",
    corrective_action: "Two people on every shift now know first aid.",
};

const OTHER: BreakTexts = BreakTexts {
    happened: "It was not as it should be, though nothing on the list says so.",
    cause: "A delivery came at the busiest hour.",
    correction: "Put right as soon as the delivery was in.",
    corrective_action: "Deliveries now come before six or after eight.",
};

/// By promise (restrooms, trial mark, grill, phone), and by criterion.
const BREAK_TEXTS: [&[BreakTexts]; 4] = [
    &[
        BreakTexts {
            happened: "The floor was wet from door to basin.",
            cause: "A basin leaked, and the last round was an hour old.",
            correction: "Mopped and dried within ten minutes.",
            corrective_action: "The seal is replaced, and the rounds are every half hour.",
        },
        BreakTexts {
            happened: "There was no soap at two of the basins, and no towel.",
            cause: "The dispensers were not refilled at the change of shift.",
            correction: "Refilled at once.",
            corrective_action: "Soap, paper and towels are part of every hand-over.",
        },
        BreakTexts {
            happened: "One lock did not close, and it smelled.",
            cause: "The fan had stopped, and nobody could hear that it had.",
            correction: "The stall was closed until the lock and the fan worked.",
            corrective_action: "The fan has a light that shows when it stands still.",
        },
    ],
    &[
        BreakTexts {
            happened: "The liniment had not helped, and the counter asked for a receipt.",
            cause: "A new colleague did not know that no receipt is needed.",
            correction: "The full price was given back, without the question.",
            corrective_action: "The rule hangs at every till, and new colleagues try it on their first day.",
        },
        BreakTexts {
            happened: "The money took a quarter of an hour.",
            cause: "Only the manager could open the till for a refund.",
            correction: "The price was paid from the manager's own pocket first.",
            corrective_action: "Everyone at the counter may give money back.",
        },
    ],
    &[
        BreakTexts {
            happened: "The order took far longer than ten minutes, and nobody said why.",
            cause: "One person was alone at the grill in the rush.",
            correction: "The order was handed over with an apology.",
            corrective_action: "From four to eight a second person stands in at the grill.",
        },
        BreakTexts {
            happened: "The fries were missing from the bag.",
            cause: "Two orders were packed side by side.",
            correction: "The fries were brought to the table, fresh.",
            corrective_action: "One bag at a time, and the receipt is ticked off.",
        },
        BreakTexts {
            happened: "The burger was cold when it was handed over.",
            cause: "It waited under a lamp that had burned out.",
            correction: "A new one was made.",
            corrective_action: "The lamps are looked at when the grill is lit.",
        },
    ],
    &[
        BreakTexts {
            happened: "The phone rang for a minute before anyone came.",
            cause: "The front desk was left alone while a delivery came in.",
            correction: "Called back by a person who could decide.",
            corrective_action: "Deliveries are signed for at the back door.",
        },
        BreakTexts {
            happened: "A machine answered and asked for a number to press.",
            cause: "The line had fallen back to the old greeting after a power cut.",
            correction: "Called back, and the greeting switched off.",
            corrective_action: "The greeting is deleted: there is nothing left to fall back to.",
        },
        BreakTexts {
            happened: "Whoever answered had to ask somebody else, and nobody called back.",
            cause: "The note about the call was lost at the change of shift.",
            correction: "Called back with an answer and an apology.",
            corrective_action: "Open calls stand on the board until they are closed.",
        },
    ],
];
