use proptest::prelude::*;

use super::*;

fn of(contact: &str, zone: &str) -> String {
    Identity::from_contact(contact, Country::of_zone(zone).as_ref()).as_str().to_owned()
}

/// Each row is one person, and different rows are different people.
fn assert_one_person_per_row(zone: &str, people: &[&[&str]]) {
    let mut seen: Vec<(String, &str)> = Vec::new();
    for spellings in people {
        let first = of(spellings[0], zone);
        for spelling in *spellings {
            assert_eq!(of(spelling, zone), first, "{spelling:?} is {:?}", spellings[0]);
        }
        assert!(!seen.iter().any(|(known, _)| *known == first), "{:?} is nobody else: {seen:?}", spellings[0]);
        seen.push((first, spellings[0]));
    }
}

#[test]
fn notations_of_a_polish_phone_number_are_equal() {
    assert_one_person_per_row(
        "Europe/Warsaw",
        &[
            &[
                "+48 600 777 001",
                "+48\u{A0}600\u{A0}777\u{A0}001",
                "+48600777001",
                "0048 600 777 001",
                "600777001",
                "600-777-001",
                "600 777 001 ",
                "(600) 777-001",
                "+48 (600) 777.001",
                "tel:+48-600-777-001",
                "Tel. 600 777 001",
                "tel.: +48 600 777 001",
                "48600777001",
                "\u{202A}+48 600 777 001\u{202C}",
                "\u{FEFF}600\u{200B}777001",
                "+48\u{2011}600\u{2013}777\u{2014}001",
                "＋４８ ６００ ７７７ ００１",
                "\u{0664}\u{0668}600777001",
                "+ 48 600/777/001",
                "+0048 600777001",
            ],
            &["+48 600 777 002"],
            &["22 123 45 67", "+48 22 123-45-67"],
            &["22 123 45 67 wew. 12", "+48221234567 ext. 12", "+48-22-1234567;ext=12", "221234567 x12", "221234567#12"],
            &["22 123 45 67 wew. 13"],
            &["+49 600 777 001", "0049 600777001"],
            &["+1 600 777 0010"],
        ],
    );
}

#[test]
fn national_dialling_prefixes_are_dropped() {
    let cases = [
        ("Europe/London", "020 7946 0958", "+442079460958"),
        ("Europe/London", "+44 (0)20 7946 0958", "+442079460958"),
        ("Europe/London", "0044 (0) 20 7946 0958", "+442079460958"),
        ("Europe/London", "44 20 7946 0958", "+442079460958"),
        ("Europe/Berlin", "030 1234567", "+49301234567"),
        ("Europe/Berlin", "+49 (0)30 / 123 45 67", "+49301234567"),
        ("America/Chicago", "(555) 201-0199", "+15552010199"),
        ("America/Chicago", "1-555-201-0199", "+15552010199"),
        ("America/Chicago", "+1 555.201.0199", "+15552010199"),
        ("America/Chicago", "011 48 600 777 001", "+48600777001"),
        ("Europe/Rome", "06 1234 5678", "+390612345678"),
        ("Europe/Rome", "+39 06 1234 5678", "+390612345678"),
        ("Europe/Budapest", "06 30 123 4567", "+36301234567"),
        ("Europe/Moscow", "8 (912) 345-67-89", "+79123456789"),
        ("Australia/Sydney", "0412 345 678", "+61412345678"),
        ("Australia/Sydney", "0011 48 600777001", "+48600777001"),
        ("Asia/Tokyo", "03-1234-5678", "+81312345678"),
        ("Europe/Paris", "01 42 68 53 00", "+33142685300"),
        ("Europe/Paris", "33 1 42 68 53 00", "+33142685300"),
        ("UTC", "600 777 001", "600777001"),
        ("UTC", "0048 600 777 001", "+48600777001"),
    ];
    for (zone, contact, expected) in cases {
        assert_eq!(of(contact, zone), expected, "{contact} in {zone}");
    }
}

#[test]
fn notations_of_an_email_address_are_equal() {
    assert_one_person_per_row(
        "Europe/Warsaw",
        &[
            &[
                "Someone@Example.com",
                "someone@example.com",
                "SOMEONE@EXAMPLE.COM",
                " someone@example.com ",
                "mailto:someone@example.com",
                "MAILTO:Someone@example.com",
                "Some One <someone@example.com>",
                "<someone@example.com>",
                "someone@example.com.",
                "some\u{200B}one@example.com",
                "someone @ example.com",
                "someone@ｅｘａｍｐｌｅ.com",
            ],
            &["someone.else@example.com"],
            &["someone@example.org"],
            &[
                "idn@bücher.example",
                "idn@xn--bcher-kva.example",
                "IDN@BÜCHER.example",
                "idn@bu\u{308}cher.example",
                "idn@XN--BCHER-KVA.example",
                "idn@bücher。example",
            ],
            &["zoë@example.com", "zoe\u{308}@example.com", "ZOË@example.com"],
            &["zoe@example.com"],
            &["dana@łódź.example", "dana@xn--d-uga0v4h.example", "Dana@ŁÓDŹ.EXAMPLE"],
        ],
    );
}

#[test]
fn a_contact_of_another_kind_is_compared_as_text() {
    assert_one_person_per_row(
        "Europe/Warsaw",
        &[
            &["Room 12, Miss Dana", "room 12,  miss\u{A0}dana"],
            &["@dana on the square", "@DANA on the square"],
            &["1234"],
            &["a@b"],
            &["dana@x.example, +48 600 777 001"],
            &["600 777 001 or 600 777 002"],
            &["ask for ext 12"],
        ],
    );
}

proptest! {
    #[test]
    fn normalization_is_idempotent(contact in any::<String>(), zone in prop::sample::select(vec!["UTC", "Europe/Warsaw", "America/Chicago"])) {
        let once = of(&contact, zone);
        prop_assert_eq!(of(&once, zone), once);
    }

    #[test]
    fn separators_between_digits_are_ignored(digits in "[1-9][0-9]{8}", cuts in prop::collection::vec((0_usize..9, prop::sample::select(vec![" ", "-", ".", "\u{A0}", "/", "\u{2011}"])), 0..5)) {
        let mut written = digits.clone();
        for (at, between) in cuts {
            let at = written.char_indices().map(|(at, _)| at).filter(|at| *at > 0).nth(at).unwrap_or(written.len());
            written.insert_str(at, between);
        }
        prop_assert_eq!(of(&written, "Europe/Warsaw"), of(&format!("+48{digits}"), "Europe/Warsaw"));
    }
}
