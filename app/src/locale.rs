//! How each language writes numbers, money, dates and times, and which language a page is in.

use std::cmp::Reverse;

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Weekday};
use domain::business::Language;
use domain::money::Money;

use crate::texts::Texts;

/// The language of a page: the person's choice, else the cookie, else the browser's preference, else the business's
/// language.
#[must_use]
pub fn choose_language(
    user: Option<Language>,
    cookie: Option<&str>,
    accept_language: Option<&str>,
    business: Language,
) -> Language {
    let remembered = || Language::parse(cookie?).ok();
    user.or_else(remembered).or_else(|| best_accepted(accept_language?, business)).unwrap_or(business)
}

/// The best language of an `Accept-Language` header (RFC 9110, 12.5.4): the highest weight, then the earliest, then
/// the business's language.
fn best_accepted(field: &str, business: Language) -> Option<Language> {
    /// More ranges than any browser sends.
    const MAX_RANGES: usize = 32;
    let ranges: Vec<(&str, u16)> = field.split(',').take(MAX_RANGES).filter_map(range).collect();
    let weight = |language: Language| {
        let named = |name: &str| {
            let matches = ranges.iter().enumerate().filter(|(_, (tag, _))| tag.eq_ignore_ascii_case(name));
            matches.map(|(at, (_, weight))| (*weight, Reverse(at))).max()
        };
        named(language.code()).or_else(|| named("*"))
    };
    let others = Language::ALL.into_iter().filter(|language| *language != business);
    let weighed = others.chain([business]).filter_map(|language| Some((weight(language)?, language)));
    weighed.filter(|((weight, _), _)| *weight > 0).max_by_key(|(weight, _)| *weight).map(|(_, language)| language)
}

/// The primary tag of a language range and its weight in thousandths. Malformed ranges are ignored.
fn range(text: &str) -> Option<(&str, u16)> {
    let (tag, weight) = text.split_once(';').unwrap_or((text, "q=1"));
    let (name, weight) = weight.trim().split_once('=')?;
    let primary = tag.trim().split('-').next()?;
    name.trim().eq_ignore_ascii_case("q").then_some((primary, thousandths(weight.trim())?))
}

fn thousandths(weight: &str) -> Option<u16> {
    let (whole, rest) = weight.split_once('.').unwrap_or((weight, ""));
    let plain = rest.len() <= 3 && rest.bytes().all(|b| b.is_ascii_digit());
    let rest: u16 = format!("{rest:0<3}").parse().ok().filter(|_| plain)?;
    match (whole, rest) {
        ("0", rest) => Some(rest),
        ("1", 0) => Some(1000),
        _ => None,
    }
}

const NO_BREAK: char = '\u{A0}';

impl Texts {
    fn decimal_separator(self) -> char {
        match self.lang() {
            Language::En => '.',
            Language::Pl => ',',
        }
    }

    /// Groups digits in threes. Polish does not group four digits.
    pub(crate) fn grouped(self, digits: &str) -> String {
        let (group, least) = match self.lang() {
            Language::En => (',', 4),
            Language::Pl => (NO_BREAK, 5),
        };
        let mut text = String::with_capacity(digits.len() + digits.len() / 3);
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && digits.len() >= least && (digits.len() - i).is_multiple_of(3) {
                text.push(group);
            }
            text.push(digit);
        }
        text
    }

    /// `8,412`.
    #[must_use]
    pub fn number(self, count: u64) -> String {
        self.grouped(&count.to_string())
    }

    /// Basis points as a percentage, with only the decimals it needs: `99.7 %`.
    #[must_use]
    pub fn percent(self, basis_points: u32) -> String {
        format!("{}{NO_BREAK}%", self.share(basis_points))
    }

    /// `99.6–99.8 %`.
    #[must_use]
    pub fn percent_range(self, from: u32, to: u32) -> String {
        format!("{}–{}", self.share(from), self.percent(to))
    }

    fn share(self, basis_points: u32) -> String {
        self.decimal(&(basis_points / 100).to_string(), format!("{:02}", basis_points % 100).trim_end_matches('0'))
    }

    fn decimal(self, whole: &str, decimals: &str) -> String {
        let whole = self.grouped(whole);
        if decimals.is_empty() { whole } else { format!("{whole}{}{decimals}", self.decimal_separator()) }
    }

    /// `$18.40`; in Polish `18,40 zł`.
    #[must_use]
    pub fn money(self, money: Money) -> String {
        let places = money.currency.decimals();
        let unit = 10_u64.pow(places);
        let (whole, rest) = (money.minor.unsigned_abs() / unit, money.minor.unsigned_abs() % unit);
        let decimals = if places == 0 { String::new() } else { format!("{rest:0places$}", places = places as usize) };
        let amount = self.decimal(&whole.to_string(), &decimals);
        let code = money.currency.code();
        match (self.lang(), code) {
            (Language::En, "USD") => format!("${amount}"),
            (Language::En, "EUR") => format!("€{amount}"),
            (Language::En, "GBP") => format!("£{amount}"),
            (Language::En, _) => format!("{code}{NO_BREAK}{amount}"),
            (Language::Pl, "PLN") => format!("{amount}{NO_BREAK}zł"),
            (Language::Pl, "EUR") => format!("{amount}{NO_BREAK}€"),
            (Language::Pl, _) => format!("{amount}{NO_BREAK}{code}"),
        }
    }

    /// A duration of opening time. It is never given in days, because the length of a day depends on the opening
    /// hours.
    #[must_use]
    pub fn opening_time(self, minutes: u32) -> String {
        match (minutes / 60, minutes % 60) {
            (0, 0) => self.text("span-moment"),
            (0, rest) => self.text_with("span-minutes", &[("first", rest.into())]),
            (hours, 0) => self.text_with("span-hours", &[("first", hours.into())]),
            (hours, rest) => self.text_with("span-hours-minutes", &[("first", hours.into()), ("second", rest.into())]),
        }
    }

    /// A duration in its two largest units: `1 h 12 min`, `3 days`.
    #[must_use]
    pub fn duration(self, span: TimeDelta) -> String {
        let span = span.abs();
        let (days, hours, minutes) = (span.num_days(), span.num_hours() % 24, span.num_minutes() % 60);
        let tell = |key, values: &[i64]| {
            let names = ["first", "second"].into_iter().zip(values.iter().map(|value| (*value).into()));
            self.text_with(key, &names.collect::<Vec<_>>())
        };
        match (days, hours, minutes) {
            (0, 0, 0) => self.text("span-moment"),
            (0, 0, _) => tell("span-minutes", &[minutes]),
            (0, _, 0) => tell("span-hours", &[hours]),
            (0, _, _) => tell("span-hours-minutes", &[hours, minutes]),
            (1 | 2, 1.., _) => tell("span-days-hours", &[days, hours]),
            _ => tell("span-days", &[days]),
        }
    }

    /// `12 min ago`.
    #[must_use]
    pub fn ago(self, span: TimeDelta) -> String {
        if span < TimeDelta::minutes(1) {
            return self.text("ago-moment");
        }
        self.text_with("ago", &[("span", self.duration(span).into())])
    }

    /// `17 November 2026`.
    #[must_use]
    pub fn date(self, date: NaiveDate) -> String {
        self.text_with(
            "date-day",
            &[
                ("day", date.day().to_string().into()),
                ("month", self.text(month(date, &MONTHS)).into()),
                ("year", date.year().to_string().into()),
            ],
        )
    }

    /// `Tuesday 17 November`.
    #[must_use]
    pub fn weekday_and_date(self, date: NaiveDate) -> String {
        self.text_with(
            "date-weekday",
            &[
                ("weekday", self.text(WEEKDAYS[date.weekday().num_days_from_monday() as usize]).into()),
                ("day", date.day().to_string().into()),
                ("month", self.text(month(date, &MONTHS)).into()),
            ],
        )
    }

    #[must_use]
    pub fn weekday_name(self, day: Weekday) -> String {
        self.text(WEEKDAYS[day.num_days_from_monday() as usize])
    }

    /// `17 Nov`: for tables.
    #[must_use]
    pub fn short_date(self, date: NaiveDate) -> String {
        format!("{}{NO_BREAK}{}", date.day(), self.text(month(date, &SHORT_MONTHS)))
    }

    /// `9:40`.
    #[must_use]
    pub fn time(self, time: NaiveTime) -> String {
        time.format("%-H:%M").to_string()
    }

    /// `Tuesday 17 November, 9:40`.
    #[must_use]
    pub fn date_time(self, moment: NaiveDateTime) -> String {
        format!("{}, {}", self.weekday_and_date(moment.date()), self.time(moment.time()))
    }

    /// `17 November 2026, 9:40`: with the year.
    #[must_use]
    pub fn full_date_time(self, moment: NaiveDateTime) -> String {
        format!("{}, {}", self.date(moment.date()), self.time(moment.time()))
    }
}

fn month(date: NaiveDate, names: &[&'static str; 12]) -> &'static str {
    names[date.month0() as usize]
}

const MONTHS: [&str; 12] = [
    "month-1", "month-2", "month-3", "month-4", "month-5", "month-6", "month-7", "month-8", "month-9", "month-10",
    "month-11", "month-12",
];

const SHORT_MONTHS: [&str; 12] = [
    "month-short-1",
    "month-short-2",
    "month-short-3",
    "month-short-4",
    "month-short-5",
    "month-short-6",
    "month-short-7",
    "month-short-8",
    "month-short-9",
    "month-short-10",
    "month-short-11",
    "month-short-12",
];

const WEEKDAYS: [&str; 7] = ["weekday-1", "weekday-2", "weekday-3", "weekday-4", "weekday-5", "weekday-6", "weekday-7"];

#[cfg(test)]
mod tests {
    use super::*;
    use domain::money::Currency;
    use proptest::prelude::*;

    const EN: Texts = Texts::of(Language::En);
    const PL: Texts = Texts::of(Language::Pl);

    #[test]
    fn language_precedence_is_person_cookie_browser_business() {
        assert_eq!(choose_language(Some(Language::Pl), Some("en"), Some("en"), Language::En), Language::Pl);
        assert_eq!(choose_language(None, Some("pl"), Some("en"), Language::En), Language::Pl);
        assert_eq!(choose_language(None, Some("xx"), Some("pl-PL,en;q=0.5"), Language::En), Language::Pl);
        assert_eq!(choose_language(None, None, Some("de, fr;q=0.9"), Language::Pl), Language::Pl);
        assert_eq!(choose_language(None, None, None, Language::Pl), Language::Pl);
    }

    #[test]
    fn accept_language_prefers_weight_then_order() {
        let asked = |field, business| choose_language(None, None, Some(field), business);
        assert_eq!(asked("en;q=0.4, PL ; q=0.9", Language::En), Language::Pl);
        assert_eq!(asked("pl, en", Language::En), Language::Pl);
        assert_eq!(asked("de, *;q=0.1", Language::Pl), Language::Pl);
        assert_eq!(asked("pl;q=0, *", Language::Pl), Language::En);
        assert_eq!(asked("en;q=0", Language::En), Language::En);
        assert_eq!(asked("en;q=2, pl;q=0.001", Language::En), Language::Pl);
    }

    proptest! {
        #[test]
        fn no_accept_language_header_causes_a_panic(field in any::<String>()) {
            let _ = choose_language(None, None, Some(&field), Language::En);
        }
    }

    #[test]
    fn percentages_have_no_trailing_zeros() {
        assert_eq!(
            [9970, 9999, 10_000, 5].map(|bp| EN.percent(bp)),
            ["99.7\u{a0}%", "99.99\u{a0}%", "100\u{a0}%", "0.05\u{a0}%"]
        );
        assert_eq!(PL.percent(9970), "99,7\u{a0}%");
        assert_eq!(EN.percent_range(9960, 9980), "99.6–99.8\u{a0}%");
    }

    #[test]
    fn digit_grouping_follows_the_language() {
        assert_eq!([999, 8412, 1_234_567].map(|n| EN.number(n)), ["999", "8,412", "1,234,567"]);
        assert_eq!([8412, 40_000].map(|n| PL.number(n)), ["8412", "40\u{a0}000"]);
    }

    #[test]
    fn money_format_follows_currency_and_language() {
        let money = |minor, code| Money { minor, currency: Currency::parse(code).unwrap() };
        assert_eq!(EN.money(money(1840, "USD")), "$18.40");
        assert_eq!(PL.money(money(123_456_789, "PLN")), "1\u{a0}234\u{a0}567,89\u{a0}zł");
        assert_eq!(EN.money(money(500, "JPY")), "JPY\u{a0}500");
        assert_eq!(PL.money(money(1005, "KWD")), "1,005\u{a0}KWD");
    }

    #[test]
    fn durations_show_their_two_largest_units() {
        let minutes = [0, 8, 60, 72, 1440, 1500, 4320, 7260].map(TimeDelta::minutes);
        assert_eq!(
            minutes.map(|span| EN.duration(span).replace('\u{a0}', " ")),
            ["less than a minute", "8 min", "1 h", "1 h 12 min", "1 day", "1 day 1 h", "3 days", "5 days",]
        );
        assert_eq!(PL.duration(TimeDelta::days(5)), "5\u{a0}dni");
        assert_eq!(PL.ago(TimeDelta::minutes(12)), "12\u{a0}min temu");
    }

    #[test]
    fn dates_use_the_right_grammatical_case() {
        let moment = NaiveDate::from_ymd_opt(2026, 11, 17).and_then(|day| day.and_hms_opt(9, 40, 0)).unwrap();
        assert_eq!(EN.date_time(moment), "Tuesday 17\u{a0}November, 9:40");
        assert_eq!(PL.date_time(moment), "wtorek, 17\u{a0}listopada, 9:40");
        assert_eq!(PL.full_date_time(moment), "17\u{a0}listopada 2026, 9:40");
        assert_eq!(EN.short_date(moment.date()), "17\u{a0}Nov");
    }
}
