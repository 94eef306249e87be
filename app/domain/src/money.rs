//! Money: a whole number of minor units in an ISO 4217 currency.

use serde::{Deserialize, Serialize};

use crate::fault::Fault;
use crate::text::tidy;

/// An active ISO 4217 currency code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

/// An amount of money, zero or more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// The amount in minor units, such as cents.
    pub minor: i64,
    pub currency: Currency,
}

/// The active codes of ISO 4217 list one, without funds, metals and test codes.
const CODES: &str = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF \
    CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG \
    HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD \
    MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF \
    SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS \
    VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG";

/// Currencies without a minor unit.
const WITHOUT_MINOR: &str = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF";
/// Currencies whose minor unit is a thousandth.
const WITH_THOUSANDTHS: &str = "BHD IQD JOD KWD LYD OMR TND";

impl Currency {
    /// Parses a currency code; case does not matter.
    ///
    /// # Errors
    /// [`Fault::Missing`], or [`Fault::NotACurrency`] if it is not an active ISO 4217 code.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let text = tidy(text).to_ascii_uppercase();
        if text.is_empty() {
            return Err(Fault::Missing);
        }
        let code: [u8; 3] = text.as_bytes().try_into().map_err(|_| Fault::NotACurrency)?;
        if CODES.split(' ').any(|known| known == text) { Ok(Self(code)) } else { Err(Fault::NotACurrency) }
    }

    /// The three-letter code.
    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The number of decimals: 0, 2 or 3 (ISO 4217).
    #[must_use]
    pub fn decimals(&self) -> u32 {
        let among = |list: &str| list.split(' ').any(|code| code == self.code());
        if among(WITHOUT_MINOR) {
            0
        } else if among(WITH_THOUSANDTHS) {
            3
        } else {
            2
        }
    }
}

impl Money {
    /// The largest amount accepted, in major units.
    const MAX: i64 = 1_000_000_000;

    /// Parses an amount as typed, in major units, with a decimal point or comma.
    ///
    /// # Errors
    /// [`Fault::Missing`]; [`Fault::NotANumber`] if it is negative, malformed or has more decimals than the currency;
    /// [`Fault::OutOfRange`] if it is more than 1 000 000 000 major units.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, Fault> {
        let text = tidy(text).replace(',', ".");
        if text.is_empty() {
            return Err(Fault::Missing);
        }
        let (major, minor) = text.split_once('.').unwrap_or((&text, ""));
        let places = currency.decimals() as usize;
        let digits = |part: &str| part.chars().all(|c| c.is_ascii_digit());
        if major.is_empty() || !digits(major) || !digits(minor) || minor.len() > places {
            return Err(Fault::NotANumber);
        }
        let range = Fault::OutOfRange { min: 0, max: Self::MAX };
        let major: i64 = major.parse().map_err(|_| range)?;
        if major > Self::MAX {
            return Err(range);
        }
        let minor: i64 = format!("{minor:0<places$}").parse().unwrap_or(0);
        Ok(Self { minor: major * 10_i64.pow(currency.decimals()) + minor, currency })
    }
}

impl TryFrom<String> for Currency {
    type Error = Fault;
    fn try_from(text: String) -> Result<Self, Fault> {
        Self::parse(&text)
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn currency(code: &str) -> Currency {
        Currency::parse(code).unwrap()
    }

    #[test]
    fn amounts_have_the_decimals_of_their_currency() {
        assert_eq!(Money::parse("18,4", currency("usd")).unwrap().minor, 1840);
        assert_eq!(Money::parse("18", currency("JPY")).unwrap().minor, 18);
        assert_eq!(Money::parse("18.5", currency("JPY")), Err(Fault::NotANumber));
        assert_eq!(Money::parse("1.005", currency("KWD")).unwrap().minor, 1005);
        assert_eq!(Money::parse("-1", currency("EUR")), Err(Fault::NotANumber));
        assert_eq!(Currency::parse("XXX"), Err(Fault::NotACurrency));
    }

    proptest! {
        #[test]
        fn no_text_panics_and_no_amount_is_negative(text in any::<String>()) {
            if let Ok(money) = Money::parse(&text, currency("PLN")) {
                prop_assert!(money.minor >= 0);
            }
        }
    }
}
