//! What the people of Prairie Stop write down about a break: by promise, and by what was not kept.

/// What is said of one kind of break.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Words {
    /// What happened, read back.
    pub happened: &'static str,
    pub cause: &'static str,
    pub correction: &'static str,
    pub action: &'static str,
}

/// What the customer was given, by promise.
pub const REMEDIES: [&str; 4] = [
    "Coffee and a snack on us, and a call from the manager.",
    "The full price, in cash.",
    "The order, free of charge.",
    "A call back within the hour, from someone who could decide.",
];

/// What is said of a break of this promise, for the reason as it was logged.
pub fn of(promise: usize, reason: &str) -> &'static Words {
    let kinds = KINDS.get(promise).copied().unwrap_or_default();
    match (reason, reason.parse().ok().and_then(|criterion: usize| kinds.get(criterion))) {
        (_, Some(words)) => words,
        ("safety", None) => &SAFETY,
        _ => &OTHER,
    }
}

const SAFETY: Words = Words {
    happened: "A guest felt unwell, and everything else waited.",
    cause: "First aid comes first, and only one person knew how.",
    correction: "The guest was looked after, then everyone who had waited.",
    action: "Two people on every shift now know first aid.",
};

const OTHER: Words = Words {
    happened: "It was not as it should be, though nothing on the list says so.",
    cause: "A delivery came at the busiest hour.",
    correction: "Put right as soon as the delivery was in.",
    action: "Deliveries now come before six or after eight.",
};

/// By promise, restrooms, trial mark, grill and phone, and by criterion.
const KINDS: [&[Words]; 4] = [
    &[
        Words {
            happened: "The floor was wet from door to basin.",
            cause: "A basin leaked, and the last round was an hour old.",
            correction: "Mopped and dried within ten minutes.",
            action: "The seal is replaced, and the rounds are every half hour.",
        },
        Words {
            happened: "There was no soap at two of the basins, and no towel.",
            cause: "The dispensers were not refilled at the change of shift.",
            correction: "Refilled at once.",
            action: "Soap, paper and towels are part of every hand-over.",
        },
        Words {
            happened: "One lock did not close, and it smelled.",
            cause: "The fan had stopped, and nobody could hear that it had.",
            correction: "The stall was closed until the lock and the fan worked.",
            action: "The fan has a light that shows when it stands still.",
        },
    ],
    &[
        Words {
            happened: "The liniment had not helped, and the counter asked for a receipt.",
            cause: "A new colleague did not know that no receipt is needed.",
            correction: "The full price was given back, without the question.",
            action: "The rule hangs at every till, and new colleagues try it on their first day.",
        },
        Words {
            happened: "The money took a quarter of an hour.",
            cause: "Only the manager could open the till for a refund.",
            correction: "The price was paid from the manager's own pocket first.",
            action: "Everyone at the counter may give money back.",
        },
    ],
    &[
        Words {
            happened: "The order took far longer than ten minutes, and nobody said why.",
            cause: "One person was alone at the grill in the rush.",
            correction: "The order was handed over with an apology.",
            action: "From four to eight a second person stands in at the grill.",
        },
        Words {
            happened: "The fries were missing from the bag.",
            cause: "Two orders were packed side by side.",
            correction: "The fries were brought to the table, fresh.",
            action: "One bag at a time, and the receipt is ticked off.",
        },
        Words {
            happened: "The burger was cold when it was handed over.",
            cause: "It waited under a lamp that had burned out.",
            correction: "A new one was made.",
            action: "The lamps are looked at when the grill is lit.",
        },
    ],
    &[
        Words {
            happened: "The phone rang for a minute before anyone came.",
            cause: "The front desk was left alone while a delivery came in.",
            correction: "Called back by a person who could decide.",
            action: "Deliveries are signed for at the back door.",
        },
        Words {
            happened: "A machine answered and asked for a number to press.",
            cause: "The line had fallen back to the old greeting after a power cut.",
            correction: "Called back, and the greeting switched off.",
            action: "The greeting is deleted: there is nothing left to fall back to.",
        },
        Words {
            happened: "Whoever answered had to ask somebody else, and nobody called back.",
            cause: "The note about the call was lost at the change of shift.",
            correction: "Called back with an answer and an apology.",
            action: "Open calls stand on the board until they are closed.",
        },
    ],
];
