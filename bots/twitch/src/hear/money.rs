//! Takes a line's tags, gives what was paid with it. Knows nothing of words.

use lovelm::chat::{Payment, PaymentKind};

use crate::line::{Line, Tag};

/// Worth of one unit of a currency in hundredths of a US dollar, roughly: it orders, and books nothing.
const RATES: [(&str, f64); 18] = [
    ("USD", 100.0),
    ("EUR", 110.0),
    ("GBP", 130.0),
    ("CAD", 72.0),
    ("AUD", 65.0),
    ("NZD", 60.0),
    ("CHF", 115.0),
    ("JPY", 0.67),
    ("KRW", 0.072),
    ("TWD", 3.1),
    ("BRL", 18.0),
    ("MXN", 5.4),
    ("PLN", 26.0),
    ("SEK", 9.6),
    ("NOK", 9.4),
    ("DKK", 14.5),
    ("CZK", 4.4),
    ("RUB", 1.1),
];
/// What a subscription of a tier costs, in cents; Prime counts as the first.
const TIERS: [(&str, u64); 3] = [("2000", 999), ("3000", 2499), ("1000", 499)];

/// What came with a line of chat: bits before a Hype Chat's amount.
pub(super) fn with_words(line: &Line<'_>) -> Option<Payment> {
    let bits = line.count(Tag::Bits).filter(|bits| *bits > 0);
    bits.map(|units| Payment { kind: PaymentKind::Bits, units, cents: units }).or_else(|| hype_chat(line))
}

/// An amount in a currency: `amount / 10^exponent`, in the tags of a Hype Chat.
fn hype_chat(line: &Line<'_>) -> Option<Payment> {
    line.at(Tag::PaidAmount).or_else(|| line.at(Tag::PaidCanonicalAmount))?;
    let amount = line.count(Tag::PaidAmount);
    let amount = amount.or_else(|| line.count(Tag::PaidCanonicalAmount)).unwrap_or(0);
    Some(in_currency(amount, line.count(Tag::PaidExponent), line.at(Tag::PaidCurrency)))
}

/// Cheered with money instead of bits.
pub(super) fn midnightsquid(line: &Line<'_>) -> Payment {
    let amount = line.count(Tag::Amount).unwrap_or(0);
    in_currency(amount, line.count(Tag::Exponent), line.at(Tag::Currency))
}

/// A subscription of the speaker, by its tier; units are months.
pub(super) fn sub(line: &Line<'_>) -> Payment {
    let months = line.count(Tag::CumulativeMonths).or_else(|| line.count(Tag::Months));
    Payment { kind: PaymentKind::Sub, units: months.unwrap_or(1).max(1), cents: tier(line) }
}

/// Subscriptions for others.
pub(super) fn gifts(line: &Line<'_>, count: u64) -> Payment {
    Payment { kind: PaymentKind::Gift, units: count, cents: tier(line).saturating_mul(count) }
}

fn tier(line: &Line<'_>) -> u64 {
    let plan = line.at(Tag::SubPlan).unwrap_or("1000");
    TIERS.iter().find(|(name, _)| *name == plan).map_or(TIERS[2].1, |(_, cents)| *cents)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a rough worth"
)]
fn in_currency(amount: u64, exponent: Option<u64>, currency: Option<&str>) -> Payment {
    let exponent = i32::try_from(exponent.unwrap_or(2).min(6)).unwrap_or(2);
    let rate = RATES.iter().find(|(name, _)| Some(*name) == currency).map_or(100.0, |(_, rate)| *rate);
    let cents = (amount as f64 / 10_f64.powi(exponent) * rate).round() as u64;
    Payment { kind: PaymentKind::HypeChat, units: amount, cents }
}
